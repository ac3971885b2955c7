import { type Profile, readTrait } from './customer/profile.ts';
import type { Interest } from './definition.ts';
import { classifyEvent, isAccountEcho, isShownActionEvent, type JourneyEvent } from './event.ts';

/** Kinds that concern every customer journey, whatever its definitions say. */
const ALWAYS = ['ticket', 'consent', 'outcome', 'command'];

/**
 * Whether an event must wake its customer's journey. One that nothing refers to folds into the profile and wakes
 * nobody. `before` holds the values of the traits as they were before the event was folded; `saysConsent`, whether it
 * states a consent that wasn't known.
 */
export function wakesJourney(
  interest: Interest,
  event: Pick<JourneyEvent, 'name' | 'properties' | 'context' | 'at' | 'seq' | 'source' | 'historical'>,
  before: Record<string, unknown>,
  profile: Profile,
  saysConsent: boolean,
): boolean {
  if (event.historical) return false;
  // It was told to this contact because something here looks at it.
  if (isAccountEcho(event)) return true;
  if (interest.events.includes(event.name)) return true;
  // A page shows something at each view; only what a definition looks at is news to the journey.
  if (ALWAYS.includes(classifyEvent(event.name)) && !isShownActionEvent(event.name)) return true;
  if (saysConsent) return true;
  return listWatchedTraits(interest, profile).some(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(readTrait(profile, key)),
  );
}

/** The traits that some condition reads. */
export function listWatchedTraits(interest: Interest, profile: Profile): string[] {
  return interest.traits.includes('*') ? Object.keys(profile.traits) : interest.traits;
}
