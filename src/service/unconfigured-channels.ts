import { NativeConnection, Worker } from '@temporalio/worker';
import { readPlannedChannels } from '../../db/deliveries/deliveries.ts';
import type { Activities } from '../activities/index.ts';
import type { Channel } from '../channels/channel.ts';
import { createUnconfiguredChannel } from '../channels/unconfigured.ts';
import { PAYLOAD_CONVERTER, temporalConfig } from '../temporal/connection.ts';
import { buildChannelQueue } from '../workflows/identifiers.ts';
import type { RunningRole, Service } from './service.ts';

const CHECK_EVERY_MS = 3_000;
/** Most checks read only the newest planned deliveries, because there may be a million. */
const NEWEST_COUNT = 1_000;
/** Every hundredth check reads all of them. */
const CHECK_ALL_EVERY = 100;

/**
 * Starts a poller for every channel that has planned deliveries and no configuration.
 *
 * The workflow derives a delivery's task queue from the channel's id, without a list of channels. If no worker polled
 * that queue, the delivery would wait forever. The poller started here fails the delivery at once, with the setting that
 * is missing. It covers channels of the active bundle, of older bundles to which enrollments are pinned, and of later ones.
 */
export function watchUnconfiguredChannels(
  service: Service,
  workers: { channels: Map<string, Channel>; activities: Activities },
): RunningRole {
  const { db, log, config } = service;
  const { channels, activities } = workers;
  const running: { worker: Worker; ended: Promise<void> }[] = [];
  let connection: NativeConnection | null = null;
  let stopped = false;
  let checks = 0;
  let checking: Promise<void> = Promise.resolve();

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
    channels.set(id, createUnconfiguredChannel(id, remedy));
    const ended = worker.run().catch((error) => {
      log.warn(
        { err: error, channel: id },
        'the worker of an unconfigured channel failed and is started again',
      );
      channels.delete(id);
    });
    running.push({ worker, ended });
    log.warn({ channel: id }, `deliveries are planned on a channel without configuration: ${remedy}`);
  };
  const check = async () => {
    try {
      const newest = checks++ % CHECK_ALL_EVERY === 0 ? null : NEWEST_COUNT;
      for (const id of await readPlannedChannels(db.sql, newest))
        if (!stopped && !channels.has(id)) await start(id);
    } catch (error) {
      log.warn({ err: error }, 'unconfigured channels could not be checked; the next check follows');
    }
  };
  const timer = setInterval(() => {
    checking = checking.then(check);
  }, CHECK_EVERY_MS);

  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await checking;
      for (const { worker } of running) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all(running.map(({ ended }) => ended));
      await connection?.close();
    },
  };
}
