import { type Delta, fold, increment, type Observation } from '../../decisioning/learning/fold.ts';
import { type Snapshot, seal } from '../../decisioning/learning/model.ts';
import { isRefusal, type Refusal } from '../../decisioning/learning/refusal.ts';
import { serve } from '../../decisioning/learning/serve.ts';
import type { Instant } from '../../domain/time.ts';

/**
 * Learns from one observation after the other, each linearised where those before it have led. After an outage a
 * thousand rewards close at once; linearised all at the old mean they would overshoot. The sums come out as if their
 * increments were folded in this order, however many calls it takes.
 */
export function learnInOrder(
  before: Snapshot,
  observations: Observation[],
  now: Instant,
): { snapshot: Snapshot; learned: (Delta | Refusal)[] } {
  const { hash: _, ...start } = fold(before, [], now).snapshot;
  const arms = new Map(start.arms.map((arm) => [arm.id, arm]));
  const learned = observations.map((observation): Delta | Refusal => {
    const arm = arms.get(observation.arm);
    if (!arm) return { code: 'unknown_arm', what: observation.decisionId };
    const alone = { ...start, hash: '', arms: [arm] };
    const delta = increment(observation, serve(alone));
    if (isRefusal(delta)) return delta;
    const { snapshot, refused } = fold(alone, [delta], now);
    const [next] = snapshot.arms;
    if (refused[0] || !next) return refused[0] ?? { code: 'unknown_arm', what: observation.decisionId };
    arms.set(arm.id, next);
    return delta;
  });
  return { snapshot: seal({ ...start, arms: [...arms.values()] }), learned };
}
