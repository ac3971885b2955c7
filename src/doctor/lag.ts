import type { LagFacts, StandingDeliveries } from '../../db/doctor/lag.ts';
import { count, type Finding, fail, formatAge, ok, warn } from './finding.ts';

const SLOW_MS = 10_000;
const STALLED_MS = 120_000;

/** Judges how far the work is behind. */
export function judgeLag(lag: LagFacts, deliveries: readonly StandingDeliveries[]): Finding[] {
  return [
    judgeEvents(lag),
    judgeWakeUps(lag),
    judgeOutbox(lag),
    judgeCounts(lag),
    ...judgeDeliveries(deliveries),
  ];
}

function judgeEvents({ waitingCustomers, oldestEventMs }: LagFacts): Finding {
  const check = 'lag_events';
  if (oldestEventMs < SLOW_MS)
    return ok(
      check,
      `${count(waitingCustomers, 'customer has', 'customers have')} events to process, none older than 10 s`,
    );
  const message = `${count(waitingCustomers, 'customer waits', 'customers wait')}, the oldest event for ${formatAge(oldestEventMs)}`;
  if (oldestEventMs < STALLED_MS) return warn(check, message, 'wait; if it grows, start more workers');
  return fail(check, message, 'check that a relay and a worker run, and read their logs');
}

function judgeWakeUps({ overdueWakeUps, oldestWakeUpMs }: LagFacts): Finding {
  const check = 'lag_wake_ups';
  if (overdueWakeUps === 0) return ok(check, 'no journey is overdue');
  return warn(
    check,
    `${count(overdueWakeUps, 'journey is', 'journeys are')} overdue, the oldest for ${formatAge(oldestWakeUpMs)}`,
    'the relay signals them every 10 s: check that a relay and a worker run',
  );
}

function judgeOutbox({ outboxEvents, oldestOutboxMs }: LagFacts): Finding {
  const check = 'lag_outbox';
  if (oldestOutboxMs < STALLED_MS)
    return ok(check, `${count(outboxEvents, 'event waits', 'events wait')} in the outbox`);
  return warn(
    check,
    `${count(outboxEvents, 'event waits', 'events wait')} in the outbox, the oldest for ${formatAge(oldestOutboxMs)}`,
    'check that a relay runs: it moves them to the log',
  );
}

/** The job runs each minute; a count of all customers takes longer. */
const COUNTED_MS = 600_000;

function judgeCounts({ uncounted, oldestCountMs }: LagFacts): Finding {
  const check = 'lag_counts';
  if (uncounted === 0 || oldestCountMs < COUNTED_MS)
    return ok(check, `${count(uncounted, 'change waits', 'changes wait')} to be counted for the reports`);
  return warn(
    check,
    `reports are as of ${formatAge(oldestCountMs)} ago: ${count(uncounted, 'change is', 'changes are')} not counted`,
    'check that a worker runs and that the schedule of the job count is not paused; a count of all customers takes minutes',
  );
}

function judgeDeliveries(deliveries: readonly StandingDeliveries[]): Finding[] {
  const check = 'lag_deliveries';
  if (deliveries.length === 0) return [ok(check, 'every due delivery moves')];
  return deliveries.map(({ channel, state, deliveries: n }) =>
    warn(
      check,
      `${count(n, 'delivery', 'deliveries')} by ${channel} did not move for 5 min (${state})`,
      `check that a worker polls the queue of ${channel}, and that its provider can be reached`,
    ),
  );
}
