import { AGENT_DESK } from '../../domain/candidate.ts';
import { findQuietEnd, isQuiet } from '../../domain/quiet-hours.ts';
import { block, type Gate, pass } from './gate.ts';

const GATE = 'quiet_hours';

/**
 * At night, in the customer's zone, only classes that the workspace exempts are sent. A task waits on the agent desk
 * and disturbs no customer.
 */
export const quietHours: Gate<'profile'> = ({ action, channel }, { facts, policy, now }) => {
  const { quiet } = policy;
  if (!quiet?.classes.includes(action.class) || channel === AGENT_DESK) return pass(GATE);
  if (!isQuiet(facts.zone, quiet, now)) return pass(GATE, 'quiet');
  const liftsAt = findQuietEnd(facts.zone, quiet, now);
  return [block(GATE, 'quiet_hours', { rule: 'quiet', observed: facts.zone.name, liftsAt })];
};
