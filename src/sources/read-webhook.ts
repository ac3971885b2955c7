import { hash } from 'node:crypto';
import type { Rejection } from '../../db/events/save-rejected.ts';
import { hashIdentity } from '../app/identity/resolve-identities.ts';
import type { IncomingEvent } from '../app/intake/incoming-event.ts';
import { digestRejected } from '../app/intake/rejection.ts';
import { toText } from '../domain/event.ts';
import { MAX_KEPT_CHARS, MAX_MESSAGE_ID } from '../domain/event-limits.ts';
import type { Receipt } from '../domain/receipt.ts';
import { findNamedInWebhook } from './named-in-webhook.ts';
import { parseAll } from './parse-all.ts';
import { scanJson, UNKNOWN_SCAN } from './scan-json.ts';
import type { ParseRefusal } from './segment.ts';
import { createCallFormat } from './segment-body.ts';
import { parseJsonBody } from './webhooks/json-body.ts';
import { nameCustomer } from './webhooks/name-customer.ts';
import type { SourceSettings, WebhookKind, WebhookReading, WebhookRequest } from './webhooks/webhook-kind.ts';

/** What a genuine request says. */
export interface ReadWebhook {
  events: IncomingEvent[];
  receipts: Receipt[];
  /** Why the request, or a part of it, can't be read. One row of the list, however many calls are refused. */
  rejection: Rejection | null;
  /** Null, unless it means nothing to journeys. */
  ignored: string | null;
}

/** Whose request it is. */
export interface WebhookOwner {
  workspace: string;
  kind: WebhookKind;
  source: SourceSettings;
}

/** Reads a request that was verified. Never throws. */
export function readWebhook(owner: WebhookOwner, request: WebhookRequest): ReadWebhook {
  const reading = readByKind(owner, request);
  if (reading.kind === 'ignored') return { ...NOTHING, ignored: reading.reason };
  if (reading.kind === 'unreadable')
    return { ...NOTHING, rejection: rejectWebhook(owner, request, reading, reading.deliveryId ?? null, []) };
  const receipts = reading.messages.flatMap((message) =>
    message.kind === 'receipt' ? [{ ...message.receipt, id: qualify(owner, message.receipt.id) }] : [],
  );
  const needsPayload = Object.keys(owner.source.customer).length > 0;
  const body = needsPayload ? parseJsonBody(request.body) : undefined;
  const calls = reading.messages.flatMap((message, position) =>
    message.kind === 'call' ? [writeCall(owner, request, message, message.payload ?? body, position)] : [],
  );
  const { events, rejections } = parseAll(
    calls,
    CALLS,
    UNKNOWN_SCAN,
    {
      workspace: owner.workspace,
      receivedAt: request.receivedAt,
      sentAt: undefined,
      historical: false,
      source: owner.source.id,
    },
    true,
  );
  const rejection = joinRejections(owner, request, rejections);
  return { events, receipts, rejection, ignored: null };
}

const MAX_BODY_DEPTH = 100;
const CALLS = createCallFormat(null);
const NOTHING: ReadWebhook = { events: [], receipts: [], rejection: null, ignored: null };

function readByKind({ kind, source }: WebhookOwner, request: WebhookRequest): WebhookReading {
  // Nobody who sends about customers nests so deep, and what walks the payload would overflow.
  if (scanJson(request.body).depth > MAX_BODY_DEPTH)
    return { kind: 'unreadable', code: 'too_deep', reason: `nested deeper than ${MAX_BODY_DEPTH} levels` };
  try {
    return kind.read(request, source);
  } catch (error) {
    // A kind must not throw. If it does, the request is kept and read again once it is mended.
    const reason = `${kind.name} could not be read: ${error instanceof Error ? error.message : String(error)}`;
    return { kind: 'unreadable', code: 'reader_failed', reason };
  }
}

/** The call with the customer whom sources.yaml names, and with a message id that no other source uses. */
function writeCall(
  owner: WebhookOwner,
  { headers, body }: WebhookRequest,
  { call }: { call: Record<string, unknown> },
  payload: unknown,
  position: number,
): Record<string, unknown> {
  const named = nameCustomer(owner.source, call, { payload, headers });
  // Without an id of the vendor the same body is the same message.
  const id = toText(named.messageId) ?? `${hash('sha256', body, 'base64url')}:${position}`;
  return { ...named, messageId: qualify(owner, id) };
}

function qualify({ source }: WebhookOwner, id: string): string {
  const qualified = `${source.id}:${id}`;
  return qualified.length <= MAX_MESSAGE_ID ? qualified : `${source.id}:${hash('sha256', id, 'base64url')}`;
}

/** One row for all calls of a request that are refused: its body is kept once, and read again as a whole. */
function joinRejections(
  owner: WebhookOwner,
  request: WebhookRequest,
  rejections: readonly Rejection[],
): Rejection | null {
  const [first, ...others] = rejections;
  if (first === undefined) return null;
  const more = others.length === 0 ? '' : `, and ${others.length} more of this request`;
  const identities = rejections.flatMap((rejection) => rejection.identities);
  const refusal = { code: first.code, reason: `${first.reason}${more}` };
  return rejectWebhook(owner, request, refusal, first.messageId, identities);
}

/**
 * Builds the row of a request that can't be read.
 *
 * @param identities of customers whom the kind could read; those in the payload are added
 */
export function rejectWebhook(
  { workspace, kind, source }: WebhookOwner,
  request: WebhookRequest,
  { code, reason }: ParseRefusal,
  messageId: string | null,
  identities: readonly string[],
): Rejection {
  const text = request.body.toString();
  const named = findNamedInWebhook(source, request).map((identity) =>
    hashIdentity({ workspace, ...identity }),
  );
  return {
    workspace,
    messageId,
    source: source.id,
    code,
    reason,
    body: text,
    // Without the code: it stays one row when it is sent again after its reason has changed.
    content: digestRejected({ code: 'webhook', messageId: source.id, said: text }),
    identities: [...new Set([...identities, ...named])],
    received:
      text.length > MAX_KEPT_CHARS
        ? null
        : {
            format: 'webhook',
            url: request.url,
            headers: keepHeaders(kind, source, request.headers),
            receivedAt: request.receivedAt,
          },
  };
}

const MAX_HEADER_CHARS = 1_000;

function keepHeaders(
  kind: WebhookKind,
  source: SourceSettings,
  headers: WebhookRequest['headers'],
): Record<string, string> {
  const kept = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || !(kind.keptHeaders.includes(name) || kind.keepsHeader?.(name, source)))
      return [];
    const text = Array.isArray(value) ? value.join(', ') : value;
    return [[name, text.replaceAll('\u0000', '').slice(0, MAX_HEADER_CHARS)]];
  });
  return Object.fromEntries(kept);
}
