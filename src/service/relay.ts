import { findAbandoned } from '../../db/queries/deliveries.ts';
import { purge } from '../../db/queries/purge.ts';
import { endAbandoned } from '../activities/end-delivery.ts';
import { publishLeftOver } from '../activities/publish-outbox.ts';
import { HOUR, MINUTE, SECOND } from '../domain/time.ts';
import { eraseRows } from '../intake/erase.ts';
import { fanOut } from '../intake/fan-out.ts';
import { createContactHasher } from '../intake/hash-contacts.ts';
import { mergeLeftOver } from '../intake/merge-discovered.ts';
import type { Chore } from '../relay/chores.ts';
import { eraseHistories } from '../relay/erase-histories.ts';
import { Relay } from '../relay/relay.ts';
import { createArranger } from './arrange.ts';
import type { Running, Service } from './deps.ts';
import { activityDeps } from './worker.ts';

const PURGE_EVERY = HOUR;

export interface RelayOverrides {
  /** False: Temporal's schedules are left alone. */
  schedules?: boolean;
}

/** Runs the relay, and with it the sweeper that ends what nobody finished and deletes what has had its time. */
export async function startRelay(service: Service, overrides: RelayOverrides = {}): Promise<Running> {
  const { db, journeys, log } = service;
  const deps = activityDeps(service, []);
  let purgeAt = 0;
  const relay = new Relay({
    db,
    journeys,
    log,
    async sweep() {
      for (const delivery of await findAbandoned(db.sql, 100)) await endAbandoned(deps, delivery);
      if (Date.now() < purgeAt) return;
      purgeAt = Date.now() + PURGE_EVERY;
      await purge(db.sql);
    },
    chores: choresOf(service, overrides.schedules ?? true),
  });
  await relay.start();
  return { stop: () => relay.stop() };
}

/** What one commit has noted and another process, or the next one, has to finish. */
function choresOf(service: Service, schedules: boolean): Chore[] {
  const { db, journeys } = service;
  const intake = activityDeps(service, []);
  const arrange = createArranger(service);
  return [
    // A colleague's ticket silences by its row at once; the echo is only how the others learn of it.
    { name: 'echoes', every: 250, run: () => fanOut(intake) },
    { name: 'merges', every: 2 * SECOND, run: async () => (await mergeLeftOver(intake)) > 0 },
    { name: 'outbox', every: 2 * SECOND, run: async () => (await publishLeftOver(intake)) > 0 },
    {
      name: 'erasures',
      every: 5 * SECOND,
      run: () =>
        eraseHistories({ db, journeys, eraseRows: (workspace, ids) => eraseRows(intake, workspace, ids) }),
    },
    { name: 'contacts', every: 10 * MINUTE, run: createContactHasher(intake) },
    ...(schedules ? [{ name: 'schedules', every: 2 * SECOND, run: () => arrange().then(() => false) }] : []),
  ];
}
