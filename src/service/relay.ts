import { findAbandoned } from '../../db/queries/deliveries.ts';
import { endAbandoned } from '../activities/deliver.ts';
import { Relay } from '../relay/relay.ts';
import type { Running, Service } from './deps.ts';
import { activityDeps } from './worker.ts';

/** Runs the relay, and with it the sweeper that ends what nobody finished. */
export async function startRelay(service: Service): Promise<Running> {
  const { db, journeys, log } = service;
  const deps = activityDeps(service, []);
  const relay = new Relay({
    db,
    journeys,
    log,
    async sweep() {
      for (const delivery of await findAbandoned(db.sql, 100)) await endAbandoned(deps, delivery);
    },
  });
  await relay.start();
  return { stop: () => relay.stop() };
}
