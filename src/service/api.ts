import type { Server } from 'node:http';
import { createNotifier } from '../../db/notify.ts';
import { type ApiDeps, createApp, listen } from '../api/app.ts';
import { InboxStreams } from '../api/inbox/inbox-streams.ts';
import { retryUnknownDeliveries } from '../api/rejected/retry-unknown-deliveries.ts';
import { ChangeStreams } from '../api/streams/change-streams.ts';
import { IntakeBatcher } from '../app/intake/batcher.ts';
import { lookUpZone } from '../app/time-zones.ts';
import { listChannelReceipts } from '../channels/channels-setting.ts';
import { createEvaluator } from '../definitions/cel/evaluate.ts';
import { createInspection } from './create-inspection.ts';
import { createTrackedHits } from './create-tracked-hits.ts';
import { createCustomerMail } from './customer-mail.ts';
import { measureUseCases } from './metrics/measure-use-cases.ts';
import { sampleQueue } from './metrics/sample-process.ts';
import type { RunningRole, Service } from './service.ts';
import { watchSourceSecrets } from './source-secrets.ts';

/** Runs the HTTP API. Resolves when it listens, with its port. */
export async function startApi(service: Service): Promise<RunningRole & { port: number }> {
  const { db, bundles, compiler, models, fits, journeys, config, metrics, log } = service;
  const { secret, previousSecret } = config;
  const intake = new IntakeBatcher(
    { db, bundles, secret, previousSecret, log, ...measureUseCases(metrics.instruments) },
    {},
    createNotifier(db),
  );
  sampleQueue(metrics, 'intake', () => intake.waiting);
  const hits = createTrackedHits(service);
  sampleQueue(metrics, 'tracked_hits', () => hits.waiting);
  const decisions = { db, bundles, models, fits, evaluate: createEvaluator(), zones: lookUpZone };
  const services = { ...decisions, secret, previousSecret };
  const inboxStreams = new InboxStreams({ db, services, log });
  const changeStreams = new ChangeStreams({ db, log });
  const sources = watchSourceSecrets(config, log);
  const deps: ApiDeps = {
    hits,
    ...decisions,
    compiler,
    intake,
    sources,
    journeys,
    inboxStreams,
    changeStreams,
    inspection: createInspection(service),
    config: { ...config, channelReceipts: listChannelReceipts(config.channels) },
    sendMail: createCustomerMail(config),
    metrics,
    log,
  };
  const app = createApp(deps);
  const retries = retryUnknownDeliveries(deps);
  const server = await listen(app, { host: config.host, port: config.port, limits: config.http });
  metrics.onScrape('connections', async () =>
    metrics.instruments.throughline_http_connections.set(await countConnections(server)),
  );
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : config.port,
    async stop() {
      await sources.stop();
      await retries.stop();
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      // Streams never end by themselves.
      changeStreams.close();
      await inboxStreams.close();
      server.closeIdleConnections();
      await closed;
      await hits.close();
    },
  };
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
