import type { Channel } from './channel.ts';

/** A channel without configuration. Its deliveries fail at once with the missing setting, instead of waiting forever. */
export function createUnconfiguredChannel(id: string, remedy: string): Channel {
  return {
    id,
    concurrency: 5,
    send: async () => ({ state: 'failed', error: `channel ${id} isn't set up: ${remedy}`, suppress: false }),
    close: async () => {},
  };
}
