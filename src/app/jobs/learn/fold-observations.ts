import type { Tx } from '../../../../db/client.ts';
import type { RewardClosure } from '../../../../db/learning/due-rewards.ts';
import { insertDeltas } from '../../../../db/learning/model-deltas.ts';
import type { StoredDelta } from '../../../../db/schema/json.ts';
import type { RewardState } from '../../../domain/reward.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { getOwn } from '../../../domain/values/get-own.ts';
import { isLearningRefusal } from '../../../learning/model/learning-refusal.ts';
import type { RewardObservation } from './close-due-rewards.ts';
import type { CurrentModel } from './current-model.ts';
import { learnInOrder } from './learn-in-order.ts';

/** Learns from observations, and returns the final state of each reward. The reward itself is stored in any case. */
export async function foldObservations(
  tx: Tx,
  workspace: string,
  model: CurrentModel,
  observations: RewardObservation[],
  now: Instant,
): Promise<{ model: CurrentModel; ends: RewardClosure[] }> {
  if (observations.length === 0) return { model, ends: [] };
  // If the action's reward was redefined since the decision, its arm learns from another kind now.
  const sameKind = observations.filter(({ arm, kind }) => (getOwn(model.kinds, arm) ?? kind) === kind);
  const { snapshot, learned } = learnInOrder(model.snapshot, sameKind, now);
  const deltas: StoredDelta[] = [];
  const states = new Map<string, RewardState>(
    observations.map(({ decisionId }) => [decisionId, 'other_reward']),
  );
  sameKind.forEach(({ decisionId, kind }, index) => {
    const result = learned[index];
    if (!result) return;
    if (isLearningRefusal(result)) states.set(decisionId, result.code);
    else {
      states.set(decisionId, 'counted');
      deltas.push({ ...result, kind });
    }
  });
  const foldedTo = (await insertDeltas(tx, workspace, deltas)) ?? model.foldedTo;
  const ends = observations.map(({ decisionId: id, reward }) => ({
    id,
    state: states.get(id) ?? ('unknown_arm' as const),
    reward,
    dueAt: null,
  }));
  const changed = model.changed || deltas.length > 0;
  return { model: changed ? { ...model, snapshot, foldedTo, changed } : model, ends };
}
