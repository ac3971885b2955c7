import { own } from '../../domain/own.ts';
import { DAY, type Instant, type Millis } from '../../domain/time.ts';
import { exp2 } from '../maths/elementary.ts';
import { plus, valueAt } from './decay.ts';
import type { Engagement, Score, Touch } from './types.ts';

export interface EngagementSettings {
  /** How long until half of it is forgotten: interest in contact, and in buying. */
  half: { contact: Millis; shop: Millis };
  /** What a human touch weighs, by kind. */
  contact: Record<string, number>;
  shop: Record<string, number>;
  /** Evidence at which the score is one half. */
  middle: number;
}

/** Opens of e-mails say little: privacy proxies open for everybody. */
export const ENGAGEMENT: EngagementSettings = {
  half: { contact: 14 * DAY, shop: 30 * DAY },
  contact: { email_open: 0.1, email_click: 1, sms_click: 1, push_open: 0.5, push_click: 1, inbox_click: 1 },
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
  },
  middle: 3,
};
const REPLY = 1.5;

/** Adds a touch; the order in which they come changes nothing but the last digits. Machines aren't engaged. */
export function engage(
  engagement: Engagement,
  { at, kind, machine }: Touch,
  settings: EngagementSettings = ENGAGEMENT,
): Engagement {
  if (machine) return engagement;
  const contact = own(settings.contact, kind) ?? (kind.endsWith('_reply') ? REPLY : undefined);
  const shop = own(settings.shop, kind);
  const { half } = settings;
  return {
    contact: contact ? plus(engagement.contact, at, contact, half.contact) : engagement.contact,
    shop: shop ? plus(engagement.shop, at, shop, half.shop) : engagement.shop,
  };
}

/** Weight of all evidence by now. */
export function evidenceOf(
  { contact, shop }: Engagement,
  now: Instant,
  { half }: EngagementSettings = ENGAGEMENT,
): { contact: number; shop: number } {
  return { contact: valueAt(contact, now, half.contact), shop: valueAt(shop, now, half.shop) };
}

/** 0 for who never did anything, ½ at `middle`, near 1 for who does something every day. */
export function engagementScore(
  engagement: Engagement,
  now: Instant,
  settings: EngagementSettings = ENGAGEMENT,
): Score {
  const { contact, shop } = evidenceOf(engagement, now, settings);
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
