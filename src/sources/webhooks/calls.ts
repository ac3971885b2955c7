import type { Fields } from './json-body.ts';
import type { WebhookReading } from './webhook-kind.ts';

/** What a reader of one topic returns: calls in Segment's form without message ids, or why there are none. */
export type TopicReading = Fields[] | WebhookReading;

/** Reads the payload of one topic. */
export type TopicReader = (payload: Fields, topic: string, deliveryId: string | undefined) => TopicReading;

/**
 * Gives calls their message ids: the delivery's id, with `:n` behind it from the second call on. A delivery that comes
 * twice is then the same messages.
 */
export function toReading(reading: TopicReading, deliveryId: string | undefined): WebhookReading {
  if (!Array.isArray(reading)) return reading;
  if (reading.length === 0) return ignore('nothing in it means anything to journeys');
  const messages = reading.map((call, n) => {
    const messageId = deliveryId === undefined ? undefined : n === 0 ? deliveryId : `${deliveryId}:${n}`;
    return { kind: 'call' as const, call: { ...call, messageId } };
  });
  return { kind: 'messages', messages };
}

/** The answer to a topic that means nothing to journeys. */
export function ignore(reason: string): WebhookReading {
  return { kind: 'ignored', reason };
}
