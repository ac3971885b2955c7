import type { Tx } from '../client.ts';
import { insertRows, type NewRow } from '../columns.ts';
import { sharedDevices } from '../schema.ts';

const COLUMNS = ['workspace', 'device', 'userId'] as const;

/** A user who identified with the device of another user, or a visitor who stated an address; both as hashes. */
export type DeviceShare = NewRow<typeof sharedDevices, (typeof COLUMNS)[number]>;

/** How many ids besides user ids each customer has, counted up to `limit`. */
export async function countOtherIds(
  tx: Tx,
  customerIds: string[],
  limit: number,
): Promise<Map<string, number>> {
  const rows = await tx<{ id: string; count: number }[]>`
    select c.id, n.count::int as count
    from unnest(${[...new Set(customerIds)].sort()}::text[]) as c(id), lateral (
      select count(*) from (
        select 1 from identities i where i.customer_id = c.id and i.type <> 'user' limit ${limit}) counted) n`;
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/**
 * Records shares, in sorted order, each once. Returns how many users have shared each device (`{workspace} {device}`),
 * for those shares that are new.
 */
export async function recordShares(tx: Tx, shares: DeviceShare[]): Promise<Map<string, number>> {
  const key = (s: DeviceShare) => `${s.workspace} ${s.device} ${s.userId}`;
  const sorted = [...new Map(shares.map((share) => [key(share), share])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, share]) => share);
  const added = await tx<{ workspace: string; device: number }[]>`
    ${insertRows(tx, sharedDevices, COLUMNS, sorted)} on conflict do nothing returning workspace, device`;
  return countShares(tx, added);
}

/** How many users have shared each device, or visitors have stated each address. */
export async function countShares(
  tx: Tx,
  devices: Pick<DeviceShare, 'workspace' | 'device'>[],
): Promise<Map<string, number>> {
  if (devices.length === 0) return new Map();
  const rows = await tx<{ workspace: string; device: number; count: number }[]>`
    select s.workspace, s.device, count(*)::int as count from shared_devices s
    join (select distinct * from unnest(${devices.map((row) => row.workspace)}::text[],
            ${devices.map((row) => row.device)}::bigint[]) as a(workspace, device)) a
      on a.workspace = s.workspace and a.device = s.device
    group by s.workspace, s.device`;
  return new Map(rows.map((row) => [`${row.workspace} ${row.device}`, row.count]));
}
