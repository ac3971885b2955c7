import { createNotifier } from '../../db/notify.ts';
import { zoneTable } from '../activities/zone-table.ts';
import { createApp, listen } from '../api/app.ts';
import { createEvaluate } from '../definitions/cel.ts';
import { Gatherer } from '../intake/gather.ts';
import type { Running, Service } from './deps.ts';

/** Runs the HTTP API. Resolves when it listens, with the port it got. */
export async function startApi(service: Service): Promise<Running & { port: number }> {
  const { db, bundles, models, fits, journeys, config, log } = service;
  const intake = new Gatherer({ db, bundles, secret: config.secret }, {}, createNotifier(db));
  const app = createApp({
    db,
    bundles,
    models,
    fits,
    intake,
    journeys,
    evaluate: createEvaluate(),
    zones: zoneTable,
    config,
    log,
  });
  const server = await listen(app, { host: config.host, port: config.port });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : config.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}
