import { DESK } from '../../domain/candidate.ts';
import { emailOf } from '../../domain/profile.ts';
import { blocked, type Gate, pass } from '../gate.ts';

const GATE = 'reachable';

/** The channel needs an address, and one that isn't on the suppression list. */
export const reachable: Gate = ({ channel }, { facts }) => {
  if (channel === DESK) return pass(GATE);
  const email = emailOf(facts.profile);
  if (email === undefined)
    return [blocked(GATE, 'no_address', { needed: channel, liftsOn: 'Customer Identified' })];
  if (facts.suppressedAddresses.includes(email)) {
    return [blocked(GATE, 'address_suppressed', { needed: channel, liftsOn: 'Customer Identified' })];
  }
  return pass(GATE);
};
