import fc from 'fast-check';
import { emptyProfile, foldProfile, type Profile } from '../../../src/domain/customer/profile.ts';
import {
  findEarlierEvent,
  type KnownFact,
  listRemembered,
  readFactIdentity,
} from '../../../src/domain/fact-identity.ts';
import { isParseRefusal, parseCall } from '../../../src/sources/segment.ts';
import type { Fields } from '../../../src/sources/webhooks/json-body.ts';
import type {
  SourceSettings,
  WebhookKind,
  WebhookReading,
} from '../../../src/sources/webhooks/webhook-kind.ts';

/** When all requests of these tests are received: after everything that they report. */
const RECEIVED = Date.UTC(2026, 11, 24);

/** A webhook as a test states it: what the vendor sends, with the headers that the kind reads. */
export interface Sent {
  headers: Record<string, string>;
  payload: unknown;
}

/** What a kind reads of a webhook. */
export function readWebhook(kind: WebhookKind, { headers, payload }: Sent): WebhookReading {
  const source: SourceSettings = {
    id: kind.id,
    kind: kind.id,
    customer: {},
    settings: {},
    evaluate: () => ({ ok: false, error: 'no expression is evaluated here' }),
  };
  const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const url = `https://journeys.example/v1/sources/${kind.id}`;
  return kind.read({ url, headers, body, receivedAt: RECEIVED }, source);
}

/** The calls of a webhook. @throws Error if it has none */
export function readCalls(kind: WebhookKind, sent: Sent): Fields[] {
  const reading = readWebhook(kind, sent);
  if (reading.kind !== 'messages') throw new Error(`${reading.kind}: ${reading.reason}`);
  return reading.messages.flatMap((message) => (message.kind === 'call' ? [message.call] : []));
}

/** The names of the events of a webhook, `identify` for that call. */
export function listEvents(kind: WebhookKind, sent: Sent): unknown[] {
  return readCalls(kind, sent).map(({ type, event }) => (type === 'track' ? event : type));
}

/** What webhooks make of a profile, and how often each event counted. */
export interface Folded {
  profile: Profile;
  counted: Record<string, number>;
}

/** Folds webhooks of one customer in the order of their arrival, as intake does: message ids once, facts once. */
export function foldWebhooks(kind: WebhookKind, arrived: readonly Sent[]): Folded {
  const profile = emptyProfile();
  const facts = new Map<string, KnownFact>();
  const known = (key: string) => facts.get(key);
  const messageIds = new Set<string>();
  const counted: Record<string, number> = {};
  let seq = 0;
  for (const call of arrived.flatMap((sent) => readCalls(kind, sent))) {
    // The frame puts the source's id in front.
    const event = parseCall({ ...call, messageId: `${kind.id}:${call.messageId}` }, null, {
      ...{ workspace: 'aroma', receivedAt: RECEIVED, sentAt: undefined, historical: false },
      source: kind.id,
    });
    if (isParseRefusal(event)) throw new Error(`${event.code}: ${event.reason}`);
    if (messageIds.has(event.messageId)) continue;
    messageIds.add(event.messageId);
    seq += 1;
    const id = `evt_${seq}`;
    const identity = readFactIdentity({ ...event, seq });
    const repeats = identity && findEarlierEvent(identity, event.at, known);
    if (identity && repeats === undefined)
      for (const [key, fact] of listRemembered(identity, { eventId: id, at: event.at }, known))
        facts.set(key, fact);
    if (repeats === undefined) counted[event.name] = (counted[event.name] ?? 0) + 1;
    foldProfile(profile, { ...event, seq, repeats: repeats ?? null }, 'EUR');
  }
  return { profile, counted };
}

/** What a person sees of the money in a profile. */
export function showMoney({ profile }: Folded) {
  return {
    orders: profile.orders.map(({ account: _, ...order }) => order),
    orderCount: profile.orderCount,
    spend: profile.spend,
    cart: profile.cart,
    payments: profile.payments,
    returns: profile.returns,
  };
}

/**
 * All orders in which webhooks may arrive, each of them twice. Failing cases print positions, and no payloads.
 * @param check what must hold of the webhooks in that order
 */
export function assertInAnyOrder(webhooks: readonly Sent[], check: (arrived: Sent[]) => void): void {
  const positions = [...webhooks.keys(), ...webhooks.keys()];
  fc.assert(
    fc.property(fc.shuffledSubarray(positions, { minLength: positions.length }), (order) => {
      check(order.map((position) => webhooks[position] as Sent));
    }),
  );
}
