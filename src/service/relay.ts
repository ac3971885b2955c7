import { findAbandoned } from '../../db/queries/deliveries.ts';
import { purge } from '../../db/queries/purge.ts';
import { endAbandoned } from '../activities/deliver.ts';
import { HOUR } from '../domain/time.ts';
import { Relay } from '../relay/relay.ts';
import type { Running, Service } from './deps.ts';
import { activityDeps } from './worker.ts';

const PURGE_EVERY = HOUR;

/** Runs the relay, and with it the sweeper that ends what nobody finished and deletes what has had its time. */
export async function startRelay(service: Service): Promise<Running> {
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
  });
  await relay.start();
  return { stop: () => relay.stop() };
}
