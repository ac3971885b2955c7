import { type JourneyEvent, textOf } from '../../domain/event.ts';
import { own } from '../../domain/own.ts';
import { KEPT_TOUCHES, type Touch } from './types.ts';

/** What Segment's events say about interest. */
const KINDS: Record<string, string> = {
  'Page Viewed': 'session',
  'Screen Viewed': 'session',
  'Application Opened': 'session',
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
};

/** Outcomes, by their channel. */
const OUTCOMES: Record<string, string> = {
  'Delivery Opened': 'open',
  'Delivery Clicked': 'click',
  'Delivery Replied': 'reply',
};

type Told = Pick<JourneyEvent, 'name' | 'at' | 'properties'>;

/** What an event tells the scores, or null if nothing: `email_open`, `view`, `cart`…. */
export function touchOf({ name, at, properties }: Told): Touch | null {
  const outcome = own(OUTCOMES, name);
  const channel = textOf(properties.channel);
  const kind = outcome === undefined ? own(KINDS, name) : channel && `${channel}_${outcome}`;
  if (kind === undefined) return null;
  return {
    at,
    kind,
    category: textOf(properties.category) ?? null,
    item: textOf(properties.product_id) ?? null,
    machine: properties.machine === true,
  };
}

/** Keeps the newest; of one instant, those that sort last by their content. So the order of arrival changes nothing. */
export function keepTouch(touches: readonly Touch[], touch: Touch, most = KEPT_TOUCHES): Touch[] {
  return [...touches, touch].sort(byTime).slice(-most);
}

/** Oldest first; equal instants by content, so that the same touches are always in the same order. */
export function byTime(one: Touch, other: Touch): number {
  if (one.at !== other.at) return one.at - other.at;
  const a = JSON.stringify([one.kind, one.category, one.item, one.machine]);
  const b = JSON.stringify([other.kind, other.category, other.item, other.machine]);
  return a < b ? -1 : a > b ? 1 : 0;
}
