import { findChannel, readAddress } from '../../domain/customer/address.ts';
import { block, type Gate, pass } from './gate.ts';

const GATE = 'reachable';

/** The channel needs an address that is not on the suppression list. */
export const reachable: Gate<'profile' | 'restrictions'> = ({ channel }, { facts, bundle }) => {
  const rule = `channels.${channel}`;
  const definition = findChannel(bundle.workspace, channel);
  if (!definition) return [block(GATE, 'no_channel', { rule, needed: channel, liftsOn: 'bundle' })];
  const address = readAddress(facts.profile, definition, bundle.workspace.country);
  if (address === undefined)
    return [block(GATE, 'no_address', { rule, needed: channel, liftsOn: 'Customer Identified' })];
  if (facts.suppressedAddresses.some((entry) => entry.channel === channel && entry.address === address)) {
    return [block(GATE, 'address_suppressed', { rule, needed: channel, liftsOn: 'Customer Identified' })];
  }
  return pass(GATE, rule);
};
