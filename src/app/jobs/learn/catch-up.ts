import type { Tx } from '../../../../db/client.ts';
import { readDeltas } from '../../../../db/learning/model-deltas.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { getOwn } from '../../../domain/values/get-own.ts';
import { foldDeltas } from '../../../learning/model/fold-deltas.ts';
import type { DecisionServices } from '../../decide/services.ts';
import type { CurrentModel } from './current-model.ts';

/** Half-lives after which an increment weighs nothing any more: 2⁻⁴⁰. */
export const FADED_HALF_LIVES = 40;

/** Increments that one call folds at most. */
const PAGE = 1_000;

/** Folds the increments that a model doesn't contain yet: of a snapshot that was broken, or of a shape that came back. */
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
    shape: snapshot.featureSchema,
    after: foldedTo,
    since,
    limit,
  });
  const last = rows.at(-1);
  if (!last) return { model, full: false };
  // Named by their numbers, so that they are added in that order.
  const deltas = rows
    .filter(({ delta }) => getOwn(kinds, delta.arm) === delta.kind)
    .map(({ id, delta }) => ({ ...delta, decisionId: String(id).padStart(20, '0') }));
  const folded = foldDeltas(snapshot, deltas, now);
  if (folded.refusals.length > 0)
    log?.warn({ workspace, refusals: folded.refusals.slice(0, 10) }, 'increments could not be folded');
  const caught = { ...model, snapshot: folded.snapshot, foldedTo: last.id, changed: true };
  return { model: caught, full: rows.length === limit };
}
