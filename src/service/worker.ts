import { createContentCache } from '../../db/content-cache.ts';
import { type ActivityDeps, createActivities } from '../activities/index.ts';
import { zoneTable } from '../activities/zone-table.ts';
import type { Channel } from '../channels/channel.ts';
import { createEmailChannel } from '../channels/email.ts';
import { createUnconfiguredChannel } from '../channels/unconfigured.ts';
import { createRenderEmail } from '../content/render.ts';
import { createEvaluate } from '../definitions/cel.ts';
import { createWorkers } from '../temporal/worker.ts';
import type { Running, Service } from './deps.ts';

/** Every channel there is. Each has a worker, also one that isn't set up: its deliveries would else wait for ever. */
export function createChannels({ config }: Service): Channel[] {
  const email =
    config.smtpUrl === null
      ? createUnconfiguredChannel('email', 'set SMTP_URL')
      : createEmailChannel(config.smtpUrl);
  return [email];
}

/** What activities and sweeps work with. */
export function activityDeps(service: Service, channels: Channel[]): ActivityDeps {
  const { db, bundles, config } = service;
  return {
    db,
    bundles,
    evaluate: createEvaluate(),
    zones: zoneTable,
    content: createContentCache(),
    render: createRenderEmail(),
    channels: new Map(channels.map((channel) => [channel.id, channel])),
    publicUrl: config.publicUrl,
    secret: config.secret,
  };
}

export interface WorkerOverrides {
  channels?: Channel[];
  workflowBundle?: { codePath: string };
  failpoint?: ActivityDeps['failpoint'];
}

/** Runs workflows, decisions and deliveries. Resolves when polling; throws when Temporal can't be reached. */
export async function startWorker(service: Service, overrides: WorkerOverrides = {}): Promise<Running> {
  const channels = overrides.channels ?? createChannels(service);
  const deps = {
    ...activityDeps(service, channels),
    ...(overrides.failpoint ? { failpoint: overrides.failpoint } : {}),
  };
  const workers = await createWorkers({
    activities: createActivities(deps),
    channels,
    taskQueue: service.config.taskQueue,
    ...(overrides.workflowBundle ? { workflowBundle: overrides.workflowBundle } : {}),
  });
  const running = workers.run();
  return {
    async stop() {
      workers.shutdown();
      await running;
      await Promise.all(channels.map((channel) => channel.close()));
    },
  };
}
