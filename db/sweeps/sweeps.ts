import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import type { SWEEP_KINDS } from '../schema/values.ts';
import { sweeps } from '../schema.ts';

type SweepKind = (typeof SWEEP_KINDS)[number];

const COLUMNS = [
  'id',
  'workspace',
  'kind',
  'journey',
  'entry',
  'occurrence',
  'version',
  'cursor',
  'seen',
  'found',
] as const;

export interface SweepRow extends Row<typeof sweeps, (typeof COLUMNS)[number]> {
  done: boolean;
  /** Wall clock: when the bundle of `version` became active. */
  activatedAt: number;
}

export interface NewSweep {
  workspace: string;
  kind: SweepKind;
  journey: string | null;
  entry: number | null;
  /** What identifies the sweep: the bundle's version, the scheduled instant or the fit's version. */
  occurrence: string;
  version: number;
  /** Whether there is nothing to do. */
  done: boolean;
}

/** The id of a sweep. The same workspace, entry and occurrence give the same sweep, however often it is begun. */
function buildSweepId({ workspace, kind, journey, entry, occurrence }: NewSweep): string {
  return [workspace, kind, ...(journey === null ? [] : [journey, entry]), occurrence].join('/');
}

/** Begins a sweep unless it exists. Returns its id. */
export async function beginSweep(tx: Tx, sweep: NewSweep): Promise<{ id: string; done: boolean }> {
  const id = buildSweepId(sweep);
  const { workspace, kind, journey, entry, occurrence, version, done } = sweep;
  const [row] = await tx<{ done: boolean }[]>`
    insert into sweeps (id, workspace, kind, journey, entry, occurrence, version, done_at)
    values (${id}, ${workspace}, ${kind}, ${journey}, ${entry}, ${occurrence}, ${version},
            case when ${done} then clock_timestamp() end)
    on conflict (id) do update set done_at = coalesce(sweeps.done_at, excluded.done_at)
    returning done_at is not null as done`;
  return { id, done: (row as { done: boolean }).done };
}

/** Locks a sweep, so that a page is not processed twice while its first attempt still runs. Null if there is none. */
export async function lockSweep(tx: Tx, id: string): Promise<SweepRow | null> {
  const [row] = await tx<SweepRow[]>`
    select ${selectColumns(tx, sweeps, COLUMNS, 's')}, s.done_at is not null as done,
      (extract(epoch from b.activated_at) * 1000)::bigint as "activatedAt"
    from sweeps s join bundles b on b.workspace = s.workspace and b.version = s.version
    where s.id = ${id} for update of s`;
  return row ?? null;
}

/** Moves the cursor past a page. */
export async function saveSweep(
  tx: Tx,
  page: { id: string; cursor: string; seen: number; found: number; done: boolean },
): Promise<void> {
  await tx`
    update sweeps set cursor = ${page.cursor}, seen = seen + ${page.seen}, found = found + ${page.found},
      done_at = case when ${page.done} then clock_timestamp() end
    where id = ${page.id}`;
}

/** The newest bundle before `version` whose activation sweep is finished; 0 if there is none. */
export async function readSweptVersion(tx: Tx, workspace: string, version: number): Promise<number> {
  const [row] = await tx<{ version: number }[]>`
    select coalesce(max(version), 0) as version from sweeps
    where workspace = ${workspace} and kind = 'activation' and version < ${version} and done_at is not null`;
  return row?.version ?? 0;
}

/** The newest fit before `version` whose sweep is finished; null if there is none. */
export async function readSweptFit(tx: Tx, workspace: string, version: number): Promise<number | null> {
  const [row] = await tx<{ version: number | null }[]>`
    select max(occurrence::int) as version from sweeps
    where workspace = ${workspace} and kind = 'fit' and done_at is not null and occurrence::int < ${version}`;
  return row?.version ?? null;
}

/**
 * Whether at least so many journeys have unprocessed events. A sweep then waits, so that it does not lengthen the
 * queue.
 */
export async function isBacklogged(tx: Tx, customers: number): Promise<boolean> {
  const [row] = await tx<{ pending: number }[]>`
    select count(*) as pending from (
      select 1 from wakes where requested_seq > processed_seq and parked_until is null limit ${customers}) w`;
  return (row?.pending ?? 0) >= customers;
}
