import type { Snapshot } from '../../src/learning/model/snapshot.ts';
import type { Tx } from '../client.ts';
import { insertRows, type Row, selectColumns } from '../columns.ts';
import type { StoredModel } from '../schema/json.ts';
import { modelSnapshots } from '../schema.ts';

export async function readSnapshot(tx: Tx, workspace: string, version: number): Promise<Snapshot | null> {
  const [row] = await tx<{ body: StoredModel }[]>`
    select body from model_snapshots where workspace = ${workspace} and version = ${version}`;
  return row?.body ?? null;
}

/** Allows one learning transaction per workspace, so that increments are numbered in the order of their commits. */
export async function lockLearning(tx: Tx, workspace: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`learn/${workspace}`}, 0))`;
}

/** The newest version; 0 before the first. */
export async function readNewestModelVersion(tx: Tx, workspace: string): Promise<number> {
  const [row] = await tx<{ version: number }[]>`
    select version from model_snapshots where workspace = ${workspace} order by version desc limit 1`;
  return row?.version ?? 0;
}

/** `foldedTo`: number of the newest increment that the model contains. */
export type SnapshotRow = Row<typeof modelSnapshots, 'version' | 'foldedTo' | 'body'>;

/** The newest snapshot of a feature schema below a version. */
export async function readNewestSnapshot(
  tx: Tx,
  { workspace, featureSchema, below }: { workspace: string; featureSchema: string; below: number },
): Promise<SnapshotRow | null> {
  const [row] = await tx<SnapshotRow[]>`
    select ${selectColumns(tx, modelSnapshots, ['version', 'foldedTo', 'body'])} from model_snapshots
    where workspace = ${workspace} and feature_schema = ${featureSchema} and version < ${below}
      order by version desc limit 1`;
  return row ?? null;
}

export async function saveSnapshot(
  tx: Tx,
  workspace: string,
  { foldedTo, body }: Omit<SnapshotRow, 'version'>,
): Promise<void> {
  const { version, featureSchema, hash } = body;
  const row = { workspace, version, featureSchema, hash, foldedTo, body };
  await insertRows(
    tx,
    modelSnapshots,
    ['workspace', 'version', 'featureSchema', 'hash', 'foldedTo', 'body'],
    [row],
  );
}

/** So many of the newest versions are kept, and the last version of each day for a year. */
const KEPT_VERSIONS = 200;

/** Deletes versions that no decision uses any more. */
export async function thinSnapshots(tx: Tx, workspace: string, newest: number): Promise<void> {
  await tx`
    delete from model_snapshots m
    where m.workspace = ${workspace} and m.version <= ${newest - KEPT_VERSIONS}
      and (m.created_at < statement_timestamp() - interval '1 year' or exists (
        select 1 from model_snapshots n
        where n.workspace = m.workspace and n.version > m.version
          and date_trunc('day', n.created_at) = date_trunc('day', m.created_at)))`;
}
