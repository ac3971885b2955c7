import type { Tx } from '../../../../db/client.ts';
import { readRewardSpread } from '../../../../db/learning/model-deltas.ts';
import {
  readNewestModelVersion,
  readNewestSnapshot,
  type SnapshotRow,
} from '../../../../db/learning/model-snapshots.ts';
import type { StoredModel } from '../../../../db/schema/json.ts';
import type { Bundle } from '../../../domain/definition.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { getOwn } from '../../../domain/values/get-own.ts';
import { getFeatureSchema } from '../../../engine/arbitration/customer-features.ts';
import type { FeatureSchema } from '../../../learning/model/features.ts';
import { EVIDENCE_FLOOR, HALF_LIFE } from '../../../learning/model/forgetting.ts';
import { addArms } from '../../../learning/model/group-prior.ts';
import type { LearningRefusal } from '../../../learning/model/learning-refusal.ts';
import {
  checkSnapshot,
  createSnapshot,
  type Snapshot,
  sealSnapshot,
} from '../../../learning/model/snapshot.ts';
import type { DecisionServices } from '../../decide/services.ts';
import {
  type ArmDefinition,
  assumeSpread,
  buildArmStart,
  listArmDefinitions,
  MIN_AMOUNTS,
} from './arm-starts.ts';

/** The model as it is to be learned on: of the active bundle's shape, with all its arms. */
export interface CurrentModel {
  snapshot: Snapshot;
  /** Of which kind the reward is that each arm learns from, by arm. */
  kinds: Record<string, string>;
  /** Number of the newest increment in it. */
  foldedTo: number;
  /** Newest version that is stored, of whatever shape: the next one is one more. */
  newestVersion: number;
  /** It differs from what is stored as the newest. */
  changed: boolean;
}

/** After so long an arm that no action has any more is dropped: what it learned has faded. */
const ABANDONED = 10 * HALF_LIFE;

/** Reads the newest whole snapshot of the bundle's shape, or begins a new one, and brings its arms to the bundle's. */
export async function loadCurrentModel(
  tx: Tx,
  deps: Pick<DecisionServices, 'log'>,
  bundle: Bundle,
  now: Instant,
): Promise<CurrentModel> {
  const shape = getFeatureSchema(bundle);
  const { id: workspace } = bundle.workspace;
  const newest = await readNewestModelVersion(tx, workspace);
  const stored = await newestWhole(tx, deps, { workspace, shape, newest });
  const { size, fingerprint } = shape;
  const begun =
    stored?.body ??
    createSnapshot({ featureSchema: fingerprint, size, halfLife: HALF_LIFE, floor: EVIDENCE_FLOOR, at: now });
  const { kinds: before = {}, ...snapshot } = begun as StoredModel;
  const wanted = listArmDefinitions(bundle);
  const kept = withoutOthers(snapshot, before, wanted, now);
  const withAll = await withWanted(tx, bundle, kept, wanted);
  const kinds = Object.fromEntries(
    withAll.arms.map(({ id }) => [id, wanted.find((arm) => arm.id === id)?.kind ?? getOwn(before, id) ?? '']),
  );
  const changed = stored ? stored.version !== newest || withAll !== snapshot : withAll.arms.length > 0;
  return { snapshot: withAll, kinds, foldedTo: stored?.foldedTo ?? 0, newestVersion: newest, changed };
}

/** Snapshots that aren't what was folded are passed over, and told of. */
async function newestWhole(
  tx: Tx,
  { log }: Pick<DecisionServices, 'log'>,
  { workspace, shape, newest }: { workspace: string; shape: FeatureSchema; newest: number },
): Promise<SnapshotRow | null> {
  let below = newest + 1;
  for (;;) {
    const row = await readNewestSnapshot(tx, { workspace, shape: shape.fingerprint, below });
    if (!row) return null;
    const refusal = refusalOf(row.body, shape);
    if (!refusal) return row;
    log?.warn({ workspace, version: row.version, code: refusal.code }, 'a stored model is broken');
    below = row.version;
  }
}

function refusalOf(body: StoredModel, shape: FeatureSchema): LearningRefusal | null {
  try {
    if (body.size !== shape.size) return { code: 'other_size', subject: 'snapshot' };
    return checkSnapshot(body, shape.fingerprint);
  } catch {
    // It hasn't even the form of one.
    return { code: 'other_hash', subject: 'snapshot' };
  }
}

/**
 * Without arms whose reward is of another kind now: what clicks have taught says nothing about orders. And without
 * those that no action has had for long.
 */
function withoutOthers(
  snapshot: Snapshot,
  kinds: Record<string, string>,
  wanted: ArmDefinition[],
  now: Instant,
): Snapshot {
  const wantedKinds = new Map(wanted.map(({ id, kind }) => [id, kind]));
  const arms = snapshot.arms.filter(({ id, lastAt }) => {
    const kind = wantedKinds.get(id);
    return kind === undefined ? lastAt !== null && lastAt > now - ABANDONED : getOwn(kinds, id) === kind;
  });
  if (arms.length === snapshot.arms.length) return snapshot;
  const { hash: _, ...content } = snapshot;
  return sealSnapshot({ ...content, arms });
}

async function withWanted(
  tx: Tx,
  bundle: Bundle,
  snapshot: Snapshot,
  wanted: ArmDefinition[],
): Promise<Snapshot> {
  const known = new Set(snapshot.arms.map(({ id }) => id));
  const fresh = wanted.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return snapshot;
  const kinds = [...new Set(fresh.flatMap(({ kind, money }) => (money ? [kind] : [])))];
  const read = kinds.length > 0 ? await readRewardSpread(tx, bundle.workspace.id, kinds) : [];
  const spreads = new Map(
    read.flatMap((one) => (one.n >= MIN_AMOUNTS && one.variance > 0 ? [[one.kind, one] as const] : [])),
  );
  const assumed = assumeSpread(bundle);
  return addArms(
    snapshot,
    fresh.map((arm) => buildArmStart(arm, snapshot.size, spreads.get(arm.kind) ?? assumed)),
  );
}
