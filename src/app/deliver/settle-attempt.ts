import type { SendResult } from '../../channels/channel.ts';
import type { Millis } from '../../domain/time/time.ts';

/** What follows from the result of an attempt. */
type Settlement =
  /** The delivery ends. */
  | { kind: 'end'; result: Exclude<SendResult, { state: 'retry' }> }
  /** Nothing was sent: planned again. */
  | { kind: 'plan'; error: string; pause: Millis; uncounted: boolean }
  /** It may have been sent: the same request is repeated, and its provider sends no second message. */
  | { kind: 'repeat'; error: string; pause: Millis };

/** A result that does not end the delivery by itself. */
export type UnansweredResult = Extract<SendResult, { state: 'retry' | 'unknown' }>;

interface AttemptFacts {
  /** An earlier attempt with the same key got no answer. */
  isRepeat: boolean;
  /** For how long a repeat would be recognised; null: it wouldn't be. */
  repeatFor: Millis | null;
  /** Computes the pause before the next attempt. */
  pauseAfter: (result: UnansweredResult) => Millis;
}

/**
 * Decides what follows from an attempt's result. That a repeat sent nothing says nothing about the attempt before it, so
 * such a delivery stays open until the provider answers, or until its time to repeat is over.
 */
export function settleAttempt(
  result: SendResult,
  { isRepeat, repeatFor, pauseAfter }: AttemptFacts,
): Settlement {
  if (result.state === 'sent' || result.state === 'failed') return { kind: 'end', result };
  const pause = pauseAfter(result);
  const { error } = result;
  if (result.state === 'retry' && !isRepeat)
    return { kind: 'plan', error, pause, uncounted: result.unreachable ?? false };
  if (repeatFor !== null && pause < repeatFor && !(result.state === 'unknown' && result.final))
    return { kind: 'repeat', error, pause };
  return { kind: 'end', result: { state: 'unknown', error } };
}
