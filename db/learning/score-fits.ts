import type { FittedScores } from '../../src/learning/scores/types.ts';
import type { Tx } from '../client.ts';
import { insertRows } from '../columns.ts';
import { scoreFits } from '../schema.ts';

export async function readFit(tx: Tx, workspace: string, version: number): Promise<FittedScores | null> {
  const [row] = await tx<{ body: FittedScores }[]>`
    select body from score_fits where workspace = ${workspace} and version = ${version}`;
  return row?.body ?? null;
}

/** The version of the newest fit; null before the first. */
export async function readNewestFitVersion(tx: Tx, workspace: string): Promise<number | null> {
  const [row] = await tx<{ version: number }[]>`
    select version from score_fits where workspace = ${workspace} order by version desc limit 1`;
  return row?.version ?? null;
}

/** The version of the newest fit and its journey time. */
export async function readNewestFit(
  tx: Tx,
  workspace: string,
): Promise<{ version: number; at: number } | null> {
  const [row] = await tx<{ version: number; at: number }[]>`
    select version, at from score_fits where workspace = ${workspace} order by version desc limit 1`;
  return row ?? null;
}

/** Allows one writer of a workspace's fits at a time, until the transaction ends. */
export async function lockFits(tx: Tx, workspace: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`fit/${workspace}`}, 0))`;
}

/** More than a year of nightly fits, so that the fit of every kept decision can be read. */
const KEPT_FITS = 400;

/** Writes a fit, which is never changed later, and deletes the oldest ones. */
export async function saveFit(
  tx: Tx,
  { workspace, version, body }: { workspace: string; version: number; body: FittedScores },
): Promise<void> {
  const row = { workspace, version, at: body.at, body };
  await insertRows(tx, scoreFits, ['workspace', 'version', 'at', 'body'], [row]);
  await tx`delete from score_fits where workspace = ${workspace} and version <= ${version - KEPT_FITS}`;
}
