import { createContentCache } from '../../db/config/content-cache.ts';
import { type ActivityDeps, createActivities } from '../activities/index.ts';
import { lookUpZone } from '../app/time-zones.ts';
import type { Channel } from '../channels/channel.ts';
import { createEmailChannel } from '../channels/email.ts';
import { createUnconfiguredChannel } from '../channels/unconfigured.ts';
import { createWebhookChannel } from '../channels/webhook.ts';
import { createEmailRenderer } from '../content/render-email.ts';
import { createTextRenderer } from '../content/render-text.ts';
import { createEvaluator } from '../definitions/cel/evaluate.ts';
import { createWorkers } from '../temporal/worker.ts';
import type { RunningRole, Service } from './service.ts';
import { watchUnconfiguredChannels } from './unconfigured-channels.ts';

/**
 * Every channel that is set up, and e-mail. A new one is a line of `CHANNELS`, or one file and one line here. Each has
 * a worker, also one that isn't set up: its deliveries would else wait for ever. Those of other channels that bundles
 * name are found by `watchChannels`.
 */
function createChannels({ config }: Service): Channel[] {
  const email =
    config.smtpUrl === null
      ? createUnconfiguredChannel('email', 'set SMTP_URL')
      : createEmailChannel(config.smtpUrl);
  const webhooks = Object.entries(config.channels).map(([id, target]) => createWebhookChannel(id, target));
  return [email, ...webhooks];
}

/** What activities and sweeps work with. */
export function createActivityDeps(service: Service, channels: Channel[]): ActivityDeps {
  const { db, bundles, models, fits, config, log } = service;
  return {
    db,
    bundles,
    evaluate: createEvaluator(),
    zones: lookUpZone,
    models,
    fits,
    content: createContentCache(),
    render: createEmailRenderer(),
    renderText: createTextRenderer(),
    channels: new Map(channels.map((channel) => [channel.id, channel])),
    publicUrl: config.publicUrl,
    secret: config.secret,
    sweepRate: config.sweepRate,
    log,
  };
}

export interface WorkerOverrides {
  channels?: Channel[];
  workflowBundle?: { codePath: string };
  failpoint?: ActivityDeps['failpoint'];
}

/** Runs workflows, decisions and deliveries. Resolves when polling; throws when Temporal can't be reached. */
export async function startWorker(service: Service, overrides: WorkerOverrides = {}): Promise<RunningRole> {
  const channels = overrides.channels ?? createChannels(service);
  const deps = {
    ...createActivityDeps(service, channels),
    ...(overrides.failpoint ? { failpoint: overrides.failpoint } : {}),
  };
  const activities = createActivities(deps);
  const { taskQueue } = service.config;
  const workers = await createWorkers({
    activities,
    channels,
    taskQueue,
    ...(overrides.workflowBundle ? { workflowBundle: overrides.workflowBundle } : {}),
  });
  const running = workers.run();
  const watch = watchUnconfiguredChannels(service, { known: deps.channels, activities });
  return {
    async stop() {
      await watch.stop();
      workers.shutdown();
      await running;
      await Promise.all(channels.map((channel) => channel.close()));
    },
  };
}
