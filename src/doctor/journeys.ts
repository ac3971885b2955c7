import type { ParkedFacts, PoisonedEnrollments } from '../../db/doctor/lag.ts';
import { count, type Finding, fail, formatAge, ok, warn } from './finding.ts';

export interface JourneyFacts {
  /** Customers whose workflow no signal can move on. */
  stuck: string[];
  parked: ParkedFacts[];
  poisoned: PoisonedEnrollments[];
}

const SHOWN = 5;

/** Judges which journeys stand still because of a defect or a limit. */
export function judgeJourneys({ stuck, parked, poisoned }: JourneyFacts): Finding[] {
  return [judgeStuck(stuck), ...judgeParked(parked), ...judgePoisoned(poisoned)];
}

function judgeStuck(stuck: readonly string[]): Finding {
  const check = 'journeys_stuck';
  if (stuck.length === 0) return ok(check, 'no workflow of a customer is stuck');
  return fail(
    check,
    `${count(stuck.length, 'workflow fails', 'workflows fail')} at each task: ${stuck.slice(0, SHOWN).join(', ')}${stuck.length > SHOWN ? ' …' : ''}`,
    'the relay ends and starts them again; if it was a deployment, replay histories with its build first (docs/testing.md)',
  );
}

function judgeParked(parked: readonly ParkedFacts[]): Finding[] {
  const check = 'customers_parked';
  if (parked.length === 0) return [ok(check, 'no customer is parked')];
  return parked.map(({ workspace, reason, customers, oldestMs }) =>
    warn(
      check,
      `${count(customers, 'customer', 'customers')} of ${workspace} ${customers === 1 ? 'is' : 'are'} parked for up to ${formatAge(oldestMs)}: ${reason}`,
      'correct the bundle and apply it: they are tried again at once (GET /v1/customers?parked=true lists them)',
    ),
  );
}

function judgePoisoned(poisoned: readonly PoisonedEnrollments[]): Finding[] {
  const check = 'enrollments_given_up';
  if (poisoned.length === 0) return [ok(check, 'no enrollment was given up')];
  return poisoned.map(({ workspace, journey, reason, enrollments }) =>
    warn(
      check,
      `${count(enrollments, 'enrollment')} of ${journey} in ${workspace} ${enrollments === 1 ? 'was' : 'were'} given up: ${reason}`,
      'correct the journey and apply it; customers enter it again by its entries',
    ),
  );
}
