import type { Instant } from '../time/time.ts';
import { getOwn } from '../values/get-own.ts';
import { type Consent, compareConsents, resolveConsent } from './consent.ts';
import { mergeCommerce } from './merge-commerce.ts';
import { KEPT_COUNTS, KEPT_PREFERENCES, KEPT_TRAITS, type Profile, type Trait } from './profile.ts';
import { mergeTouches } from './touch.ts';

/** Source of what a merge says. */
const MERGE_SOURCE = 'merge';

/**
 * The golden record of two customers who are one. As if one log had been folded, except where that would take a wish
 * away: then the stricter holds. The same whichever way round, but for made-up ids and the traits' sequence numbers.
 */
export function mergeProfiles(winner: Profile, loser: Profile): Profile {
  return structuredClone({
    ...mergeCommerce(winner, loser),
    traits: mergeTraits(winner.traits, loser.traits),
    preferences: mergePreferences(winner.preferences, loser.preferences),
    counts: mergeCounts(winner.counts, loser.counts),
    snoozed: laterSnooze(winner.snoozed, loser.snoozed),
    personalisation: lowerLevel(winner.personalisation, loser.personalisation),
    touches: mergeTouches(winner.touches, loser.touches),
  });
}

/**
 * Statements that make the winner's consent as strict as either was, to be appended to the winner's at the merge event
 * (`at`, `seq`): the loser's grants, and a withdrawal for whatever either has withdrawn and not granted since.
 * Who never spoke of something takes nothing away.
 */
export function stricterConsents(winner: Consent[], loser: Consent[], at: Instant, seq: number): Consent[] {
  const said = [...winner, ...loser];
  const latest = said.reduce((max, one) => Math.max(max, one.at), at);
  const rows = new Map<string, Consent>();
  for (const one of [...loser].sort(compareConsents)) {
    if (one.status === 'granted') rows.set(scopeOf(one), { ...one, seq });
  }
  for (const list of [winner, loser]) {
    for (const one of list.filter((c) => stands(list, c))) {
      rows.set(scopeOf(one), { ...one, source: MERGE_SOURCE, at: latest, seq });
    }
  }
  return [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** A withdrawal that no later grant of as much has lifted. */
function stands(all: Consent[], one: Consent): boolean {
  return (
    one.status === 'withdrawn' &&
    resolveConsent(
      all.filter((c) => c.status === 'granted' || c === one),
      one.purpose,
      one.channel,
      one.topic,
    )?.status === 'withdrawn'
  );
}

function scopeOf({ purpose, channel, topic }: Consent): string {
  return JSON.stringify([purpose, channel, topic]);
}

/** The later word. The loser's numbers come from another log, so at the same instant the winner's next word beats them. */
function mergeTraits(winner: Record<string, Trait>, loser: Record<string, Trait>): Record<string, Trait> {
  const traits = { ...winner };
  for (const [key, said] of Object.entries(loser)) {
    const known = getOwn(traits, key);
    const order = known ? said.at - known.at || (textOfTrait(said) > textOfTrait(known) ? 1 : -1) : 1;
    if (order > 0) traits[key] = { ...said, seq: 0 };
  }
  return newest(traits, KEPT_TRAITS, (trait) => trait.at);
}

function textOfTrait({ value, source }: Trait): string {
  return JSON.stringify([value ?? null, source]);
}

/**
 * What consent objects said last is no consent, only the measure of what is news. So a yes stays known if either said
 * it: a browser that repeats with every call what it always said would else undo the other's no.
 */
function mergePreferences(a: Profile['preferences'], b: Profile['preferences']): Profile['preferences'] {
  const merged = { ...a };
  for (const [purpose, said] of Object.entries(b)) {
    const known = getOwn(merged, purpose);
    const granted = said.granted || (known?.granted ?? false);
    merged[purpose] = { granted, at: Math.max(said.at, known?.at ?? said.at) };
  }
  return newest(merged, KEPT_PREFERENCES, (said) => said.at);
}

function mergeCounts(a: Profile['counts'], b: Profile['counts']): Profile['counts'] {
  const merged = { ...a };
  for (const [name, count] of Object.entries(b)) {
    const known = getOwn(merged, name);
    merged[name] = known
      ? {
          n: known.n + count.n,
          first: Math.min(known.first, count.first),
          last: Math.max(known.last, count.last),
        }
      : count;
  }
  return newest(merged, KEPT_COUNTS, (count) => count.last);
}

/** A profile doesn't grow by merging either: the newest stay. */
function newest<T>(record: Record<string, T>, kept: number, at: (value: T) => Instant): Record<string, T> {
  const entries = Object.entries(record);
  if (entries.length <= kept) return record;
  entries.sort(([a, x], [b, y]) => at(y) - at(x) || (a < b ? -1 : 1));
  return Object.fromEntries(entries.slice(0, kept));
}

/** Silent until the later end, about all that either wanted silence about; unless one was over when the other was said. */
function laterSnooze(a: Profile['snoozed'], b: Profile['snoozed']): Profile['snoozed'] {
  if (!a || !b) return a ?? b;
  if (a.until <= b.at || b.until <= a.at)
    return a.until > b.until || (a.until === b.until && a.at > b.at) ? a : b;
  return {
    until: Math.max(a.until, b.until),
    topics: a.topics && b.topics && [...new Set([...a.topics, ...b.topics])].sort(),
    at: Math.max(a.at, b.at),
  };
}

/** As little personal as either wanted. */
function lowerLevel(
  a: Profile['personalisation'],
  b: Profile['personalisation'],
): Profile['personalisation'] {
  if (!a || !b) return a ?? b;
  return { level: Math.min(a.level, b.level), at: Math.max(a.at, b.at) };
}
