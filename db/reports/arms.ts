import type { Tx } from '../client.ts';
import type { Span } from './span.ts';

/** A customer's first enrollment in a journey within a period, the unit of an experiment. */
export interface EntryRow {
  customer: string;
  journey: string;
  enrollment: string;
  /** Version of the bundle at the entry. */
  version: number;
  arm: 'treated' | 'control';
  excluded: boolean;
  enteredAt: number;
  goalAt: number | null;
}

/** Number of enrollments within a period; counting stops at `most` + 1. */
export async function countEntries(
  tx: Tx,
  { workspace, journeys, from, to }: Span & { journeys: string[] },
  most: number,
) {
  const [row] = await tx<{ count: number }[]>`
    select count(*) as count from (
      select from enrollments where workspace = ${workspace} and journey = any(${journeys})
        and entered_at >= ${from} and entered_at < ${to} limit ${most + 1}) counted`;
  return row?.count ?? 0;
}

export async function readEntries(
  tx: Tx,
  { workspace, journeys, from, to }: Span & { journeys: string[] },
): Promise<EntryRow[]> {
  return tx<EntryRow[]>`
    select distinct on (journey, customer_id) customer_id as customer, journey, id as enrollment, version, arm,
      excluded,
      entered_at as "enteredAt", goal_at as "goalAt"
    from enrollments
    where workspace = ${workspace} and journey = any(${journeys}) and entered_at >= ${from} and entered_at < ${to}
    order by journey, customer_id, entered_at, id`;
}

/** The holdouts of these versions of the bundle, of 10,000. */
export async function readHoldouts(
  tx: Tx,
  workspace: string,
  versions: number[],
): Promise<{ version: number; journey: string; global: number; holdout: number }[]> {
  return tx`
    select b.version, j ->> 'id' as journey, (b.compiled -> 'workspace' ->> 'holdout')::float8 as global,
      (j ->> 'holdout')::float8 as holdout
    from bundles b cross join lateral jsonb_array_elements(b.compiled -> 'journeys') j
    where b.workspace = ${workspace} and b.version = any(${versions})
    order by b.version, journey`;
}

/** The lowest and the highest global holdout within the period, of 10,000. */
export async function readGlobalHoldouts(
  tx: Tx,
  { workspace, from, to }: Span,
): Promise<{ lowest: number; highest: number }> {
  const [row] = await tx<{ lowest: number; highest: number }[]>`
    select coalesce(min(holdout), 0) as lowest, coalesce(max(holdout), 0) as highest from (
      select (compiled -> 'workspace' ->> 'holdout')::float8 as holdout, activated_at as since,
        lead(activated_at) over (order by version) as until
      from bundles where workspace = ${workspace}) held
    where since < to_timestamp(${to}::bigint / 1000.0)
      and (until is null or until > to_timestamp(${from}::bigint / 1000.0))`;
  return row ?? { lowest: 0, highest: 0 };
}

export interface CustomerSubject {
  customer: string;
  /** The id that determines holdouts. */
  subject: string;
  knownSince: number;
}

/** A customer is in the sample if the hashed id, of 65,536, is below the share. This is independent of the arm. */
const WHOLE = 65_536;

export const sampleCondition = (tx: Tx, id: ReturnType<Tx>, sample: number) =>
  sample >= 1
    ? tx`true`
    : tx`('x' || substr(md5(${id}), 1, 4))::bit(16)::int < ${Math.floor(sample * WHOLE)}`;

export async function countCustomers(tx: Tx, workspace: string, to: number): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    select count(*) as count from customers
    where workspace = ${workspace} and created_at < to_timestamp(${to}::bigint / 1000.0)
      and merged_into is null and erased_at is null`;
  return row?.count ?? 0;
}

/** All customers, or a sample with this share. */
export async function readCustomerSubjects(
  tx: Tx,
  { workspace, to, sample }: { workspace: string; to: number; sample: number },
): Promise<CustomerSubject[]> {
  return tx<CustomerSubject[]>`
    select c.id as customer, coalesce(j.state ->> 'seed', c.id) as subject,
      (extract(epoch from c.created_at) * 1000)::bigint as "knownSince"
    from customers c left join journeys j on j.customer_id = c.id
    where c.workspace = ${workspace} and c.created_at < to_timestamp(${to}::bigint / 1000.0)
      and c.merged_into is null and c.erased_at is null and ${sampleCondition(tx, tx`c.id`, sample)}
    order by c.id`;
}
