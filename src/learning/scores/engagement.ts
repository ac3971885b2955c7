import type { Touch } from '../../domain/customer/touch.ts';
import { DAY, type Instant, type Millis } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { exp2 } from '../../maths/elementary.ts';
import type { Score } from './types.ts';

export interface EngagementSettings {
  /** How long until half of it is forgotten: interest in contact, and in buying. */
  halfLife: { contact: Millis; shop: Millis };
  /** What a human touch weighs, by kind. */
  contact: Record<string, number>;
  shop: Record<string, number>;
  /** Evidence at which the score is one half. */
  middle: number;
}

/** Opens of e-mails say little: privacy proxies open for everybody. */
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
/** Older touches have less than a thousandth of their weight. */
const HALVES = 10;

/**
 * Weight of all evidence by `now`, each touch halved every half-life. Machines aren't engaged, and what comes later
 * hasn't happened. Touches come in their order, so that the sum of floats is always the same.
 */
function computeEngagementEvidence(
  touches: readonly Touch[],
  now: Instant,
  settings: EngagementSettings = DEFAULT_ENGAGEMENT,
): { contact: number; shop: number } {
  const { halfLife: half } = settings;
  const evidence = { contact: 0, shop: 0 };
  for (const { at, kind, machine } of touches) {
    const age = now - at;
    if (machine || age < 0) continue;
    const contact = getOwn(settings.contact, kind) ?? (kind.endsWith('_reply') ? REPLY : 0);
    const shop = getOwn(settings.shop, kind) ?? 0;
    if (contact > 0 && age < HALVES * half.contact)
      evidence.contact += contact * computeFading(age, half.contact);
    if (shop > 0 && age < HALVES * half.shop) evidence.shop += shop * computeFading(age, half.shop);
  }
  return evidence;
}

/** The score alone, without its reasons. */
export function computeEngagementValue(
  touches: readonly Touch[],
  now: Instant,
  settings: EngagementSettings = DEFAULT_ENGAGEMENT,
): number {
  const { contact, shop } = computeEngagementEvidence(touches, now, settings);
  return 1 - exp2(-(contact + shop) / settings.middle);
}

/** 0 for who never did anything, ½ at `middle`, near 1 for who does something every day. */
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

/** What is left of 1 after `age`, halved every `half`. */
export function computeFading(age: Millis, half: Millis): number {
  return exp2(-age / half);
}
