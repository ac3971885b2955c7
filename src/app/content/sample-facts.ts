import type { Trait } from '../../domain/customer/profile.ts';
import type { ActionDef } from '../../domain/definition.ts';
import type { Instant } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { MessageFacts } from '../deliver/message-delivery.ts';

/** Stands for every id and token that only a message which is sent has. */
export const SAMPLE = 'preview';

/** Invented data, in the place of what is known. */
export interface SampleData {
  traits?: Record<string, unknown> | undefined;
  /** The event that the message is about. */
  event?: { name?: string | undefined; properties?: Record<string, unknown> | undefined } | undefined;
}

/** The facts with sample traits. Each counts as stated by the source that its declaration names. */
export function withSampleTraits(
  facts: MessageFacts,
  { traits = {} }: SampleData,
  now: Instant,
): MessageFacts {
  const stated = Object.entries(traits).map(([name, value]): [string, Trait] => {
    const source = getOwn(facts.attributes, name)?.source ?? 'sample';
    return [name, { value, at: now, seq: facts.profileSeq, source }];
  });
  const { profile } = facts;
  return { ...facts, profile: { ...profile, traits: { ...profile.traits, ...Object.fromEntries(stated) } } };
}

/** The facts with the coupon that the action would issue. */
export function withSampleCoupon(facts: MessageFacts, { id, coupon }: ActionDef, now: Instant): MessageFacts {
  if (!coupon) return facts;
  const { percent, validFor } = coupon;
  const sample = {
    id: SAMPLE,
    code: 'SAMPLE-CODE',
    action: id,
    once: '',
    percent,
    expiresAt: now + validFor,
  };
  return { ...facts, coupons: [{ ...sample, state: 'issued', isCommunicated: false }] };
}
