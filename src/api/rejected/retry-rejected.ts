import {
  deleteRejected,
  type KeptRejection,
  readRejected,
  saveRetryRefusal,
  viewRejectionsOf,
} from '../../../db/events/read-rejected.ts';
import { readActiveBundle } from '../../app/config/active-bundle.ts';
import type { InSameTransaction } from '../../app/in-same-transaction.ts';
import type { IncomingEvent } from '../../app/intake/incoming-event.ts';
import { UseCaseError } from '../../app/use-case-error.ts';
import { createPayloadEvaluator } from '../../definitions/cel/payload.ts';
import type { Receipt } from '../../domain/receipt.ts';
import type { ReceivedEvent, ReceivedWebhook } from '../../domain/received-form.ts';
import { CLOUD_EVENT_FORMAT } from '../../sources/cloudevents/read-request.ts';
import { parseAll } from '../../sources/parse-all.ts';
import { readWebhook } from '../../sources/read-webhook.ts';
import { UNKNOWN_SCAN } from '../../sources/scan-json.ts';
import type { ParseRefusal } from '../../sources/segment.ts';
import { createCallFormat } from '../../sources/segment-body.ts';
import { findWebhookKind } from '../../sources/webhooks/kinds.ts';
import type { ApiDeps } from '../frame/deps.ts';
import { notFound } from '../frame/http-error.ts';
import { type AcceptedRead, createAcceptRead } from '../sources/accept-read.ts';

/** What became of a retried event. */
export interface RetryResult {
  /** `repeated`: it was in the log already. `ignored`: it means nothing to journeys now. */
  status: 'accepted' | 'repeated' | 'ignored' | 'rejected';
  /** Of a rejected one. */
  code: string | null;
  reason: string | null;
}

/** What reading the body again gives. */
interface Reread {
  events: IncomingEvent[];
  receipts: Receipt[];
  refusal: ParseRefusal | null;
}

const evaluate = createPayloadEvaluator();

/**
 * Reads a rejected event again, as the active bundle and this build read it now. What is readable is accepted and leaves
 * the list; otherwise the list has the reason of today. Its message id stays what it was, so an event that was accepted
 * by a retry which was cut off is a repetition.
 *
 * @param inSameTransaction gets the result in the transaction that changes the list
 * @throws HttpError 404 if it is not on the list, or not any more
 * @throws UseCaseError `not_retryable`
 */
export type RetryRejected = (
  workspace: string,
  id: string,
  inSameTransaction?: InSameTransaction<RetryResult>,
) => Promise<RetryResult>;

/** Creates the retry of a process. It records receipts as {@link createAcceptRead} does. */
export function createRetryRejected(deps: ApiDeps): RetryRejected {
  const acceptRead = createAcceptRead(deps);
  return async (workspace, id, inSameTransaction) => {
    const row = await readRejected(deps.db.sql, workspace, id);
    if (row === null) throw notFound('rejected event');
    const { refusal, ...read } = await reread(deps, workspace, row);
    const outcome = await acceptRead(workspace, read);
    const standing = refusal ?? (outcome.isUnknown ? { code: row.code, reason: row.reason } : null);
    const result: RetryResult =
      standing === null
        ? await describeAccepted(deps, workspace, outcome)
        : { status: 'rejected', ...standing };
    await deps.db.sql.begin(async (tx) => {
      if (standing !== null) await saveRetryRefusal(tx, { workspace, id, ...standing });
      // A newer row stands for what the log has refused.
      else await deleteRejected(tx, workspace, id);
      await inSameTransaction?.(tx, result);
    });
    return result;
  };
}

async function describeAccepted(
  deps: ApiDeps,
  workspace: string,
  { accepted, recorded, isNew }: AcceptedRead,
): Promise<RetryResult> {
  const refused = accepted.find(({ status }) => status === 'rejected');
  if (refused && !isNew)
    return { status: 'rejected', ...(await findRefusal(deps, workspace, refused.messageId)) };
  const status = isNew ? 'accepted' : accepted.length + recorded.length > 0 ? 'repeated' : 'ignored';
  return { status, code: null, reason: null };
}

async function reread(deps: ApiDeps, workspace: string, row: KeptRejection): Promise<Reread> {
  const { received } = row;
  if (received === null)
    throw new UseCaseError(
      'conflict',
      'not_retryable',
      'it was readable and is refused for what it says, or its body was not kept whole',
    );
  return received.format === 'webhook'
    ? await rereadWebhook(deps, workspace, row, received)
    : rereadEvent(workspace, row, received);
}

async function rereadWebhook(
  deps: ApiDeps,
  workspace: string,
  { source: id, body }: KeptRejection,
  { url, headers, receivedAt }: ReceivedWebhook,
): Promise<Reread> {
  const bundle = await readActiveBundle(deps, workspace);
  const source = bundle?.sources?.find((other) => other.id === id);
  const kind = source && findWebhookKind(source.kind);
  if (!source || !kind) return refuse('no_source', `sources.yaml of the active bundle has no source ${id}`);
  const request = { url, headers, body: Buffer.from(body), receivedAt };
  const { events, receipts, rejection } = readWebhook(
    { workspace, kind, source: { ...source, evaluate } },
    request,
  );
  return { events, receipts, refusal: toRefusal(rejection) };
}

function rereadEvent(
  workspace: string,
  { id, source, body }: KeptRejection,
  received: ReceivedEvent,
): Reread {
  const format = received.format === 'segment' ? createCallFormat(received.call) : CLOUD_EVENT_FORMAT;
  const { receivedAt, sentAt, historical, fromBrowser } = received;
  const raw = JSON.parse(body) as unknown;
  // An event without a message id gets one that is the same in each retry.
  const isNameless = received.format === 'segment' && format.readMessageId(raw) === undefined;
  const named = isNameless && typeof raw === 'object' && raw !== null ? { ...raw, messageId: id } : raw;
  const envelope = { workspace, source, receivedAt, historical, sentAt: sentAt ?? undefined };
  const browser = fromBrowser ? { fromBrowser: true as const } : {};
  const { events, rejections } = parseAll([named], format, UNKNOWN_SCAN, { ...envelope, ...browser }, true);
  return { events, receipts: [], refusal: toRefusal(rejections[0]) };
}

function toRefusal(rejection: ParseRefusal | null | undefined): ParseRefusal | null {
  return rejection ? { code: rejection.code, reason: rejection.reason } : null;
}

function refuse(code: string, reason: string): Reread {
  return { events: [], receipts: [], refusal: { code, reason } };
}

async function findRefusal(deps: ApiDeps, workspace: string, messageId: string): Promise<ParseRefusal> {
  const [newest] = await viewRejectionsOf(deps.db.sql, workspace, messageId, 1);
  const { code, reason } = newest ?? { code: 'erased', reason: 'the customer was erased' };
  return { code, reason };
}
