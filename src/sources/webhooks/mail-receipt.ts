import { toText } from '../../domain/event.ts';
import type { Receipt } from '../../domain/receipt.ts';
import { readTime } from '../../domain/time/read-time.ts';
import type { Instant } from '../../domain/time/time.ts';
import { isObject } from '../../domain/values/json-object.ts';
import type { WebhookReading } from './webhook-kind.ts';

/** The name under which a provider keeps our delivery's id with a mail: a tag, a custom argument, metadata. */
export const DELIVERY_ARGUMENT = 'delivery_id';

const DELIVERY_ID = /^dlv_[\w-]{1,200}$/;
/** A Message-ID of ours, with or without its brackets. */
const MESSAGE_ID = /^\s*<?(dlv_[\w-]{1,200})@[^@\s<>]{1,255}>?\s*$/;
/** A status of a reply or report: `550`, `5.1.1`. */
const STATUS = /\b[245]\.\d{1,3}\.\d{1,3}\b|\b[245]\d\d\b/g;

/** The id of a delivery; null for what is none of ours. */
export function readDeliveryId(value: unknown): string | null {
  return typeof value === 'string' && DELIVERY_ID.test(value) ? value : null;
}

/** The id of the delivery whose mail has this Message-ID; null for mails of others. */
export function readOwnMessageId(value: unknown): string | null {
  return typeof value === 'string' ? (MESSAGE_ID.exec(value)?.[1] ?? null) : null;
}

/** Reads our argument out of a provider's, whose names may have come back in another case or with hyphens. */
export function readArgument(values: unknown): string | null {
  if (!isObject(values)) return null;
  const entry = Object.entries(values).find(
    ([name]) => name.toLowerCase().replaceAll('-', '_') === DELIVERY_ARGUMENT,
  );
  return readDeliveryId(entry?.[1]);
}

/** What every receipt of a mail has. */
export interface MailReport {
  deliveryId: string;
  providerId: unknown;
  /** The vendor's times, best first; without a readable one the time of receipt counts. */
  times: readonly unknown[];
  receivedAt: Instant;
  id: string;
}

/** A receipt of a mail; `facts` are those of its kind. */
export function buildMailReceipt(
  kind: Receipt['kind'],
  { deliveryId, providerId, times, receivedAt, id }: MailReport,
  facts: Partial<Pick<Receipt, 'url' | 'automatic' | 'permanent' | 'reason'>> = {},
): Receipt {
  const [at = receivedAt] = times.flatMap((time) => readTime(time) ?? []);
  return {
    kind,
    channel: 'email',
    deliveryId,
    providerId: toText(providerId) ?? null,
    at: Math.min(at, receivedAt),
    id,
    ...facts,
  };
}

/** The receipt as the only message of a request. */
export function oneReceipt(receipt: Receipt): WebhookReading {
  return { kind: 'messages', messages: [{ kind: 'receipt', receipt }] };
}

/** Mails of other programs in the same account. */
export const NOT_OURS: WebhookReading = { kind: 'ignored', reason: 'not about a mail of this product' };

/** Words of a vendor that name a cause, and the statuses in its text. The text itself may name the address. */
export function describeBounce(words: readonly unknown[], text: unknown): { reason?: string } {
  const named = words.filter(
    (word): word is string => typeof word === 'string' && /^[\w ./-]{1,60}$/.test(word),
  );
  const statuses = typeof text === 'string' ? text.slice(0, 4_000).match(STATUS) : null;
  const reason = [...new Set([...named, ...(statuses ?? [])])].slice(0, 5).join(' ');
  return reason === '' ? {} : { reason };
}
