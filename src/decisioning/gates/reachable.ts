import { addressOf, channelOf } from '../../domain/address.ts';
import { blocked, type Gate, pass } from '../gate.ts';

const GATE = 'reachable';

/** The channel needs an address, and one that isn't on the suppression list. */
export const reachable: Gate = ({ channel }, { facts, bundle }) => {
  const rule = `channels.${channel}`;
  const definition = channelOf(bundle.workspace, channel);
  if (!definition) return [blocked(GATE, 'no_channel', { rule, needed: channel, liftsOn: 'bundle' })];
  const address = addressOf(facts.profile, definition);
  if (address === undefined)
    return [blocked(GATE, 'no_address', { rule, needed: channel, liftsOn: 'Customer Identified' })];
  if (facts.suppressedAddresses.some((s) => s.channel === channel && s.address === address)) {
    return [blocked(GATE, 'address_suppressed', { rule, needed: channel, liftsOn: 'Customer Identified' })];
  }
  return pass(GATE, rule);
};
