import { setImmediate } from 'node:timers/promises';

/** Other work of the process waits no longer than this, plus one item. */
const TURN_MS = 20;

/**
 * For loops over many items, each of them synchronous: called after each item, it gives other work of the process its
 * turn when this loop's has been long enough.
 */
export function takeTurns(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < TURN_MS) return;
    await setImmediate();
    began = performance.now();
  };
}
