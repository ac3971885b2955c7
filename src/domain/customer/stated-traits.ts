import type { JourneyEvent } from '../event.ts';

/**
 * The traits that a call states about its customer: those of `identify`, and before them `context.traits`, which any
 * call may have. RudderStack sends an `identify` with the traits in its context only.
 */
export function readStatedTraits(
  event: Pick<JourneyEvent, 'type' | 'traits' | 'context'>,
): Record<string, unknown> {
  const { traits: carried } = event.context;
  const isObject = typeof carried === 'object' && carried !== null && !Array.isArray(carried);
  return { ...(isObject ? carried : {}), ...(event.type === 'identify' ? event.traits : {}) };
}
