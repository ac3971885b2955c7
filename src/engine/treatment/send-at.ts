import { AGENT_DESK, type Candidate } from '../../domain/candidate.ts';
import { DAY, type Instant } from '../../domain/time/time.ts';
import type { FittedScores } from '../../learning/scores/types.ts';
import { collectResponses } from '../../learning/timing/collect-responses.ts';
import { buildHourProfile } from '../../learning/timing/hour-profile.ts';
import { pickSendTime } from '../../learning/timing/send-time.ts';
import type { DecisionRequest } from '../request.ts';
import type { Treatment } from './treatment.ts';

type SendTime = Pick<Treatment, 'at' | 'sendReason'>;

/** A message waits no longer for a better hour: the decision behind it grows old. */
const MAX_DELAY = DAY;

/**
 * When a message goes out. Under `ai_auto`, marketing waits for the customer's best hour, or else the cohort's, or else
 * the hour that the workspace names. Everything else goes now. A message that would be quiet or too late at its hour
 * goes now, too: the gates have just allowed that.
 */
export function chooseSendTime(
  { action, channel, autonomy }: Candidate,
  { facts, bundle, policy, now, seed }: DecisionRequest,
  deadline: Instant,
  fitted: FittedScores | null,
): SendTime {
  if (autonomy !== 'ai_auto' || action.class !== 'marketing' || channel === AGENT_DESK) return sendNow(now);
  const profile = buildHourProfile(
    collectResponses(facts.profile.touches ?? [], facts.zone),
    fitted?.hours ?? null,
    now,
  );
  const { quiet } = policy;
  const { sendTime: settings } = bundle.workspace;
  if (profile.source === 'none' && settings.fallback === null) return sendNow(now);
  const time = pickSendTime({
    profile,
    zone: facts.zone,
    now,
    deadline: Math.min(deadline, now + MAX_DELAY),
    quiet: quiet?.classes.includes(action.class) ? quiet : null,
    fallbackMinute: settings.fallback ?? 0,
    // Without the channel: an action by several channels goes out at one time.
    seed: `${seed}/${action.id}`,
    explorationShare: settings.explore / 10_000,
  });
  return time.late ? sendNow(now) : { at: time.at, sendReason: time.reason };
}

function sendNow(now: Instant): SendTime {
  return { at: now, sendReason: 'now' };
}
