import type { Instant } from '../../../domain/time/time.ts';
import {
  computeDelta,
  type Delta,
  foldDeltas,
  type Observation,
} from '../../../learning/model/fold-deltas.ts';
import { isLearningRefusal, type LearningRefusal } from '../../../learning/model/learning-refusal.ts';
import { serveSnapshot } from '../../../learning/model/served-model.ts';
import { type Snapshot, sealSnapshot } from '../../../learning/model/snapshot.ts';

/**
 * Learns from one observation after the other; each is linearised at the mean after the previous ones. After an outage a
 * thousand rewards can close at once; if all were linearised at the old mean, they would overshoot. The sums equal those of
 * folding the deltas in this order, for any number of calls.
 */
export function learnInOrder(
  before: Snapshot,
  observations: Observation[],
  now: Instant,
): { snapshot: Snapshot; learned: (Delta | LearningRefusal)[] } {
  const { hash: _, ...start } = foldDeltas(before, [], now).snapshot;
  const arms = new Map(start.arms.map((arm) => [arm.id, arm]));
  const learned = observations.map((observation): Delta | LearningRefusal => {
    const arm = arms.get(observation.arm);
    if (!arm) return { code: 'unknown_arm', subject: observation.decisionId };
    const singleArm = { ...start, hash: '', arms: [arm] };
    const delta = computeDelta(observation, serveSnapshot(singleArm));
    if (isLearningRefusal(delta)) return delta;
    const { snapshot, refusals } = foldDeltas(singleArm, [delta], now);
    const [next] = snapshot.arms;
    if (refusals[0] || !next) return refusals[0] ?? { code: 'unknown_arm', subject: observation.decisionId };
    arms.set(arm.id, next);
    return delta;
  });
  return { snapshot: sealSnapshot({ ...start, arms: [...arms.values()] }), learned };
}
