import type { Touch } from '../../domain/customer/touch.ts';
import type { Zone } from '../../domain/time/zone.ts';
import type { ResponseHistory } from './hour-profile.ts';
import type { CustomerResponse } from './hours-of-week.ts';

/**
 * Responses to a message: they can only come after one was sent. Opens of e-mails are not included, because most of
 * them come from privacy proxies.
 */
const CAUSED = /_(click|reply)$|^push_open$/;
/** Things that customers do without a message. */
const FREE: ReadonlySet<string> = new Set([
  'session',
  'view',
  'search',
  'cart',
  'wish',
  'cart_view',
  'checkout',
  'purchase',
  'review',
  'share',
  'invite',
]);
/** A click in a real-time channel (web page, inbox) comes when the customer is there, not when a message was sent. */
const REALTIME = /^(web|ivr|chat|inbox)_/;

/**
 * Collects from a customer's touches when they responded and when messages were sent to them. Both come from the same
 * list, so that both reach equally far back.
 */
export function collectResponses(touches: readonly Touch[], zone: Zone): ResponseHistory {
  const responses: CustomerResponse[] = [];
  const sentAt: number[] = [];
  for (const { at, kind, machine } of touches) {
    if (kind.endsWith('_sent')) sentAt.push(at);
    const caused = CAUSED.test(kind) && !REALTIME.test(kind);
    if (caused || FREE.has(kind) || REALTIME.test(kind))
      responses.push({ at, caused, automated: machine === true });
  }
  return { responses, sentAt, zone };
}
