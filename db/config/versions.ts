import type { Tx } from '../client.ts';

export interface VersionView {
  version: number;
  hash: string;
  activatedAt: number;
  /** The person or key that applied it; null: the server itself. */
  appliedBy: string | null;
}

/** All bundles of a workspace, newest first. */
export async function viewVersions(
  tx: Tx,
  page: { workspace: string; limit: number; before: number | null },
): Promise<VersionView[]> {
  return tx<VersionView[]>`
    select version, hash, (extract(epoch from activated_at) * 1000)::bigint as "activatedAt", applied_by as "appliedBy"
    from bundles where workspace = ${page.workspace} and (${page.before}::int is null or version < ${page.before}::int)
    order by version desc limit ${page.limit}`;
}

export interface JourneyVersion {
  version: number;
  activatedAt: number;
  appliedBy: string | null;
  /** The next version that changed the journey; null: there is none. */
  until: number | null;
}

/**
 * The versions that added or changed a journey, newest first. Only changes in its source count, not those of the
 * compiler.
 */
export async function viewJourneyVersions(
  tx: Tx,
  workspace: string,
  journey: string,
): Promise<JourneyVersion[]> {
  return tx<JourneyVersion[]>`
    with written as (
      select b.version, b.activated_at, b.applied_by, j - 'activeSince' - 'moved' as def
      from bundles b cross join jsonb_array_elements(b.compiled -> 'journeys') j
      where b.workspace = ${workspace} and j ->> 'id' = ${journey}
    ), edited as (
      select version, activated_at, applied_by, lead(version) over (order by version) as until
      from (select *, lag(def) over (order by version) is distinct from def as changed from written) w where changed
    )
    select version, (extract(epoch from activated_at) * 1000)::bigint as "activatedAt", applied_by as "appliedBy", until
    from edited order by version desc`;
}

/** One bundle with its source files, or null if there is no such version. */
export async function viewVersion(
  tx: Tx,
  workspace: string,
  version: number,
): Promise<(VersionView & { files: { path: string; text: string }[] }) | null> {
  const [row] = await tx<(VersionView & { files: { path: string; text: string }[] })[]>`
    select version, hash, (extract(epoch from activated_at) * 1000)::bigint as "activatedAt",
      applied_by as "appliedBy", files
    from bundles where workspace = ${workspace} and version = ${version}`;
  return row ?? null;
}
