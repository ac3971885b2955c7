import type { Channel } from './channel.ts';

/** A channel that nobody has set up: its deliveries fail at once and say what to do, instead of waiting for ever. */
export function createUnconfiguredChannel(id: string, remedy: string): Channel {
  return {
    id,
    concurrency: 5,
    send: async () => ({ state: 'failed', error: `channel ${id} isn't set up: ${remedy}`, suppress: false }),
    close: async () => {},
  };
}
