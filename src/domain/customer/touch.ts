import { type JourneyEvent, toText } from '../event.ts';
import { readFactId } from '../fact-id.ts';
import { type Instant, MINUTE } from '../time/time.ts';
import { getOwn } from '../values/get-own.ts';

/** An action of a customer or a message to them. Engagement, intent and send times are computed from touches. */
export interface Touch {
  at: Instant;
  /** `view`, `cart`, `email_click`… Each kind has a weight; a kind without one counts nothing. */
  kind: string;
  /** Category of the product; missing if unknown. */
  category?: string;
  /** Product id; missing if unknown. A second view of a product is a repeat view. */
  item?: string;
  /** Caused by a machine, such as a privacy proxy or a link scanner, and so no sign of the customer. */
  machine?: true;
}

/** How many are kept, the newest ones: intent fades within days. */
export const KEPT_TOUCHES = 60;

/** Longest id or category that is kept. */
const LONGEST = 64;
/** Pages viewed within this time are one visit, so that an hour of browsing does not push out a month of clicks. */
const VISIT = 30 * MINUTE;
const SESSION = 'session';

const KINDS: Record<string, string> = {
  'Page Viewed': SESSION,
  'Screen Viewed': SESSION,
  'Application Opened': SESSION,
  'Product Viewed': 'view',
  'Product Clicked': 'view',
  'Product List Viewed': 'view',
  'Products Searched': 'search',
  'Product Added': 'cart',
  'Product Added to Wishlist': 'wish',
  'Cart Viewed': 'cart_view',
  'Checkout Started': 'checkout',
  'Payment Failed': 'payment_error',
  'Order Completed': 'purchase',
  'Product Reviewed': 'review',
  'Product Shared': 'share',
  'Cart Shared': 'share',
  'Invite Sent': 'invite',
  'Promoter Found': 'promoter',
};

/** Events that the scores read, besides outcomes of deliveries. */
export const TOUCH_EVENTS: readonly string[] = Object.keys(KINDS);

/** Outcomes, which get their channel as a prefix. `sent` is kept as the base that answers are compared with. */
const OUTCOMES: Record<string, string> = {
  'Delivery Sent': 'sent',
  'Delivery Opened': 'open',
  'Delivery Clicked': 'click',
  'Delivery Replied': 'reply',
  'Action Clicked': 'click',
  'Action Accepted': 'click',
};

type TouchEvent = Pick<JourneyEvent, 'name' | 'at' | 'properties'>;

/** The touch that an event is (`email_open`, `view`, `cart`…), or null. */
export function readTouch({ name, at, properties }: TouchEvent): Touch | null {
  const outcome = getOwn(OUTCOMES, name);
  const channel = outcome && toText(properties.channel);
  const kind =
    outcome === undefined ? getOwn(KINDS, name) : channel && `${channel.slice(0, LONGEST)}_${outcome}`;
  if (kind === undefined) return null;
  if (kind === SESSION) return { at: Math.floor(at / VISIT) * VISIT, kind };
  const touch: Touch = { at, kind };
  const category = toText(properties.category);
  const item = readFactId(properties.product_id);
  if (category !== undefined) touch.category = category.slice(0, LONGEST);
  if (item !== undefined) touch.item = item.slice(0, LONGEST);
  if (properties.machine === true) touch.machine = true;
  return touch;
}

/**
 * Inserts a touch by time, in place, and keeps the newest {@link KEPT_TOUCHES}. The result does not depend on the
 * order of arrival. A visit counts once.
 */
export function foldTouch(touches: Touch[], touch: Touch): void {
  let place = touches.length;
  while (place > 0 && compareTouches(touches[place - 1] as Touch, touch) > 0) place--;
  if (place === 0 && touches.length >= KEPT_TOUCHES) return;
  const before = touches[place - 1];
  if (touch.kind === SESSION && before && compareTouches(before, touch) === 0) return;
  touches.splice(place, 0, touch);
  if (touches.length > KEPT_TOUCHES) touches.shift();
}

/** Merges the touches of two customers, as if all had been folded into one profile. */
export function mergeTouches(a: readonly Touch[], b: readonly Touch[]): Touch[] {
  const merged = [...a];
  for (const touch of b) foldTouch(merged, touch);
  return merged;
}

/** Orders by time, then by content, so that the same touches are always in the same order. */
export function compareTouches(a: Touch, b: Touch): number {
  if (a.at !== b.at) return a.at - b.at;
  const [contentA, contentB] = [serialize(a), serialize(b)];
  return contentA < contentB ? -1 : contentA > contentB ? 1 : 0;
}

function serialize({ kind, category, item, machine }: Touch): string {
  return JSON.stringify([kind, category, item, machine]);
}
