import { AGENT_DESK, type Candidate } from '../../domain/candidate.ts';
import { DAY, type Instant } from '../../domain/time/time.ts';
import type { FittedScores } from '../../learning/scores/types.ts';
import { collectResponses } from '../../learning/timing/collect-responses.ts';
import { buildHourProfile } from '../../learning/timing/hour-profile.ts';
import { pickSendTime } from '../../learning/timing/send-time.ts';
import type { DecisionRequest } from '../request.ts';
import type { Treatment } from './treatment.ts';

type When = Pick<Treatment, 'at' | 'sendReason'>;

/** Longer than this nobody waits for a better hour: what was right yesterday may be wrong tomorrow. */
const LONGEST = DAY;

/**
 * When it goes out. A marketing message of a step that leaves the time to us waits for the customer's best hour, or the
 * cohort's; where nothing is known of either, for the workspace's hour, if it names one. Everything else goes now. Where
 * it would be quiet or too late in the end, it goes now, too: the gates have just allowed that.
 */
export function chooseSendTime(
  { action, channel, autonomy }: Candidate,
  { facts, bundle, now, seed }: DecisionRequest,
  deadline: Instant,
  fitted: FittedScores | null,
): When {
  if (autonomy !== 'ai_auto' || action.class !== 'marketing' || channel === AGENT_DESK) return atOnce(now);
  const profile = buildHourProfile(
    collectResponses(facts.profile.touches ?? [], facts.zone),
    fitted?.hours ?? null,
    now,
  );
  const { quiet, sendTime: settings } = bundle.workspace;
  if (profile.source === 'none' && settings.fallback === null) return atOnce(now);
  const time = pickSendTime({
    profile,
    zone: facts.zone,
    now,
    deadline: Math.min(deadline, now + LONGEST),
    quiet: quiet?.classes.includes(action.class) ? quiet : null,
    fallbackMinute: settings.fallback ?? 0,
    // Not by the channel: what goes out by several goes out at one time.
    seed: `${seed}/${action.id}`,
    explorationShare: settings.explore / 10_000,
  });
  return time.late ? atOnce(now) : { at: time.at, sendReason: time.reason };
}

function atOnce(now: Instant): When {
  return { at: now, sendReason: 'now' };
}
