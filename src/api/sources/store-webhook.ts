import { saveRejectedEvents } from '../../../db/events/save-rejected.ts';
import type { SourceOutcome } from '../../domain/source-outcome.ts';
import { type ReadWebhook, rejectWebhook, type WebhookOwner } from '../../sources/read-webhook.ts';
import type { WebhookRequest } from '../../sources/webhooks/webhook-kind.ts';
import { createEventCounts } from '../events/count-events.ts';
import type { ApiDeps } from '../frame/deps.ts';
import { createAcceptRead } from './accept-read.ts';

/** Stores what a request says: in the log, with the deliveries that it reports on, or on the rejected list. */
export type StoreWebhook = (
  owner: WebhookOwner,
  request: WebhookRequest,
  read: ReadWebhook,
) => Promise<SourceOutcome>;

export function createStoreWebhook(deps: ApiDeps): StoreWebhook {
  const measure = createEventCounts(deps.metrics.instruments);
  const acceptRead = createAcceptRead(deps);
  return async (owner, request, read) => {
    const startedAt = performance.now();
    const { events, rejection } = read;
    const { accepted, isNew, isUnknown } = await acceptRead(owner.workspace, read);
    const refused = rejection ?? (isUnknown ? rejectUnknownDelivery(owner, request) : null);
    const rejections = refused === null ? [] : [refused];
    if (refused !== null) await saveRejectedEvents(deps.db.sql, rejections);
    measure('webhook', { events, receipts: accepted, rejections }, performance.now() - startedAt);
    if (isNew) return 'accepted';
    return refused !== null || accepted.some(({ status }) => status === 'rejected')
      ? 'unreadable'
      : 'repeated';
  };
}

function rejectUnknownDelivery(owner: WebhookOwner, request: WebhookRequest) {
  const refusal = {
    code: 'unknown_delivery',
    reason: 'no message of this workspace has the id that the receipt names, or not yet',
  };
  return rejectWebhook(owner, request, refusal, null, []);
}
