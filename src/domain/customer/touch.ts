import { type JourneyEvent, toText } from '../event.ts';
import { type Instant, MINUTE } from '../time/time.ts';
import { getOwn } from '../values/get-own.ts';

/** Something a customer did, or that was done towards them: what engagement, intent and send times are made of. */
export interface Touch {
  at: Instant;
  /** Name of a weight: `view`, `cart`, `email_click`… One that has no weight counts nothing. */
  kind: string;
  /** Kind of thing it was about; missing if unknown. */
  category?: string;
  /** Product it was about; missing if unknown. A second view of it is a repeat view. */
  item?: string;
  /** A privacy proxy's open, a scanner's click: it says nothing about the customer. */
  machine?: true;
}

/** The newest are kept: intent fades within days. */
export const KEPT_TOUCHES = 60;

/** Ids and categories come from outside. */
const LONGEST = 64;
/** Pages seen within such a stretch are one visit, or an hour's browsing would crowd out a month's clicks. */
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

/** Events that tell the scores something. Outcomes do, too; they always wake. */
export const TOUCH_EVENTS: readonly string[] = Object.keys(KINDS);

/** Outcomes, by their channel. `sent` is no answer: answers are held against how often was asked. */
const OUTCOMES: Record<string, string> = {
  'Delivery Sent': 'sent',
  'Delivery Opened': 'open',
  'Delivery Clicked': 'click',
  'Delivery Replied': 'reply',
  'Action Clicked': 'click',
  'Action Accepted': 'click',
};

type Told = Pick<JourneyEvent, 'name' | 'at' | 'properties'>;

/** What an event tells the scores, or null if nothing: `email_open`, `view`, `cart`…. */
export function readTouch({ name, at, properties }: Told): Touch | null {
  const outcome = getOwn(OUTCOMES, name);
  const channel = outcome && toText(properties.channel);
  const kind =
    outcome === undefined ? getOwn(KINDS, name) : channel && `${channel.slice(0, LONGEST)}_${outcome}`;
  if (kind === undefined) return null;
  if (kind === SESSION) return { at: Math.floor(at / VISIT) * VISIT, kind };
  const touch: Touch = { at, kind };
  const category = toText(properties.category);
  const item = toText(properties.product_id);
  if (category !== undefined) touch.category = category.slice(0, LONGEST);
  if (item !== undefined) touch.item = item.slice(0, LONGEST);
  if (properties.machine === true) touch.machine = true;
  return touch;
}

/**
 * Puts a touch among those kept, oldest first, in place: acceptance folds thousands a second. What stays is the newest,
 * whatever the order of arrival; a visit counts once.
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

/** The touches of two customers who are one, as if they had come to one. */
export function mergeTouches(a: readonly Touch[], b: readonly Touch[]): Touch[] {
  const united = [...a];
  for (const touch of b) foldTouch(united, touch);
  return united;
}

/** Oldest first; equal instants by content, so that the same touches are always in the same order. */
export function compareTouches(one: Touch, other: Touch): number {
  if (one.at !== other.at) return one.at - other.at;
  const [a, b] = [contentOf(one), contentOf(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function contentOf({ kind, category, item, machine }: Touch): string {
  return JSON.stringify([kind, category, item, machine]);
}
