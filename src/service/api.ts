import { createNotifier } from '../../db/notify.ts';
import { createApp, listen } from '../api/app.ts';
import { IntakeBatcher } from '../app/intake/batcher.ts';
import { lookUpZone } from '../app/time-zones.ts';
import { createEvaluator } from '../definitions/cel/evaluate.ts';
import { createCustomerMail } from './customer-mail.ts';
import type { RunningRole, Service } from './service.ts';

/** Runs the HTTP API. Resolves when it listens, with its port. */
export async function startApi(service: Service): Promise<RunningRole & { port: number }> {
  const { db, bundles, compiler, models, fits, journeys, config, log } = service;
  const intake = new IntakeBatcher({ db, bundles, secret: config.secret, log }, {}, createNotifier(db));
  const app = createApp({
    db,
    bundles,
    compiler,
    models,
    fits,
    intake,
    journeys,
    evaluate: createEvaluator(),
    zones: lookUpZone,
    config,
    sendMail: createCustomerMail(config),
    log,
  });
  const server = await listen(app, { host: config.host, port: config.port, limits: config.http });
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
