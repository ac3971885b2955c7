import { type Finding, fail, formatAge, ok, warn } from '../../doctor/finding.ts';
import { judgeJourneys } from '../../doctor/journeys.ts';
import { judgeLag } from '../../doctor/lag.ts';
import { judgeQueues } from '../../doctor/queues.ts';
import { judgeRejected } from '../../doctor/rejected.ts';
import { judgeSchedules } from '../../doctor/schedules.ts';
import { judgeSends } from '../../doctor/sends.ts';
import { judgeTasks } from '../../doctor/tasks.ts';
import { SECOND } from '../../domain/time/time.ts';
import type { System } from './read-system.ts';

/** A relay does something each second. */
const RELAY_SILENT_MS = 60 * SECOND;

/** What `throughline doctor` says about what was read, the worst first. */
export function judgeSystem(system: System): Finding[] {
  const { lag, standing, channels, rejected, queues, now } = system;
  const findings = [
    ...judgeTemporal(system),
    judgeRelay(system),
    ...judgeLag(lag, standing),
    ...judgeSends(channels, now),
    ...judgeRejected(rejected),
    ...judgeTasks(queues),
  ];
  const order = { fail: 0, warn: 1, ok: 2 };
  return findings.sort((a, b) => order[a.level] - order[b.level]);
}

function judgeRelay({ relaySeenAt, now }: System): Finding {
  const check = 'relay';
  const remedy = 'start a relay (throughline serve relay), or read its log';
  if (relaySeenAt === null) return warn(check, 'no relay has done anything yet', remedy);
  const silentMs = now - relaySeenAt;
  if (silentMs <= RELAY_SILENT_MS) return ok(check, 'a relay works');
  return fail(check, `no relay has done anything for ${formatAge(silentMs)}`, remedy);
}

function judgeTemporal({ temporal, parked }: System): Finding[] {
  const journeys = { parked, poisoned: [] };
  if (temporal === 'away')
    return [
      fail(
        'temporal_server',
        'Temporal does not answer: events are accepted and wait',
        'check the server and TEMPORAL_ADDRESS',
      ),
      ...judgeJourneys({ ...journeys, stuck: [] }).filter(({ check }) => check === 'customers_parked'),
    ];
  if (temporal === null) return judgeJourneys({ ...journeys, stuck: [] });
  const { queues, required, schedules, stuck } = temporal;
  return [
    ...judgeQueues(queues),
    ...judgeSchedules({ required, existing: schedules, unsynced: [] }),
    ...judgeJourneys({ ...journeys, stuck: stuck.map(({ workflowId }) => workflowId) }),
  ];
}
