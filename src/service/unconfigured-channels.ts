import { readPlannedChannels } from '../../db/deliveries/deliveries.ts';
import type { Channel } from '../channels/channel.ts';
import { createUnconfiguredChannel } from '../channels/unconfigured.ts';
import type { Workers } from '../temporal/keep-workers.ts';
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
 * A channel that another worker serves is left to that worker: while a deployment adds a channel, only some of the workers
 * know it, and a poll without the channel's rate would also lift the rate.
 *
 * @param channels the channels that have a poller; this adds to them
 */
export function watchUnconfiguredChannels(
  { db, log }: Service,
  channels: Map<string, Channel>,
  workers: Pick<Workers, 'addChannel' | 'isServed'>,
): RunningRole {
  let stopped = false;
  let checks = 0;
  let checking: Promise<void> = Promise.resolve();

  const start = async (id: string) => {
    const remedy = `add it to CHANNELS, as {"${id}": {"kind": "webhook", "url": "https://…", "secret": "…"}} or of another kind, and restart the workers`;
    const channel = createUnconfiguredChannel(id, remedy);
    channels.set(id, channel);
    try {
      await workers.addChannel(channel);
    } catch (error) {
      channels.delete(id);
      throw error;
    }
    log.warn({ channel: id }, `deliveries are planned on a channel without configuration: ${remedy}`);
  };
  const check = async () => {
    try {
      const newest = checks++ % CHECK_ALL_EVERY === 0 ? null : NEWEST_COUNT;
      for (const id of await readPlannedChannels(db.sql, newest))
        if (!stopped && !channels.has(id) && !(await workers.isServed(id))) await start(id);
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
    },
  };
}
