import type { Tx } from '../../../../db/client.ts';
import { readDeltas } from '../../../../db/learning/model-deltas.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { getOwn } from '../../../domain/values/get-own.ts';
import { foldDeltas } from '../../../learning/model/fold-deltas.ts';
import type { DecisionServices } from '../../decide/services.ts';
import type { CurrentModel } from './current-model.ts';

/** Half-lives after which a delta has lost practically all weight: 2⁻⁴⁰ is left. */
export const FADED_HALF_LIVES = 40;

/** Maximum number of deltas that one call folds. */
const PAGE = 1_000;

/**
 * Folds stored deltas that the model doesn't contain yet. They exist if a newer snapshot was corrupt, or if the bundle
 * returned to an earlier feature schema.
 */
export async function foldStoredDeltas(
  tx: Tx,
  { log }: Pick<DecisionServices, 'log'>,
  workspace: string,
  model: CurrentModel,
  now: Instant,
  limit = PAGE,
): Promise<{ model: CurrentModel; full: boolean }> {
  const { snapshot, kinds, foldedTo } = model;
  const since = now - FADED_HALF_LIVES * snapshot.halfLife;
  const rows = await readDeltas(tx, {
    workspace,
    featureSchema: snapshot.featureSchema,
    after: foldedTo,
    since,
    limit,
  });
  const last = rows.at(-1);
  if (!last) return { model, full: false };
  // The id of the row replaces the decision id, so that deltas are folded in the order of their rows.
  const deltas = rows
    .filter(({ delta }) => getOwn(kinds, delta.arm) === delta.kind)
    .map(({ id, delta }) => ({ ...delta, decisionId: String(id).padStart(20, '0') }));
  const folded = foldDeltas(snapshot, deltas, now);
  if (folded.refusals.length > 0)
    log?.warn({ workspace, refusals: folded.refusals.slice(0, 10) }, 'deltas could not be folded');
  const updated = { ...model, snapshot: folded.snapshot, foldedTo: last.id, changed: true };
  return { model: updated, full: rows.length === limit };
}
