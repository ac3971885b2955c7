import { Session } from './session.ts';
import type { ConnectionSettings } from './settings.ts';

/** Pauses between two tries to connect. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** A connection that only listens would never notice that the server is gone. */
const HEARTBEAT_MS = 3_000;
/** Nothing that such a connection asks takes long. */
const SILENCE_MS = 5_000;

/** Receives notifications. */
export interface Listener {
  stop(): Promise<void>;
}

/**
 * Calls `onNotification` for each notification of a channel, and `onListening` whenever a connection listens: what was
 * notified before that is lost. Resolves when the first one listens.
 *
 * @throws when the first connection can't be made
 */
export async function listen(
  settings: ConnectionSettings,
  channel: string,
  onNotification: (payload: string) => void,
  onListening: () => void = () => {},
): Promise<Listener> {
  const brief = { ...settings, limits: { ...settings.limits, silenceMs: SILENCE_MS } };
  let stopped = false;
  let wake: () => void = () => {};
  const connect = async () => {
    const session = await Session.open(brief, onNotification);
    const lost = new Promise<void>((resolve) => {
      session.onLost = () => resolve();
    });
    try {
      await session.run(`listen "${channel.replaceAll('"', '""')}"`);
    } catch (error) {
      session.close();
      throw error;
    }
    onListening();
    return { session, lost };
  };
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  let current: Awaited<ReturnType<typeof connect>> | null = await connect();
  const heartbeat = setInterval(() => {
    current?.session.run('select 1').catch(() => {});
  }, HEARTBEAT_MS);
  const keepListening = async () => {
    let pauseMs = FIRST_PAUSE_MS;
    while (!stopped) {
      if (current) await current.lost;
      current = null;
      if (stopped) return;
      current = await connect().catch(() => null);
      if (current) pauseMs = FIRST_PAUSE_MS;
      else {
        await pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
    current?.session.close();
  };
  const running = keepListening();
  return {
    async stop() {
      stopped = true;
      clearInterval(heartbeat);
      current?.session.close();
      wake();
      await running;
    },
  };
}
