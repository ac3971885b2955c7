import type { Trait } from '../../domain/customer/profile.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { MessageFacts } from '../deliver/message-delivery.ts';

/** Invented data, in the place of what is known. */
export interface SampleData {
  traits?: Record<string, unknown> | undefined;
  /** The event that the message is about. */
  event?: { name?: string | undefined; properties?: Record<string, unknown> | undefined } | undefined;
}

/** The facts with sample traits. Each counts as stated by the source that its declaration names. */
export function withSample(facts: MessageFacts, { traits = {} }: SampleData, now: Instant): MessageFacts {
  const stated = Object.entries(traits).map(([name, value]): [string, Trait] => {
    const source = facts.attributes[name]?.source ?? 'sample';
    return [name, { value, at: now, seq: facts.profileSeq, source }];
  });
  const { profile } = facts;
  return { ...facts, profile: { ...profile, traits: { ...profile.traits, ...Object.fromEntries(stated) } } };
}
