import type { DueReward, RewardEffect } from '../../../../db/learning/due-rewards.ts';
import { AGENT_DESK } from '../../../domain/candidate.ts';
import { HOUR, type Instant, MINUTE } from '../../../domain/time/time.ts';

/** Whether and when a contact reached the customer. Only later events can be its reward. */
export type ContactArrival =
  /** It reached the customer, and its window is over. Outcomes count from `from` on. */
  | { kind: 'reached'; from: Instant; effect: RewardEffect | null }
  /** It hasn't arrived yet, or its window is still open. */
  | { kind: 'wait'; until: Instant }
  /** It never arrived, or its arrival is unknown. */
  | { kind: 'missed' };

/**
 * Finds when a contact arrived. Doing nothing arrives at once. A delivery arrives when it is sent, which starts the
 * window. A task arrives when it is resolved; its window starts when it is raised. With several channels, the chosen one
 * counts.
 */
export function findContactArrival(due: DueReward, now: Instant): ContactArrival {
  if (due.channel === null) return { kind: 'reached', from: due.at, effect: null };
  const effect = findEffect(due);
  if (!effect) return { kind: 'missed' };
  const { state, at, resolveBy } = effect;
  if (effect.kind === 'task') {
    if (state === 'resolved') return waitForWindow(due, effect, now);
    const ended = state === 'expired' || state === 'withdrawn';
    return ended ? { kind: 'missed' } : { kind: 'wait', until: Math.max(resolveBy ?? 0, now + HOUR) };
  }
  if (state === 'sent') return waitForWindow(due, effect, now);
  const underWay = state === 'planned' || state === 'sending';
  // The message goes out now at the earliest, so its window can't be over before now + within.
  return underWay
    ? { kind: 'wait', until: Math.max(at, now) + Math.max(due.within, MINUTE) }
    : { kind: 'missed' };
}

function waitForWindow(due: DueReward, effect: RewardEffect, now: Instant): ContactArrival {
  // Clocks of two machines differ a little; a contact never arrives before it is decided.
  const from = Math.max(effect.at, due.at);
  const over = from + due.within;
  return over > now ? { kind: 'wait', until: over } : { kind: 'reached', from, effect };
}

/** The effect of the chosen arm. One decision can serve two enrollments; the effect of the reward's own is preferred. */
function findEffect({ effects, channel, enrollmentId }: DueReward): RewardEffect | undefined {
  const candidates = effects.filter((effect) =>
    effect.kind === 'task' ? channel === AGENT_DESK : effect.channel === channel,
  );
  return candidates.find((effect) => effect.enrollmentId === enrollmentId) ?? candidates[0];
}
