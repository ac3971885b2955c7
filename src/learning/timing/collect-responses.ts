import type { Touch } from '../../domain/customer/touch.ts';
import type { Zone } from '../../domain/time/zone.ts';
import type { ResponseHistory } from './hour-profile.ts';
import type { CustomerResponse } from './hours-of-week.ts';

/** Answers to what was sent: they could only come when it was. An open of an e-mail is mostly a proxy's, and none. */
const CAUSED = /_(click|reply)$|^push_open$/;
/** Of their own accord. */
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
/** A click on the spot (a web page's, an inbox's) comes when the customer is there, not when we ask. */
const ON_THE_SPOT = /^(web|ivr|chat|inbox)_/;

/**
 * When a customer answered and when they were written to, in their own zone, out of the touches that their profile
 * keeps. Both from the same list, so that neither reaches further back than the other.
 */
export function collectResponses(touches: readonly Touch[], zone: Zone): ResponseHistory {
  const responses: CustomerResponse[] = [];
  const sent: number[] = [];
  for (const { at, kind, machine } of touches) {
    if (kind.endsWith('_sent')) sent.push(at);
    const caused = CAUSED.test(kind) && !ON_THE_SPOT.test(kind);
    if (caused || FREE.has(kind) || ON_THE_SPOT.test(kind))
      responses.push({ at, caused, automated: machine === true });
  }
  return { responses, sentAt: sent, zone };
}
