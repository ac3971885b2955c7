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

/** The model to learn into: with the feature schema and all arms of the active bundle. */
export interface CurrentModel {
  snapshot: Snapshot;
  /** Kind of the reward that each arm learns from, by arm. */
  kinds: Record<string, string>;
  /** Id of the newest delta that it contains. */
  foldedTo: number;
  /** Newest stored version, with any feature schema. The next version is one higher. */
  newestVersion: number;
  /** It differs from the newest stored version. */
  changed: boolean;
}

/** An arm without an action is dropped after this time, because what it learned has faded. */
const ABANDONED = 10 * HALF_LIFE;

/** Reads the newest valid snapshot with the bundle's feature schema, or creates one, and updates its arms. */
export async function loadCurrentModel(
  tx: Tx,
  deps: Pick<DecisionServices, 'log'>,
  bundle: Bundle,
  now: Instant,
): Promise<CurrentModel> {
  const schema = getFeatureSchema(bundle);
  const { id: workspace } = bundle.workspace;
  const newest = await readNewestModelVersion(tx, workspace);
  const stored = await readNewestValid(tx, deps, { workspace, schema, newest });
  const { size, fingerprint } = schema;
  const base =
    stored?.body ??
    createSnapshot({ featureSchema: fingerprint, size, halfLife: HALF_LIFE, floor: EVIDENCE_FLOOR, at: now });
  const { kinds: before = {}, ...snapshot } = base as StoredModel;
  const definitions = listArmDefinitions(bundle);
  const remaining = removeObsoleteArms(snapshot, before, definitions, now);
  const complete = await addMissingArms(tx, bundle, remaining, definitions);
  const kinds = Object.fromEntries(
    complete.arms.map(({ id }) => [
      id,
      definitions.find((arm) => arm.id === id)?.kind ?? getOwn(before, id) ?? '',
    ]),
  );
  const changed = stored ? stored.version !== newest || complete !== snapshot : complete.arms.length > 0;
  return { snapshot: complete, kinds, foldedTo: stored?.foldedTo ?? 0, newestVersion: newest, changed };
}

/** Reads the newest valid snapshot. Logs and skips snapshots that fail their check. */
async function readNewestValid(
  tx: Tx,
  { log }: Pick<DecisionServices, 'log'>,
  { workspace, schema, newest }: { workspace: string; schema: FeatureSchema; newest: number },
): Promise<SnapshotRow | null> {
  let below = newest + 1;
  for (;;) {
    const row = await readNewestSnapshot(tx, { workspace, featureSchema: schema.fingerprint, below });
    if (!row) return null;
    const refusal = checkStored(row.body, schema);
    if (!refusal) return row;
    log?.warn({ workspace, version: row.version, code: refusal.code }, 'a stored model is broken');
    below = row.version;
  }
}

function checkStored(body: StoredModel, schema: FeatureSchema): LearningRefusal | null {
  try {
    if (body.size !== schema.size) return { code: 'other_size', subject: 'snapshot' };
    return checkSnapshot(body, schema.fingerprint);
  } catch {
    // The stored JSON doesn't even have the structure of a snapshot.
    return { code: 'other_hash', subject: 'snapshot' };
  }
}

/**
 * Removes arms whose reward has another kind now, because clicks teach nothing about orders, and arms without an action
 * that are long unused.
 */
function removeObsoleteArms(
  snapshot: Snapshot,
  kinds: Record<string, string>,
  definitions: ArmDefinition[],
  now: Instant,
): Snapshot {
  const wantedKinds = new Map(definitions.map(({ id, kind }) => [id, kind]));
  const arms = snapshot.arms.filter(({ id, lastAt }) => {
    const kind = wantedKinds.get(id);
    return kind === undefined ? lastAt !== null && lastAt > now - ABANDONED : getOwn(kinds, id) === kind;
  });
  if (arms.length === snapshot.arms.length) return snapshot;
  const { hash: _, ...content } = snapshot;
  return sealSnapshot({ ...content, arms });
}

async function addMissingArms(
  tx: Tx,
  bundle: Bundle,
  snapshot: Snapshot,
  definitions: ArmDefinition[],
): Promise<Snapshot> {
  const existing = new Set(snapshot.arms.map(({ id }) => id));
  const missing = definitions.filter(({ id }) => !existing.has(id));
  if (missing.length === 0) return snapshot;
  const kinds = [...new Set(missing.flatMap(({ kind, money }) => (money ? [kind] : [])))];
  const read = kinds.length > 0 ? await readRewardSpread(tx, bundle.workspace.id, kinds) : [];
  const spreads = new Map(
    read.flatMap((spread) =>
      spread.n >= MIN_AMOUNTS && spread.variance > 0 ? [[spread.kind, spread] as const] : [],
    ),
  );
  const assumed = assumeSpread(bundle);
  return addArms(
    snapshot,
    missing.map((arm) => buildArmStart(arm, snapshot.size, spreads.get(arm.kind) ?? assumed)),
  );
}
