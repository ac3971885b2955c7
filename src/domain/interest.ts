import type { Interest } from './definition.ts';
import { isAboutShown, isEcho, type JourneyEvent, kindOf } from './event.ts';
import { type Profile, trait } from './profile.ts';

/** Kinds that concern every customer journey, whatever its definitions say. */
const ALWAYS = ['ticket', 'consent', 'outcome', 'command'];

/**
 * Whether an event must wake its customer's journey. One that nothing refers to folds into the profile and wakes
 * nobody. `before` holds the values of the traits as they were before the event was folded; `saysConsent`, whether it
 * states a consent that wasn't known.
 */
export function wakes(
  interest: Interest,
  event: Pick<JourneyEvent, 'name' | 'properties' | 'context' | 'at' | 'seq' | 'source' | 'historical'>,
  before: Record<string, unknown>,
  profile: Profile,
  saysConsent: boolean,
): boolean {
  if (event.historical) return false;
  // It was told to this contact because something here looks at it.
  if (isEcho(event)) return true;
  if (interest.events.includes(event.name)) return true;
  // A page shows something at each view; only what a definition looks at is news to the journey.
  if (ALWAYS.includes(kindOf(event.name)) && !isAboutShown(event.name)) return true;
  if (saysConsent) return true;
  return watched(interest, profile).some(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(trait(profile, key)),
  );
}

/** The traits that some condition reads. */
export function watched(interest: Interest, profile: Profile): string[] {
  return interest.traits.includes('*') ? Object.keys(profile.traits) : interest.traits;
}
