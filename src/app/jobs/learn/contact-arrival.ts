import type { DueReward, RewardEffect } from '../../../../db/learning/due-rewards.ts';
import { AGENT_DESK } from '../../../domain/candidate.ts';
import { HOUR, type Instant, MINUTE } from '../../../domain/time/time.ts';

/** Whether the contact reached the customer, so that what came after it can be its reward. */
export type ContactArrival =
  /** It did. Outcomes count from `from` on. */
  | { kind: 'reached'; from: Instant; effect: RewardEffect | null }
  /** It is still on its way, or its window isn't over. */
  | { kind: 'wait'; until: Instant }
  /** It never did, or nobody knows. */
  | { kind: 'missed' };

/**
 * Doing nothing reaches at once. A delivery does when it is sent, and then the window begins; a task when it is
 * resolved, and its window began when it was raised. Of several channels the chosen one tells.
 */
export function findContactArrival(due: DueReward, now: Instant): ContactArrival {
  if (due.channel === null) return { kind: 'reached', from: due.at, effect: null };
  const effect = effectOf(due);
  if (!effect) return { kind: 'missed' };
  const { state, at, resolveBy } = effect;
  if (effect.kind === 'task') {
    if (state === 'resolved') return fromThen(due, effect, now);
    const ended = state === 'expired' || state === 'withdrawn';
    return ended ? { kind: 'missed' } : { kind: 'wait', until: Math.max(resolveBy ?? 0, now + HOUR) };
  }
  if (state === 'sent') return fromThen(due, effect, now);
  const underWay = state === 'planned' || state === 'sending';
  // It leaves now at the earliest, so before that its window isn't over.
  return underWay
    ? { kind: 'wait', until: Math.max(at, now) + Math.max(due.within, MINUTE) }
    : { kind: 'missed' };
}

function fromThen(due: DueReward, effect: RewardEffect, now: Instant): ContactArrival {
  // Journey clocks of two machines differ a little; nothing leaves before it is decided.
  const from = Math.max(effect.at, due.at);
  const over = from + due.within;
  return over > now ? { kind: 'wait', until: over } : { kind: 'reached', from, effect };
}

/** The one that the arm names. Two enrollments may have been served by one decision. */
function effectOf({ effects, channel, enrollmentId }: DueReward): RewardEffect | undefined {
  const own = effects.filter((effect) =>
    effect.kind === 'task' ? channel === AGENT_DESK : effect.channel === channel,
  );
  return own.find((effect) => effect.enrollmentId === enrollmentId) ?? own[0];
}
