import type { Tx } from '../../../db/client.ts';
import { insertDeltas, type StoredDelta } from '../../../db/queries/model-deltas.ts';
import type { RewardEnd } from '../../../db/queries/rewards-due.ts';
import { isRefusal } from '../../decisioning/learning/refusal.ts';
import { own } from '../../domain/own.ts';
import type { Instant } from '../../domain/time.ts';
import type { Known } from './close-due.ts';
import { learnInOrder } from './in-order.ts';
import type { Model } from './model-now.ts';

/** Learns from what is known, and says of each reward what became of it. The reward itself is kept in any case. */
export async function learnFrom(
  tx: Tx,
  workspace: string,
  model: Model,
  known: Known[],
  now: Instant,
): Promise<{ model: Model; ends: RewardEnd[] }> {
  if (known.length === 0) return { model, ends: [] };
  // The action's reward was defined anew since: its arm learns from another kind now.
  const sameKind = known.filter(({ arm, kind }) => (own(model.kinds, arm) ?? kind) === kind);
  const { snapshot, learned } = learnInOrder(model.snapshot, sameKind, now);
  const deltas: StoredDelta[] = [];
  const states = new Map(known.map(({ decisionId }) => [decisionId, 'other_reward']));
  sameKind.forEach(({ decisionId, kind }, index) => {
    const one = learned[index];
    if (!one) return;
    if (isRefusal(one)) states.set(decisionId, one.code);
    else {
      states.set(decisionId, 'counted');
      deltas.push({ ...one, kind });
    }
  });
  const foldedTo = (await insertDeltas(tx, workspace, deltas)) ?? model.foldedTo;
  const ends = known.map(({ decisionId: id, reward }) => ({
    id,
    state: states.get(id) ?? 'unknown_arm',
    reward,
    dueAt: null,
  }));
  const changed = model.changed || deltas.length > 0;
  return { model: changed ? { ...model, snapshot, foldedTo, changed } : model, ends };
}
