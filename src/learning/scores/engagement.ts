import type { Touch } from '../../domain/customer/touch.ts';
import { DAY, type Instant, type Millis } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { exp2 } from '../../maths/elementary.ts';
import type { Score } from './types.ts';

export interface EngagementSettings {
  /** Half-life of a touch's weight: for interest in contact, and in buying. */
  halfLife: { contact: Millis; shop: Millis };
  /** Weight of a human touch, by kind. */
  contact: Record<string, number>;
  shop: Record<string, number>;
  /** Evidence at which the score is one half. */
  middle: number;
}

/** Opens of e-mails have a low weight, because privacy proxies open every message. */
export const DEFAULT_ENGAGEMENT: EngagementSettings = {
  halfLife: { contact: 14 * DAY, shop: 30 * DAY },
  contact: {
    email_open: 0.1,
    email_click: 1,
    sms_click: 1,
    push_open: 0.5,
    push_click: 1,
    inbox_click: 1,
    web_click: 1,
  },
  shop: {
    session: 0.3,
    view: 0.3,
    search: 0.5,
    wish: 0.7,
    cart: 1,
    checkout: 1,
    purchase: 2,
    review: 2,
    share: 2,
    invite: 2,
    promoter: 2,
  },
  middle: 3,
};
const REPLY = 1.5;
/** Touches that are older than this many half-lives have lost 99.9 % of their weight, and are skipped. */
const MAX_HALF_LIVES = 10;

/**
 * Sums the weights of the touches until `now`; each weight halves every half-life. Automated touches don't count. The
 * touches are sorted by time, so that the rounding of the sum is always the same.
 */
function computeEngagementEvidence(
  touches: readonly Touch[],
  now: Instant,
  settings: EngagementSettings = DEFAULT_ENGAGEMENT,
): { contact: number; shop: number } {
  const { halfLife } = settings;
  const evidence = { contact: 0, shop: 0 };
  for (const { at, kind, machine } of touches) {
    const age = now - at;
    if (machine || age < 0) continue;
    const contact = getOwn(settings.contact, kind) ?? (kind.endsWith('_reply') ? REPLY : 0);
    const shop = getOwn(settings.shop, kind) ?? 0;
    if (contact > 0 && age < MAX_HALF_LIVES * halfLife.contact)
      evidence.contact += contact * computeFading(age, halfLife.contact);
    if (shop > 0 && age < MAX_HALF_LIVES * halfLife.shop)
      evidence.shop += shop * computeFading(age, halfLife.shop);
  }
  return evidence;
}

/** Computes the engagement score without its reasons: 1 − 2^(−evidence / middle). */
export function computeEngagementValue(
  touches: readonly Touch[],
  now: Instant,
  settings: EngagementSettings = DEFAULT_ENGAGEMENT,
): number {
  const { contact, shop } = computeEngagementEvidence(touches, now, settings);
  return 1 - exp2(-(contact + shop) / settings.middle);
}

/** Computes the engagement score with its reasons: 0 without a touch, ½ at `middle`, near 1 with touches every day. */
export function explainEngagement(
  touches: readonly Touch[],
  now: Instant,
  settings: EngagementSettings = DEFAULT_ENGAGEMENT,
): Score {
  const { contact, shop } = computeEngagementEvidence(touches, now, settings);
  const evidence = contact + shop;
  const value = 1 - exp2(-evidence / settings.middle);
  const share = (part: number) => (evidence > 0 ? (value * part) / evidence : 0);
  return {
    value,
    because: [
      { name: 'contact', observed: contact, adds: share(contact) },
      { name: 'shop', observed: shop, adds: share(shop) },
    ],
  };
}

/** The rest of a weight of 1 after `age`: 2^(−age / halfLife). */
export function computeFading(age: Millis, halfLife: Millis): number {
  return exp2(-age / halfLife);
}
