import { NativeConnection, Worker } from '@temporalio/worker';
import { readPlannedChannels } from '../../db/deliveries/deliveries.ts';
import type { Activities } from '../activities/index.ts';
import type { Channel } from '../channels/channel.ts';
import { createUnconfiguredChannel } from '../channels/unconfigured.ts';
import { PAYLOAD_CONVERTER, temporalConfig } from '../temporal/connection.ts';
import { buildChannelQueue } from '../workflows/identifiers.ts';
import type { RunningRole, Service } from './service.ts';

const EVERY_MS = 3_000;
/** Planned deliveries may be a million, and hardly ever one of a new channel. */
const NEWEST = 1_000;
/** Among so many looks one is at all of them. */
const ALL_EVERY = 100;

/**
 * Sees to it that no delivery waits for ever on a channel that a bundle names and nobody runs. Workflow code picks the
 * queue by the channel's id and knows no channels; so each queue that something is planned for must have a poller.
 * Where there is none, one is started that fails the delivery and says what to set. It makes no difference when the
 * channel came: with this bundle, an older one that somebody is pinned to, or the next.
 */
export function watchUnconfiguredChannels(
  service: Service,
  workers: { known: Map<string, Channel>; activities: Activities },
): RunningRole {
  const { db, log, config } = service;
  const { known, activities } = workers;
  const running: { worker: Worker; ended: Promise<void> }[] = [];
  let connection: NativeConnection | null = null;
  let stopped = false;
  let looks = 0;
  let looking: Promise<void> = Promise.resolve();

  const start = async (id: string) => {
    const { connectionOptions, namespace } = temporalConfig();
    connection ??= await NativeConnection.connect(connectionOptions);
    const remedy = `add it to CHANNELS, as {"${id}": {"url": "https://…", "secret": "…"}}, and restart the workers`;
    const worker = await Worker.create({
      connection,
      namespace,
      dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER },
      taskQueue: buildChannelQueue(config.taskQueue, id),
      activities: { deliver: activities.deliver },
      maxConcurrentActivityTaskExecutions: 5,
    });
    known.set(id, createUnconfiguredChannel(id, remedy));
    const ended = worker.run().catch((error) => {
      log.warn({ err: error, channel: id }, 'its worker is started again');
      known.delete(id);
    });
    running.push({ worker, ended });
    log.warn({ channel: id }, `deliveries are planned on a channel that isn't set up: ${remedy}`);
  };
  const look = async () => {
    try {
      const newest = looks++ % ALL_EVERY === 0 ? null : NEWEST;
      for (const id of await readPlannedChannels(db.sql, newest))
        if (!stopped && !known.has(id)) await start(id);
    } catch (error) {
      log.warn({ err: error }, 'channels will be looked at again');
    }
  };
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, EVERY_MS);

  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await looking;
      for (const { worker } of running) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all(running.map(({ ended }) => ended));
      await connection?.close();
    },
  };
}
