import { emptyProfile, type Profile } from '../../src/domain/customer/profile.ts';
import type { Tx } from '../client.ts';

/** The profiles of these customers, by id. */
export async function readProfiles(tx: Tx, ids: string[]): Promise<{ id: string; profile: Profile }[]> {
  const rows = await tx<{ id: string; profile: Partial<Profile> }[]>`
    select id, profile from customers where id = any(${ids}) order by id`;
  return rows.map(({ id, profile }) => ({ id, profile: { ...emptyProfile(), ...profile } }));
}
