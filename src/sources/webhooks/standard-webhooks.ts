import { toText } from '../../domain/event.ts';
import { SECOND } from '../../domain/time/time.ts';
import { isObject } from '../../domain/values/json-object.ts';
import { readCallFields, readCallType } from '../read-call-fields.ts';
import { hasHmac, readHeader } from './hmac.ts';
import { expectField, readJsonObject } from './json-body.ts';
import { checkSignedTime } from './replay-window.ts';
import {
  refuseSignature,
  type Verification,
  type WebhookKind,
  type WebhookReading,
  type WebhookRequest,
} from './webhook-kind.ts';

/** Symmetric signatures. */
const VERSION = 'v1,';
/** A header with more signatures is none of a sender who rotates its secret. */
const MAX_SIGNATURES = 20;
/** Shorter keys in base64 are more likely a text that looks like it. */
const MIN_KEY_BYTES = 24;

/**
 * Standard Webhooks (standardwebhooks.com), and Svix, whose headers have names of their own. The payload has `type`,
 * `timestamp` and `data`. `type` names the event, or one of Segment's calls; `data` holds the properties, or the fields
 * of a call.
 */
export const standardWebhooks: WebhookKind = {
  id: 'standard-webhooks',
  name: 'Standard Webhooks',
  keptHeaders: ['webhook-id', 'svix-id'],
  verify: verifyStandardWebhook,
  read,
};

/** Verifies by the specification: HMAC-SHA256 over id, time and body, in base64, and the age of the time. */
export function verifyStandardWebhook(request: WebhookRequest, secrets: readonly string[]): Verification {
  const id = readOwnHeader(request, 'id');
  const seconds = readOwnHeader(request, 'timestamp');
  const signatures = (readOwnHeader(request, 'signature') ?? '')
    .split(' ')
    .filter((signature) => signature.startsWith(VERSION))
    .slice(0, MAX_SIGNATURES)
    .map((signature) => signature.slice(VERSION.length));
  const parts = [`${id ?? ''}.${seconds ?? ''}.`, request.body];
  const isGenuine = hasHmac(
    { algorithm: 'sha256', encoding: 'base64' },
    parts,
    signatures,
    secrets.flatMap(readKeys),
  );
  if (!isGenuine || id === undefined || seconds === undefined) return refuseSignature('webhook-signature');
  return checkSignedTime(Number(seconds) * SECOND, request.receivedAt);
}

function read(request: WebhookRequest): WebhookReading {
  const id = readOwnHeader(request, 'id');
  const body = readJsonObject(request.body);
  if (!body.ok) return body.unreadable;
  const { type: typeField, timestamp, data } = body.value;
  const type = toText(typeField);
  if (type === undefined) return expectField('type', 'the name of an event', typeField, id);
  const fields = readCallFields(data, type);
  const call = {
    ...fields,
    type: readCallType(type),
    messageId: id,
    timestamp: timestamp ?? fields.timestamp,
  };
  return { kind: 'messages', messages: [{ kind: 'call', call: addAddresses(call, data) }] };
}

/** An address or number at the top of the data is the customer's, if no context says otherwise. */
function addAddresses(call: Record<string, unknown>, data: unknown): Record<string, unknown> {
  if (call.context !== undefined || !isObject(data)) return call;
  const { email, phone } = data;
  if (email === undefined && phone === undefined) return call;
  return { ...call, context: { traits: { email, phone } } };
}

function readOwnHeader(
  { headers }: WebhookRequest,
  name: 'id' | 'timestamp' | 'signature',
): string | undefined {
  return readHeader(headers, `webhook-${name}`) ?? readHeader(headers, `svix-${name}`);
}

/** The key in base64 behind `whsec_`. Without the prefix it may be base64 or the key itself: senders do either. */
function readKeys(secret: string): Buffer[] {
  if (secret.startsWith('whsec_')) return [Buffer.from(secret.slice('whsec_'.length), 'base64')];
  const decoded = Buffer.from(secret, 'base64');
  const isBase64 = decoded.length >= MIN_KEY_BYTES && decoded.toString('base64') === secret;
  return isBase64 ? [Buffer.from(secret), decoded] : [Buffer.from(secret)];
}
