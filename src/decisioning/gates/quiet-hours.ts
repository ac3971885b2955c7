import { DESK } from '../../domain/candidate.ts';
import { blocked, type Gate, pass } from '../gate.ts';
import { isQuiet, quietEnd } from '../quiet-end.ts';

const GATE = 'quiet_hours';

/** At night, in the customer's zone, only what must be said. A task for a person waits on the desk, not on the phone. */
export const quietHours: Gate = ({ action, channel }, { facts, bundle, now }) => {
  const { quiet } = bundle.workspace;
  if (!quiet?.classes.includes(action.class) || channel === DESK) return pass(GATE);
  if (!isQuiet(facts.zone, quiet, now)) return pass(GATE, 'quiet');
  const liftsAt = quietEnd(facts.zone, quiet, now);
  return [blocked(GATE, 'quiet_hours', { rule: 'quiet', observed: facts.zone.name, liftsAt })];
};
