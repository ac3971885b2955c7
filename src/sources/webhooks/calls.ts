import { toText } from '../../domain/event.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { readObject } from '../../domain/values/json-object.ts';
import { readPath } from '../../domain/values/read-path.ts';
import type { Fields } from './json-body.ts';
import type { SourceSettings, WebhookReading } from './webhook-kind.ts';

/** What a reader of one topic returns: calls in Segment's form without message ids, or why there are none. */
export type TopicReading = Fields[] | WebhookReading;

/** Reads the payload of one topic. */
export type TopicReader = (payload: Fields, topic: string, deliveryId: string | undefined) => TopicReading;

/**
 * Gives calls their message ids: the delivery's id, with `:n` behind it from the second call on. A delivery that comes
 * twice is then the same messages. Calls that name nobody are left out, unless sources.yaml says who it is.
 */
export function toReading(
  reading: TopicReading,
  deliveryId: string | undefined,
  source: Pick<SourceSettings, 'customer'>,
): WebhookReading {
  if (!Array.isArray(reading)) return reading;
  if (reading.length === 0) return ignore('nothing in it means anything to journeys');
  const saysWho = Object.keys(source.customer).length > 0;
  const messages = reading.flatMap((call, n) => {
    if (!saysWho && !isSomebody(call)) return [];
    const messageId = deliveryId === undefined ? undefined : n === 0 ? deliveryId : `${deliveryId}:${n}`;
    return [{ kind: 'call' as const, call: { ...call, messageId } }];
  });
  return messages.length === 0 ? ignore('it names no customer') : { kind: 'messages', messages };
}

/** Whether a call names somebody. A guest who gave no address is nobody. */
function isSomebody(call: Fields): boolean {
  const externalIds = readPath(call, 'context.externalIds');
  if (call.userId !== undefined || (Array.isArray(externalIds) && externalIds.length > 0)) return true;
  const traits = { ...readObject(readPath(call, 'context.traits')), ...readObject(call.traits) };
  return traits.email !== undefined || traits.phone !== undefined;
}

/** The answer to a topic that means nothing to journeys. */
export function ignore(reason: string): WebhookReading {
  return { kind: 'ignored', reason };
}

/** The answer to a topic without a reader: why it says nothing, if someone may expect that it does. */
export function ignoreTopic(
  silent: Readonly<Record<string, string>>,
  topic: string,
  noun: 'topic' | 'event' = 'topic',
): WebhookReading {
  return ignore(getOwn(silent, topic) ?? `the ${noun} "${topic.slice(0, 60)}" means nothing to journeys`);
}

/** Stands for the delivery's id where a proxy has removed it. */
export function nameVersion(topic: string, id: unknown, version: unknown): string | undefined {
  const [idText, versionText] = [toText(id), toText(version)];
  return idText === undefined || versionText === undefined ? undefined : `${topic}:${idText}:${versionText}`;
}
