import type { Tx } from '../client.ts';

/** Customers of all workspaces whose decision could not be made, and who wait to be tried again. */
export async function countPoisoned(tx: Tx): Promise<number> {
  const [row] = await tx<{ customers: number }[]>`
    select count(*) as customers from journeys where state ? 'poison'`;
  return row?.customers ?? 0;
}
