import type { Instant } from '../time/time.ts';
import {
  type Consent,
  dropRepetitions,
  isWithin,
  MERGE_SOURCE,
  overlaps,
  resolveConsent,
  serializeScope,
} from './consent.ts';
import { isDevice, mergeConsentMemories } from './consent-memory.ts';
import { mergeCounts } from './counts.ts';
import { mergeTraits } from './fold-traits.ts';
import { limitCommerce } from './limit-commerce.ts';
import { mergeCommerce } from './merge-commerce.ts';
import { addDropped, type Profile } from './profile.ts';
import type { Room } from './room.ts';
import { mergeTouches } from './touch.ts';

/**
 * Merges the profiles of two customers, as if one log had been folded. Where that would weaken a customer's preference,
 * the stricter one wins. Swapping the two changes only made-up ids and the traits' sequence numbers.
 * @param room what the definitions read, which always has room
 */
export function mergeProfiles(winner: Profile, loser: Profile, room?: Room): Profile {
  const { traits, dropped: lostTraits } = mergeTraits(winner.traits, loser.traits, room?.traits);
  const { counts, dropped: lostCounts } = mergeCounts(winner.counts, loser.counts, room);
  const commerce = mergeCommerce(winner, loser);
  limitCommerce(commerce);
  return structuredClone({
    ...commerce,
    traits,
    ...mergeDropped(winner, loser, lostTraits.length, lostCounts.length),
    statements: mergeConsentMemories(winner.statements, loser.statements),
    counts,
    snoozed: laterSnooze(winner.snoozed, loser.snoozed),
    personalisation: lowerLevel(winner.personalisation, loser.personalisation),
    touches: mergeTouches(winner.touches, loser.touches),
  });
}

/**
 * The consents to append to the winner's at the merge event (`at`, `seq`), so that the result is as strict as either
 * was: the loser's grants, and a withdrawal of whatever either of the two has withdrawn and not granted since. A
 * missing consent restricts nothing.
 */
export function stricterConsents(winner: Consent[], loser: Consent[], at: Instant, seq: number): Consent[] {
  const latest = [...winner, ...loser].reduce((max, consent) => Math.max(max, consent.at), at);
  const news = listDeviceGrants([...winner, ...loser]);
  const [winners, losers] = [settle(winner, news), settle(loser, news)];
  const repeated = winner.filter((consent) => isDeviceGrant(consent) && !news.has(consent));
  const ofWinner = repeatStricter(winners, losers, [...losers, ...repeated], latest);
  const ofLoser = repeatStricter(losers, winners, winner, latest);
  const withdrawn = ofLoser.length > 0 ? ofLoser : listWithdrawn(losers).map(asMerged);
  const rows = [...losers.filter((c) => isLastGrant(c, losers)), ...withdrawn, ...ofWinner];
  // Of two rows about one scope at one instant the one that withdraws.
  const distinct = new Map<string, Consent>();
  for (const row of rows.sort((a, b) => Number(a.status === 'withdrawn') - Number(b.status === 'withdrawn')))
    distinct.set(`${serializeScope(row)} ${row.at}`, { ...row, seq });
  return [...distinct.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/**
 * What a customer has withdrawn, said again after all grants, with the exceptions from it, in the customer's own order.
 * Nothing, if none of the `grants` beside it would lift a withdrawal.
 */
function repeatStricter(own: Consent[], other: Consent[], grants: Consent[], at: Instant): Consent[] {
  const withdrawals = listWithdrawn(own);
  if (!withdrawals.some((c) => grants.some((grant) => wouldLift(grant, c)))) return [];
  const others = listWithdrawn(other);
  let later = at;
  return own
    .filter((c) => withdrawals.includes(c) || isException(c, own, withdrawals, others))
    .map((consent, place, all) => {
      if (place > 0 && consent.status !== all[place - 1]?.status) later++;
      return asMerged({ ...consent, at: later });
    });
}

function listWithdrawn(all: Consent[]): Consent[] {
  return all.filter((consent) => isWithdrawn(all, consent));
}

/** A merge repeats a withdrawal, which takes nothing back for a second time. */
function asMerged(consent: Consent): Consent {
  return consent.status === 'withdrawn' ? { ...consent, source: MERGE_SOURCE } : consent;
}

function isLastGrant(consent: Consent, all: Consent[]): boolean {
  const scope = serializeScope(consent);
  return consent === all.findLast((c) => c.status === 'granted' && serializeScope(c) === scope);
}

/**
 * Without repetitions: neither of what the customer's own devices and servers said, nor of what a device had said as
 * the other customer. What remains was news, so it needs no speaker whose words it would be compared with.
 */
function settle(consents: Consent[], news: ReadonlySet<Consent>): Consent[] {
  return dropRepetitions(consents)
    .filter((consent) => !isDeviceGrant(consent) || news.has(consent))
    .map(({ speaker: _, ...consent }) => consent);
}

/** The grants of devices that are news to both customers together: a device is one speaker, even if it speaks for both. */
function listDeviceGrants(all: Consent[]): ReadonlySet<Consent> {
  const ofDevices = all.filter(({ speaker }) => speaker && isDevice(speaker));
  return new Set(dropRepetitions(ofDevices).filter(isDeviceGrant));
}

function isDeviceGrant({ status, speaker }: Consent): boolean {
  return status === 'granted' && typeof speaker === 'string' && isDevice(speaker);
}

/** Whether this is a withdrawal that no later grant of the same scope has lifted. */
function isWithdrawn(all: Consent[], consent: Consent): boolean {
  return (
    consent.status === 'withdrawn' &&
    resolveConsent(
      all.filter((c) => c.status === 'granted' || c === consent),
      consent.purpose,
      consent.channel,
      consent.topic,
    )?.status === 'withdrawn'
  );
}

/** Whether a grant of the other customer would lift a withdrawal, in part at least, if both had one log. */
function wouldLift(grant: Consent, withdrawal: Consent): boolean {
  return grant.status === 'granted' && grant.at >= withdrawal.at && overlaps(grant, withdrawal);
}

/**
 * Whether a customer granted this apart from a wider withdrawal that goes on, such as one topic on the preference page,
 * and the other customer withdrew nothing of it.
 */
function isException(grant: Consent, all: Consent[], withdrawals: Consent[], others: Consent[]): boolean {
  const { purpose, channel, topic } = grant;
  return (
    grant.status === 'granted' &&
    withdrawals.some((withdrawal) => isWithin(grant, withdrawal)) &&
    !others.some((other) => overlaps(other, grant)) &&
    resolveConsent(all, purpose, channel, topic)?.status === 'granted'
  );
}

/** What went for lack of room, from either customer and in the merge, whose time is that of the newest event. */
function mergeDropped(a: Profile, b: Profile, traits: number, counts: number): Pick<Profile, 'dropped'> {
  let dropped = a.dropped;
  if (b.dropped) dropped = addDropped(dropped, b.dropped.traits, b.dropped.counts, b.dropped.at);
  if (traits + counts > 0) {
    const times = [...Object.values(a.counts), ...Object.values(b.counts)].map(({ last }) => last);
    dropped = addDropped(dropped, traits, counts, Math.max(0, ...times));
  }
  return dropped ? { dropped } : {};
}

/**
 * Both snoozes together: until the later end, for the topics of both. If one was over before the other was requested,
 * the later one alone.
 */
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

/** The lower personalisation level of the two. */
function lowerLevel(
  a: Profile['personalisation'],
  b: Profile['personalisation'],
): Profile['personalisation'] {
  if (!a || !b) return a ?? b;
  return { level: Math.min(a.level, b.level), at: Math.max(a.at, b.at) };
}
