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
  /** The message is of no use after that; null: within a day. */
  deadline: Instant | null;
  quiet: QuietHours | null;
  /** Local time of day, in minutes, where nothing is known. */
  fallbackMinute: number;
  /** Names the message: the same seed, the same draw. */
  seed: string;
  /** Share of messages sent at a random time, so that other hours are ever tried. */
  explorationShare?: number;
}

/**
 * `own_hours`, `cohort_hours`: the best hour of the profile within the time there is. `fallback`: nothing is known.
 * `explore`: drawn at random. `quiet_end`: it is quiet until the deadline, so the first moment is when the quiet ends.
 * `deadline_past`: it is over already. In these two `late` is true, and whether it is still worth sending is not decided here.
 */
type SendTimeReason = 'own_hours' | 'cohort_hours' | 'fallback' | 'explore' | 'quiet_end' | 'deadline_past';

export interface SendTime {
  at: Instant;
  reason: SendTimeReason;
  /** Hour of the local week, 0 is Sunday 00:00. */
  hour: number;
  /** How much likelier an answer is than in an hour drawn at random from the week; null if that wasn't asked. */
  lift: number | null;
  evidence: number;
  /** After the deadline: there was no moment before it. */
  late: boolean;
}

const EXPLORED = 0.05;
/** A message that may wait for longer still goes out in the first week that knows every hour. */
const LONGEST: Millis = 7 * DAY;

/** When a message should go out: now or later, never in quiet hours. The same input gives the same instant. */
export function pickSendTime(input: SendTimeInput): SendTime {
  const { profile, now } = input;
  const allowed = allowedTimes(input);
  if (allowed.length === 0) {
    const past = input.deadline !== null && input.deadline < now;
    return answer(input, afterQuiet(input, now), past ? 'deadline_past' : 'quiet_end', true);
  }
  const draws = createStream(input.seed).fork('send-time');
  if (draws.uniform() < (input.explorationShare ?? EXPLORED)) {
    const at = allowed[Math.floor(draws.uniform() * allowed.length)] as Instant;
    return answer(input, at, 'explore');
  }
  if (profile.source === 'none') return answer(input, fallbackTime(input, allowed), 'fallback');
  return answer(input, best(input, allowed), profile.source === 'own' ? 'own_hours' : 'cohort_hours');
}

/** Now, and the beginning of each local hour until the deadline; where that is quiet, the quiet's end. Ascending. */
function allowedTimes(input: SendTimeInput): Instant[] {
  const { zone, now } = input;
  const end = Math.min(input.deadline ?? now + DAY, now + LONGEST);
  const times = new Set<Instant>();
  for (let at = now; at <= end; at = nextHour(zone, at)) {
    const spoken = afterQuiet(input, at);
    if (spoken <= end) times.add(spoken);
  }
  return [...times].sort((a, b) => a - b);
}

function nextHour(zone: Zone, at: Instant): Instant {
  const into = ((toLocal(zone, at) % HOUR) + HOUR) % HOUR;
  return at + HOUR - into;
}

function afterQuiet({ zone, quiet }: SendTimeInput, at: Instant): Instant {
  return quiet && isQuiet(zone, quiet, at) ? findQuietEnd(zone, quiet, at) : at;
}

/** The likeliest; the earliest of equals. */
function best({ profile, zone }: SendTimeInput, allowed: readonly Instant[]): Instant {
  let chosen = allowed[0] as Instant;
  const chance = (at: Instant) => profile.hours[hourOfWeek(zone, at)] as number;
  for (const at of allowed) if (chance(at) > chance(chosen)) chosen = at;
  return chosen;
}

/** The next time the clock reads the fallback's minute, unless that is quiet or too late: then the last moment before it that is allowed. */
function fallbackTime(input: SendTimeInput, allowed: readonly Instant[]): Instant {
  const { zone, now, fallbackMinute } = input;
  const wanted = afterQuiet(input, nextLocalMinute(zone, now - 1, fallbackMinute));
  const last = Math.min(input.deadline ?? now + DAY, now + LONGEST);
  return wanted <= last ? wanted : (allowed.at(-1) as Instant);
}

function answer(input: SendTimeInput, at: Instant, why: SendTimeReason, late = false): SendTime {
  const { profile, zone } = input;
  const hour = hourOfWeek(zone, at);
  const lift = profile.source === 'none' ? null : (profile.hours[hour] as number) * profile.hours.length;
  return { at, reason: why, hour, lift, evidence: profile.evidence, late };
}
