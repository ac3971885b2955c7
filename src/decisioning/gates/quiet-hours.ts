import { DESK } from '../../domain/candidate.ts';
import { minuteOfDay, nextLocalMinute, withinDaily } from '../../domain/zone.ts';
import { blocked, type Gate, pass } from '../gate.ts';

const GATE = 'quiet_hours';

/** At night, in the customer's zone, only what must be said. A task for a person waits on the desk, not on the phone. */
export const quietHours: Gate = ({ action, channel }, { facts, bundle, now }) => {
  const { quiet } = bundle.workspace;
  if (!quiet?.classes.includes(action.class) || channel === DESK) return pass(GATE);
  const minute = minuteOfDay(facts.zone, now);
  if (!withinDaily(minute, quiet.from, quiet.to)) return pass(GATE);
  return [
    blocked(GATE, 'quiet_hours', {
      observed: facts.zone.name,
      liftsAt: nextLocalMinute(facts.zone, now, quiet.to),
    }),
  ];
};
