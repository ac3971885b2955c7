import type { Tx } from '../../../db/client.ts';
import { readDeltas } from '../../../db/queries/model-deltas.ts';
import { fold } from '../../decisioning/learning/fold.ts';
import { own } from '../../domain/own.ts';
import type { Instant } from '../../domain/time.ts';
import type { DecideDeps } from '../decide-next-best-action.ts';
import type { Model } from './model-now.ts';

/** Half-lives after which an increment weighs nothing any more: 2⁻⁴⁰. */
export const FADED = 40;

/** Increments that one call folds at most. */
const PAGE = 1_000;

/** Folds the increments that a model doesn't contain yet: of a snapshot that was broken, or of a shape that came back. */
export async function catchUp(
  tx: Tx,
  { log }: Pick<DecideDeps, 'log'>,
  workspace: string,
  model: Model,
  now: Instant,
  limit = PAGE,
): Promise<{ model: Model; full: boolean }> {
  const { snapshot, kinds, foldedTo } = model;
  const since = now - FADED * snapshot.halfLife;
  const rows = await readDeltas(tx, { workspace, shape: snapshot.shape, after: foldedTo, since, limit });
  const last = rows.at(-1);
  if (!last) return { model, full: false };
  // Named by their numbers, so that they are added in that order.
  const deltas = rows
    .filter(({ delta }) => own(kinds, delta.arm) === delta.kind)
    .map(({ id, delta }) => ({ ...delta, decisionId: String(id).padStart(20, '0') }));
  const folded = fold(snapshot, deltas, now);
  if (folded.refused.length > 0)
    log?.warn({ workspace, refused: folded.refused.slice(0, 10) }, 'increments could not be folded');
  const caught = { ...model, snapshot: folded.snapshot, foldedTo: last.id, changed: true };
  return { model: caught, full: rows.length === limit };
}
