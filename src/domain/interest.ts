import { type Profile, readTrait } from './customer/profile.ts';
import type { Interest } from './definition.ts';
import { classifyEvent, isAccountEcho, isShownActionEvent, type JourneyEvent } from './event.ts';
import { isReceiptEvent } from './receipt.ts';

/** Kinds of events that wake every customer journey, whatever its definitions name. */
const ALWAYS = ['ticket', 'consent', 'outcome', 'command'];

/**
 * Whether an event must wake its customer's journey. An event that no definition refers to only updates the profile. One
 * that tells a known fact again wakes by the consent and the traits that came with it, and by nothing else.
 * @param before values of the watched traits before the event
 * @param profile the profile after the event
 * @param changesConsent whether the event changes a consent
 */
export function wakesJourney(
  interest: Interest,
  event: Pick<
    JourneyEvent,
    'name' | 'properties' | 'context' | 'at' | 'seq' | 'source' | 'historical' | 'repeats'
  >,
  before: Record<string, unknown>,
  profile: Profile,
  changesConsent: boolean,
): boolean {
  if (event.historical) return false;
  // It was copied to this customer because a definition refers to it.
  if (isAccountEcho(event)) return true;
  if (event.repeats) return changesConsent || changesTraits(interest, before, profile);
  if (interest.events.includes(event.name)) return true;
  // A page reports an action at each view, and a provider every message that arrives, so these wake a journey only if a
  // definition refers to them.
  const isReport = isShownActionEvent(event.name) || isReceiptEvent(event.name);
  if (ALWAYS.includes(classifyEvent(event.name)) && !isReport) return true;
  return changesConsent || changesTraits(interest, before, profile);
}

function changesTraits(interest: Interest, before: Record<string, unknown>, profile: Profile): boolean {
  return listWatchedTraits(interest, profile).some((key) => {
    const after = readTrait(profile, key);
    return before[key] !== after && JSON.stringify(before[key]) !== JSON.stringify(after);
  });
}

/** The traits that conditions read: a change of their values wakes the journey. */
export function listWatchedTraits(interest: Interest, profile: Profile): string[] {
  return interest.traits.includes('*') ? Object.keys(profile.traits) : interest.traits;
}
