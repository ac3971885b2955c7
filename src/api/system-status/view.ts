import type { z } from 'zod';
import type { Finding } from '../../doctor/finding.ts';
import { iso } from '../../domain/time/time.ts';
import { toIsoOrNull } from '../frame/format.ts';
import type { InspectedTemporal, Inspection } from './inspection.ts';
import type { System } from './read-system.ts';
import type { systemStatus } from './schema.ts';

export type SystemStatusView = z.infer<typeof systemStatus>;
type Links = Pick<Inspection, 'linkTo' | 'linkToCustomer'> | null;

const LATELY_MINUTES = 5;

/** The installation as the operations page shows it. */
export function toStatusView(system: System, findings: Finding[], links: Links): SystemStatusView {
  const { now, lag, loops, rejected, unknown, troubled, sweeps, parked, storage, bytes } = system;
  const temporal = system.temporal === 'away' ? null : system.temporal;
  return {
    at: iso(now),
    level: findings[0]?.level ?? 'ok',
    findings: findings.map(({ remedy = null, ...finding }) => ({ ...finding, remedy })),
    lag: {
      waitingCustomers: lag.waitingCustomers,
      oldestEventSeconds: lag.oldestEventMs / 1_000,
      overdueJourneys: lag.overdueWakeUps,
      oldestTimerSeconds: lag.oldestWakeUpMs / 1_000,
      outboxEvents: lag.outboxEvents,
      oldestOutboxSeconds: lag.oldestOutboxMs / 1_000,
    },
    loops,
    rejected: rejected.map((row) => ({ ...row, lastAt: iso(row.lastAt) })),
    channels: listChannels(system),
    unknownDeliveries: { count: unknown.count, lastAt: toIsoOrNull(unknown.lastAt) },
    troubled: troubled.map((row) => ({ ...row, at: iso(row.at) })),
    schedules: temporal && listSchedules(temporal, links),
    sweeps: sweeps.map(({ startedAt, doneAt, ...row }) => ({
      ...row,
      startedAt: iso(startedAt),
      doneAt: toIsoOrNull(doneAt),
    })),
    stuck: listStuck(system, temporal, links),
    parked: parked.map(({ reason, customers, oldestMs }) => ({
      reason,
      customers,
      oldestSeconds: oldestMs / 1_000,
    })),
    roles: listRoles(system, temporal),
    storage: {
      bytes,
      tables: storage.map(({ keptSince, ...row }) => ({ ...row, keptSince: toIsoOrNull(keptSince) })),
    },
  };
}

/** Channels that sent something in a day, and those on which something is due. */
function listChannels({ channels, due }: System): SystemStatusView['channels'] {
  const names = new Set([...channels, ...due].map(({ channel }) => channel));
  return [...names].sort().map((channel) => {
    const waiting = due.filter((row) => row.channel === channel);
    const health = channels.find((row) => row.channel === channel);
    return {
      channel,
      sent: health?.sent ?? 0,
      failed: health?.failed ?? 0,
      unknown: health?.unknown ?? 0,
      retrying: health?.retrying ?? 0,
      perMinute: (health?.sentLately ?? 0) / LATELY_MINUTES,
      due: waiting.reduce((sum, { count }) => sum + count, 0),
      oldestDueSeconds: Math.max(0, ...waiting.map(({ oldestSeconds }) => oldestSeconds)),
      lastSentAt: toIsoOrNull(health?.lastSentAt),
      lastErrorAt: toIsoOrNull(health?.lastErrorAt),
      lastError: health?.lastError ?? null,
    };
  });
}

function listSchedules({ required, schedules }: InspectedTemporal, links: Links) {
  return required.map((name) => {
    const found = schedules.find((schedule) => schedule.name === name);
    const run = found?.lastRun;
    return {
      name,
      kind: /^(entry|hourly)\//.test(name) ? ('sweep' as const) : ('job' as const),
      state: !found ? ('missing' as const) : found.paused ? ('paused' as const) : ('active' as const),
      note: found?.note ?? null,
      nextAt: found?.paused ? null : toIsoOrNull(found?.nextAt),
      lastAt: toIsoOrNull(found?.lastAt),
      outcome: found?.outcome ?? null,
      url: run ? (links?.linkTo(run.workflowId, run.runId) ?? null) : null,
    };
  });
}

function listStuck({ workspace, parkedCustomers }: System, temporal: InspectedTemporal | null, links: Links) {
  const failing = (temporal?.stuck ?? []).map(({ customerId, reason, workflowId, runId }) => ({
    kind: 'workflow' as const,
    customerId,
    reason,
    since: null,
    url: links?.linkTo(workflowId, runId) ?? null,
  }));
  const waiting = parkedCustomers.map(({ customerId, reason, since }) => ({
    kind: 'parked' as const,
    customerId,
    reason,
    since: iso(since),
    url: links?.linkToCustomer(workspace, customerId) ?? null,
  }));
  return [...failing, ...waiting];
}

/** Who works: this API, the relays by what they write down, and the workers by what they poll. */
function listRoles(
  { now, relaySeenAt }: System,
  temporal: InspectedTemporal | null,
): SystemStatusView['roles'] {
  const workers = (temporal?.queues ?? []).map(({ purpose, pollers, seenMs }) => ({
    role: 'worker' as const,
    name: purpose,
    seenAt: toIsoOrNull(seenMs === null ? null : now - seenMs),
    processes: pollers,
  }));
  return [
    { role: 'api', name: '', seenAt: iso(now), processes: null },
    { role: 'relay', name: '', seenAt: toIsoOrNull(relaySeenAt), processes: null },
    ...workers,
  ];
}
