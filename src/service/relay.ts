import { findAbandonedDeliveries } from '../../db/deliveries/deliveries.ts';
import { purgeExpired } from '../../db/maintenance/purge.ts';
import { createPartitions } from '../../db/partitions/create-partitions.ts';
import type { ActivityDeps } from '../activities/index.ts';
import { refreshCopies } from '../app/cms/refresh-copies.ts';
import { publishStaleOutbox } from '../app/decide/publish-outbox.ts';
import { endAbandonedDelivery } from '../app/deliver/end-delivery.ts';
import { createPersonKeyBackfill } from '../app/identity/backfill-person-keys.ts';
import { eraseFromMembers, eraseRows } from '../app/identity/erase-customer.ts';
import { mergeOverdue } from '../app/identity/merge-discovered.ts';
import { acceptDirectEvents } from '../app/intake/direct-event.ts';
import { fanOut } from '../app/intake/fan-out.ts';
import { dropExpired, type RetentionStep } from '../app/retention/drop-expired.ts';
import { HOUR, MINUTE, SECOND } from '../domain/time/time.ts';
import type { BackgroundLoop } from '../relay/background-loops.ts';
import { eraseHistories } from '../relay/erase-histories.ts';
import { measureBacklog } from '../relay/measure-backlog.ts';
import { reconcileJourneys } from '../relay/reconcile-journeys.ts';
import { createSignalReconciliation } from '../relay/reconcile-signals.ts';
import { reconcileWorkflows } from '../relay/reconcile-workflows.ts';
import { Relay } from '../relay/relay.ts';
import type { AcceptSignals } from '../temporal/journey-client.ts';
import { createActivityDeps } from './activity-deps.ts';
import { createCmsDeps } from './cms-deps.ts';
import { measureRelay } from './metrics/measure-relay.ts';
import { reconcileSchedules, reconcileSweeps } from './reconcile-schedules.ts';
import type { RunningRole, Service } from './service.ts';
import { createScheduleSync } from './sync-schedules.ts';

const PURGE_EVERY = HOUR;
/** As often as Prometheus usually reads the metrics. */
const BACKLOG_EVERY = 15 * SECOND;

export interface RelayOverrides {
  /** False: Temporal's schedules are not changed. */
  schedules?: boolean;
}

/** Runs the relay, with the sweep that ends abandoned deliveries. */
export async function startRelay(service: Service, overrides: RelayOverrides = {}): Promise<RunningRole> {
  const { db, journeys, metrics, log } = service;
  const deps = createActivityDeps(service, []);
  const acceptSignals: AcceptSignals = (owner, signals) => acceptDirectEvents(deps, owner, signals);
  const relay = new Relay({
    db,
    journeys,
    log,
    observer: measureRelay(metrics.instruments),
    acceptSignals,
    async endAbandoned() {
      for (const delivery of await findAbandonedDeliveries(db.sql, 100)) {
        await endAbandonedDelivery(deps, delivery);
        const { channel } = delivery;
        metrics.instruments.throughline_delivery_attempts_total.inc({ channel, state: 'unknown' });
      }
    },
    loops: listLoops(service, deps, acceptSignals, overrides.schedules ?? true),
  });
  await relay.start();
  return { stop: () => relay.stop() };
}

/** The loops that complete what a committed transaction has left to do. */
function listLoops(
  service: Service,
  intake: ActivityDeps,
  acceptSignals: AcceptSignals,
  schedules: boolean,
): BackgroundLoop[] {
  const { db, journeys, config, metrics } = service;
  const cms = createCmsDeps(service);
  const syncSchedules = createScheduleSync(service);
  return [
    // The ticket's row suppresses all members at once. The echo only wakes their journeys.
    { name: 'echoes', idleMs: 250, runPage: () => fanOut(intake) },
    { name: 'merges', idleMs: 2 * SECOND, runPage: async () => (await mergeOverdue(intake)) > 0 },
    { name: 'outbox', idleMs: 2 * SECOND, runPage: async () => (await publishStaleOutbox(intake)) > 0 },
    {
      name: 'erasures',
      idleMs: 5 * SECOND,
      runPage: () =>
        eraseHistories({
          db,
          journeys,
          eraseRows: (workspace, ids) => eraseRows(intake, workspace, ids),
          eraseFromMembers: (ids) => eraseFromMembers(intake, ids),
        }),
    },
    {
      name: 'partitions',
      idleMs: PURGE_EVERY,
      runPage: () => createPartitions(db.administration).then(() => false),
    },
    { name: 'retention', idleMs: PURGE_EVERY, runPage: () => purgeExpired(db.administration) },
    {
      name: 'drop expired months',
      idleMs: PURGE_EVERY,
      runPage: () => dropExpired(db.administration, config.retention, (step) => logStep(service, step)),
    },
    { name: 'cms', idleMs: 5 * SECOND, runPage: () => refreshCopies(cms) },
    { name: 'contacts', idleMs: 10 * MINUTE, runPage: createPersonKeyBackfill(intake) },
    { name: 'reconcile journeys', idleMs: SECOND, runPage: () => reconcileJourneys(service) },
    {
      name: 'reconcile workflows',
      idleMs: SECOND,
      runPage: () => reconcileWorkflows({ ...service, acceptSignals }),
    },
    {
      name: 'reconcile signals',
      idleMs: SECOND,
      runPage: createSignalReconciliation({ ...service, acceptSignals }),
    },
    ...(config.healthPort === null
      ? []
      : [
          {
            name: 'metrics',
            idleMs: BACKLOG_EVERY,
            runPage: () => measureBacklog(db, metrics.instruments).then(() => false),
          },
        ]),
    ...(schedules
      ? [
          { name: 'schedules', idleMs: 2 * SECOND, runPage: () => syncSchedules().then(() => false) },
          { name: 'reconcile schedules', idleMs: SECOND, runPage: () => reconcileSchedules(service) },
          {
            name: 'reconcile sweeps',
            idleMs: SECOND,
            runPage: () => reconcileSweeps({ ...service, taskQueue: config.taskQueue }),
          },
        ]
      : []),
  ];
}

function logStep({ log }: Service, step: RetentionStep): void {
  if (step.kind === 'dropped') log.info(step, 'a month was dropped after its retention');
  if (step.kind === 'blocked') log.warn(step, 'a month could not be dropped: a transaction uses its table');
}
