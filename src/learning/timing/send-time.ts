import { findQuietEnd, isQuiet, type QuietHours } from '../../domain/quiet-hours.ts';
import { DAY, HOUR, type Instant, type Millis } from '../../domain/time/time.ts';
import { nextLocalMinute, toLocal, type Zone } from '../../domain/time/zone.ts';
import { createStream } from '../../maths/stream.ts';
import type { HourProfile } from './hour-profile.ts';
import { hourOfWeek } from './hours-of-week.ts';

export interface SendTimeInput {
  profile: HourProfile;
  zone: Zone;
  now: Instant;
  /** The message must go out by then; null: within a day. */
  deadline: Instant | null;
  quiet: QuietHours | null;
  /** Local time of day, in minutes, to use without a profile. */
  fallbackMinute: number;
  /** Identifies the message: the same seed gives the same draw. */
  seed: string;
  /** Share of messages that go out at a random time, so that there is data about other hours. */
  explorationShare?: number;
}

/**
 * - `own_hours`, `cohort_hours`: the best hour of the profile before the deadline.
 * - `fallback`: there is no profile.
 * - `explore`: drawn at random.
 * - `quiet_end`: quiet hours last until the deadline, so the message goes out when they end.
 * - `deadline_past`: the deadline is over.
 *
 * With the last two, `late` is true; the caller decides whether to send at all.
 */
type SendTimeReason = 'own_hours' | 'cohort_hours' | 'fallback' | 'explore' | 'quiet_end' | 'deadline_past';

export interface SendTime {
  at: Instant;
  reason: SendTimeReason;
  /** Hour of the local week, 0 is Sunday 00:00. */
  hour: number;
  /** How much likelier a response is than in a random hour of the week; null without a profile. */
  lift: number | null;
  evidence: number;
  /** It is after the deadline, because no time before it was allowed. */
  late: boolean;
}

const DEFAULT_EXPLORATION_SHARE = 0.05;
/** A week contains every hour of the profile, so no message waits for longer. */
const MAX_WAIT: Millis = 7 * DAY;

/** Picks when a message goes out: now or later, never in quiet hours. The same input gives the same instant. */
export function pickSendTime(input: SendTimeInput): SendTime {
  const { profile, now } = input;
  const allowed = listAllowedTimes(input);
  if (allowed.length === 0) {
    const past = input.deadline !== null && input.deadline < now;
    return buildSendTime(input, skipQuietHours(input, now), past ? 'deadline_past' : 'quiet_end', true);
  }
  const draws = createStream(input.seed).fork('send-time');
  if (draws.uniform() < (input.explorationShare ?? DEFAULT_EXPLORATION_SHARE)) {
    const at = allowed[Math.floor(draws.uniform() * allowed.length)] as Instant;
    return buildSendTime(input, at, 'explore');
  }
  if (profile.source === 'none') return buildSendTime(input, findFallbackTime(input, allowed), 'fallback');
  return buildSendTime(
    input,
    findBestTime(input, allowed),
    profile.source === 'own' ? 'own_hours' : 'cohort_hours',
  );
}

/** Now and the start of each local hour until the deadline; in quiet hours, their end instead. Ascending. */
function listAllowedTimes(input: SendTimeInput): Instant[] {
  const { zone, now } = input;
  const end = Math.min(input.deadline ?? now + DAY, now + MAX_WAIT);
  const times = new Set<Instant>();
  for (let at = now; at <= end; at = nextHour(zone, at)) {
    const allowed = skipQuietHours(input, at);
    if (allowed <= end) times.add(allowed);
  }
  return [...times].sort((a, b) => a - b);
}

function nextHour(zone: Zone, at: Instant): Instant {
  const into = ((toLocal(zone, at) % HOUR) + HOUR) % HOUR;
  return at + HOUR - into;
}

function skipQuietHours({ zone, quiet }: SendTimeInput, at: Instant): Instant {
  return quiet && isQuiet(zone, quiet, at) ? findQuietEnd(zone, quiet, at) : at;
}

/** The allowed time with the highest probability of a response; the earliest of equals. */
function findBestTime({ profile, zone }: SendTimeInput, allowed: readonly Instant[]): Instant {
  let chosen = allowed[0] as Instant;
  const chance = (at: Instant) => profile.hours[hourOfWeek(zone, at)] as number;
  for (const at of allowed) if (chance(at) > chance(chosen)) chosen = at;
  return chosen;
}

/** The next time at the fallback minute, or the end of quiet hours then. If that is too late: the last allowed time. */
function findFallbackTime(input: SendTimeInput, allowed: readonly Instant[]): Instant {
  const { zone, now, fallbackMinute } = input;
  const wanted = skipQuietHours(input, nextLocalMinute(zone, now - 1, fallbackMinute));
  const last = Math.min(input.deadline ?? now + DAY, now + MAX_WAIT);
  return wanted <= last ? wanted : (allowed.at(-1) as Instant);
}

function buildSendTime(input: SendTimeInput, at: Instant, why: SendTimeReason, late = false): SendTime {
  const { profile, zone } = input;
  const hour = hourOfWeek(zone, at);
  const lift = profile.source === 'none' ? null : (profile.hours[hour] as number) * profile.hours.length;
  return { at, reason: why, hour, lift, evidence: profile.evidence, late };
}
