import type { Tx } from '../../../db/client.ts';
import { readSpread } from '../../../db/queries/model-deltas.ts';
import {
  newestVersion,
  readNewestOf,
  type SnapshotRow,
  type StoredModel,
} from '../../../db/queries/models.ts';
import { shapeFor } from '../../decisioning/arbitration/customer-features.ts';
import type { Shape } from '../../decisioning/learning/features.ts';
import { EVIDENCE_FLOOR, HALF_LIFE } from '../../decisioning/learning/forgetting.ts';
import { withArms } from '../../decisioning/learning/hierarchy.ts';
import { checkSnapshot, emptySnapshot, type Snapshot, seal } from '../../decisioning/learning/model.ts';
import type { Refusal } from '../../decisioning/learning/refusal.ts';
import type { Bundle } from '../../domain/definition.ts';
import { own } from '../../domain/own.ts';
import type { Instant } from '../../domain/time.ts';
import type { DecideDeps } from '../decide-next-best-action.ts';
import { type ArmWanted, armsWanted, assumedSpread, ENOUGH_AMOUNTS, startOf } from './arm-starts.ts';

/** The model as it is to be learned on: of the active bundle's shape, with all its arms. */
export interface Model {
  snapshot: Snapshot;
  /** Of which kind the reward is that each arm learns from, by arm. */
  kinds: Record<string, string>;
  /** Number of the newest increment in it. */
  foldedTo: number;
  /** Newest version that is stored, of whatever shape: the next one is one more. */
  newest: number;
  /** It differs from what is stored as the newest. */
  changed: boolean;
}

/** After so long an arm that no action has any more is dropped: what it learned has faded. */
const ABANDONED = 10 * HALF_LIFE;

/** Reads the newest whole snapshot of the bundle's shape, or begins a new one, and brings its arms to the bundle's. */
export async function modelNow(
  tx: Tx,
  deps: Pick<DecideDeps, 'log'>,
  bundle: Bundle,
  now: Instant,
): Promise<Model> {
  const shape = shapeFor(bundle);
  const { id: workspace } = bundle.workspace;
  const newest = await newestVersion(tx, workspace);
  const stored = await newestWhole(tx, deps, { workspace, shape, newest });
  const { size, fingerprint } = shape;
  const begun =
    stored?.body ??
    emptySnapshot({ shape: fingerprint, size, halfLife: HALF_LIFE, floor: EVIDENCE_FLOOR, at: now });
  const { kinds: before = {}, ...snapshot } = begun as StoredModel;
  const wanted = armsWanted(bundle);
  const kept = withoutOthers(snapshot, before, wanted, now);
  const withAll = await withWanted(tx, bundle, kept, wanted);
  const kinds = Object.fromEntries(
    withAll.arms.map(({ id }) => [id, wanted.find((arm) => arm.id === id)?.kind ?? own(before, id) ?? '']),
  );
  const changed = stored ? stored.version !== newest || withAll !== snapshot : withAll.arms.length > 0;
  return { snapshot: withAll, kinds, foldedTo: stored?.foldedTo ?? 0, newest, changed };
}

/** Snapshots that aren't what was folded are passed over, and told of. */
async function newestWhole(
  tx: Tx,
  { log }: Pick<DecideDeps, 'log'>,
  { workspace, shape, newest }: { workspace: string; shape: Shape; newest: number },
): Promise<SnapshotRow | null> {
  let below = newest + 1;
  for (;;) {
    const row = await readNewestOf(tx, { workspace, shape: shape.fingerprint, below });
    if (!row) return null;
    const refusal = refusalOf(row.body, shape);
    if (!refusal) return row;
    log?.warn({ workspace, version: row.version, code: refusal.code }, 'a stored model is broken');
    below = row.version;
  }
}

function refusalOf(body: StoredModel, shape: Shape): Refusal | null {
  try {
    if (body.size !== shape.size) return { code: 'other_size', what: 'snapshot' };
    return checkSnapshot(body, shape.fingerprint);
  } catch {
    // It hasn't even the form of one.
    return { code: 'other_hash', what: 'snapshot' };
  }
}

/**
 * Without arms whose reward is of another kind now: what clicks have taught says nothing about orders. And without
 * those that no action has had for long.
 */
function withoutOthers(
  snapshot: Snapshot,
  kinds: Record<string, string>,
  wanted: ArmWanted[],
  now: Instant,
): Snapshot {
  const wantedKinds = new Map(wanted.map(({ id, kind }) => [id, kind]));
  const arms = snapshot.arms.filter(({ id, lastAt }) => {
    const kind = wantedKinds.get(id);
    return kind === undefined ? lastAt !== null && lastAt > now - ABANDONED : own(kinds, id) === kind;
  });
  if (arms.length === snapshot.arms.length) return snapshot;
  const { hash: _, ...content } = snapshot;
  return seal({ ...content, arms });
}

async function withWanted(
  tx: Tx,
  bundle: Bundle,
  snapshot: Snapshot,
  wanted: ArmWanted[],
): Promise<Snapshot> {
  const known = new Set(snapshot.arms.map(({ id }) => id));
  const fresh = wanted.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return snapshot;
  const kinds = [...new Set(fresh.flatMap(({ kind, money }) => (money ? [kind] : [])))];
  const read = kinds.length > 0 ? await readSpread(tx, bundle.workspace.id, kinds) : [];
  const spreads = new Map(
    read.flatMap((one) => (one.n >= ENOUGH_AMOUNTS && one.variance > 0 ? [[one.kind, one] as const] : [])),
  );
  const assumed = assumedSpread(bundle);
  return withArms(
    snapshot,
    fresh.map((arm) => startOf(arm, snapshot.size, spreads.get(arm.kind) ?? assumed)),
  );
}
