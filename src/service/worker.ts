import { type Activities, type ActivityDeps, createActivities } from '../activities/index.ts';
import type { Channel } from '../channels/channel.ts';
import { keepWorkers } from '../temporal/keep-workers.ts';
import { createActivityDeps } from './activity-deps.ts';
import { createChannels } from './create-channels.ts';
import { createInboxWriter } from './inbox-writer.ts';
import { measureActivities } from './metrics/measure-activities.ts';
import { measureChannel } from './metrics/measure-channel.ts';
import { sampleQueue } from './metrics/sample-process.ts';
import type { RunningRole, Service } from './service.ts';
import { watchUnconfiguredChannels } from './unconfigured-channels.ts';

export interface WorkerOverrides {
  channels?: Channel[];
  workflowBundle?: { codePath: string };
  failpoint?: ActivityDeps['failpoint'];
}

/** Runs workflows, decisions and deliveries. Resolves when the workers poll. @throws when Temporal cannot be reached */
export async function startWorker(service: Service, overrides: WorkerOverrides = {}): Promise<RunningRole> {
  const { metrics } = service;
  const channels = (overrides.channels ?? createChannels(service.config, createInboxWriter(service.db))).map(
    (channel) => measureChannel(channel, metrics),
  );
  const deps = {
    ...createActivityDeps(service, channels),
    ...(overrides.failpoint ? { failpoint: overrides.failpoint } : {}),
  };
  sampleQueue(metrics, 'messages', () => deps.renderer.waiting);
  const { taskQueue } = service.config;
  const { decideNextBestAction, ...others } = measureActivities(
    createActivities(deps),
    metrics.instruments,
    taskQueue,
  );
  const activities: Activities = {
    ...others,
    decideNextBestAction: (request) => service.health.decide(() => decideNextBestAction(request)),
  };
  const workers = await keepWorkers({
    activities,
    channels,
    taskQueue,
    log: service.log,
    onRestart: () => metrics.instruments.throughline_worker_restarts_total.inc(),
    ...(overrides.workflowBundle ? { workflowBundle: overrides.workflowBundle } : {}),
  });
  const watch = watchUnconfiguredChannels(service, deps.channels, workers);
  return {
    async stop() {
      await watch.stop();
      await workers.stop();
      await Promise.all([deps.renderer.close(), ...channels.map((channel) => channel.close())]);
    },
  };
}
