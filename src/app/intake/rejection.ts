import { hash } from 'node:crypto';
import type { Rejection } from '../../../db/events/save-rejected.ts';
import { MAX_KEPT_CHARS } from '../../domain/event-limits.ts';
import type { DirectRefusal } from '../../domain/protocol.ts';
import { SIGNAL_SOURCE } from '../../domain/ticket.ts';
import { toCanonicalText } from '../../domain/values/canonical-text.ts';
import { excerpt } from '../../domain/values/inspect-value.ts';
import { hashIdentity, listIdentities } from '../identity/resolve-identities.ts';
import type { IncomingEvent } from './incoming-event.ts';
import type { Refusal } from './refused-events.ts';

/** Builds the rejection of an event that a source has parsed. */
export function rejectEvent(
  event: IncomingEvent,
  refusal: Refusal,
  body = excerpt(event, MAX_KEPT_CHARS),
): Rejection {
  const { workspace, messageId, source, customerId } = event;
  const { type, name, userId, anonymousId, previousId, properties, traits } = event;
  const said = { type, name, userId, anonymousId, previousId, properties, traits };
  const identities =
    customerId === undefined
      ? listIdentities(event).map(hashIdentity)
      : [hashCustomer({ workspace, customerId })];
  const content = digestRejected({ code: refusal.code, messageId, said });
  return { workspace, messageId, source, ...refusal, body, content, identities, received: null };
}

/** Builds the rejection of an item of a signal to the journey of a customer. */
export function rejectSignalled(
  { code, messageId, reason, body }: DirectRefusal,
  owner: { workspace: string; customerId: string },
): Rejection {
  const content = digestRejected({ code, messageId, said: body });
  const { workspace } = owner;
  const identities = [hashCustomer(owner)];
  return {
    workspace,
    messageId,
    source: SIGNAL_SOURCE,
    code,
    reason,
    body,
    content,
    identities,
    received: null,
  };
}

function hashCustomer({ workspace, customerId }: { workspace: string; customerId: string }): string {
  return hashIdentity({ workspace, type: 'customer', value: customerId });
}

/** Identifies a rejected event, so that it stands on the list once, however often it is sent. */
export function digestRejected(event: { code: string; messageId: string | null; said: unknown }): string {
  return hash('sha256', toCanonicalText(event), 'base64url');
}
