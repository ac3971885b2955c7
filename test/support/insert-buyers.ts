import type { Tx } from '../../db/client.ts';
import { emptyProfile, foldProfile } from '../../src/domain/customer/profile.ts';
import { DAY } from '../../src/domain/time/time.ts';
import { cdnow, ENDED } from '../learning/scores/cdnow.ts';

/** Customers of the CDNOW data set as rows, moved so that its last day is yesterday: enough of them for a nightly fit. */
export async function insertBuyers(tx: Tx, workspace: string, count: number): Promise<void> {
  const moved = Date.now() - DAY - ENDED;
  const rows = cdnow()
    .slice(0, count)
    .map(({ purchases }, n) => {
      const profile = emptyProfile();
      for (const [i, { at, amount }] of purchases.entries()) {
        const properties = { order_id: `c-${n}-${i}`, total: amount / 100 };
        const row = { type: 'track' as const, name: 'Order Completed', at: at + moved, properties };
        foldProfile(profile, { ...row, seq: i + 1, traits: {}, context: {}, source: 'test' }, 'EUR');
      }
      return { id: `cus_${String(n).padStart(6, '0')}`, profile };
    });
  await tx`
    insert into customers (id, workspace, profile)
    select id, ${workspace}, profile from json_to_recordset(${JSON.stringify(rows)}::text::json) as t(id text, profile jsonb)`;
}
