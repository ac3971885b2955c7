import { findAbandonedDeliveries } from '../../db/deliveries/deliveries.ts';
import { purgeExpired } from '../../db/maintenance/purge.ts';
import { publishStaleOutbox } from '../app/decide/publish-outbox.ts';
import { endAbandonedDelivery } from '../app/deliver/end-delivery.ts';
import { createPersonKeyBackfill } from '../app/identity/backfill-person-keys.ts';
import { eraseRows } from '../app/identity/erase-customer.ts';
import { mergeOverdue } from '../app/identity/merge-discovered.ts';
import { fanOut } from '../app/intake/fan-out.ts';
import { HOUR, MINUTE, SECOND } from '../domain/time/time.ts';
import type { BackgroundLoop } from '../relay/background-loops.ts';
import { eraseHistories } from '../relay/erase-histories.ts';
import { Relay } from '../relay/relay.ts';
import type { RunningRole, Service } from './service.ts';
import { createScheduleSync } from './sync-schedules.ts';
import { createActivityDeps } from './worker.ts';

const PURGE_EVERY = HOUR;

export interface RelayOverrides {
  /** False: Temporal's schedules are left alone. */
  schedules?: boolean;
}

/** Runs the relay, and with it the sweeper that ends what nobody finished and deletes what has had its time. */
export async function startRelay(service: Service, overrides: RelayOverrides = {}): Promise<RunningRole> {
  const { db, journeys, log } = service;
  const deps = createActivityDeps(service, []);
  let purgeAt = 0;
  const relay = new Relay({
    db,
    journeys,
    log,
    async sweep() {
      for (const delivery of await findAbandonedDeliveries(db.sql, 100))
        await endAbandonedDelivery(deps, delivery);
      if (Date.now() < purgeAt) return;
      purgeAt = Date.now() + PURGE_EVERY;
      await purgeExpired(db.sql);
    },
    loops: choresOf(service, overrides.schedules ?? true),
  });
  await relay.start();
  return { stop: () => relay.stop() };
}

/** What one commit has noted and another process, or the next one, has to finish. */
function choresOf(service: Service, schedules: boolean): BackgroundLoop[] {
  const { db, journeys } = service;
  const intake = createActivityDeps(service, []);
  const arrange = createScheduleSync(service);
  return [
    // A colleague's ticket silences by its row at once; the echo is only how the others learn of it.
    { name: 'echoes', idleMs: 250, runPage: () => fanOut(intake) },
    { name: 'merges', idleMs: 2 * SECOND, runPage: async () => (await mergeOverdue(intake)) > 0 },
    { name: 'outbox', idleMs: 2 * SECOND, runPage: async () => (await publishStaleOutbox(intake)) > 0 },
    {
      name: 'erasures',
      idleMs: 5 * SECOND,
      runPage: () =>
        eraseHistories({ db, journeys, eraseRows: (workspace, ids) => eraseRows(intake, workspace, ids) }),
    },
    { name: 'contacts', idleMs: 10 * MINUTE, runPage: createPersonKeyBackfill(intake) },
    ...(schedules
      ? [{ name: 'schedules', idleMs: 2 * SECOND, runPage: () => arrange().then(() => false) }]
      : []),
  ];
}
