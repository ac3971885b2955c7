import type { Database } from '../../../db/client.ts';
import { readKeptSince } from '../../../db/partitions/kept-since.ts';
import type { PartitionedTable } from '../../../db/partitions/tables.ts';
import type { Period } from '../../app/reports/report-deps.ts';
import { iso } from '../../domain/time/time.ts';
import { HttpError } from '../frame/http-error.ts';

/**
 * Refuses a period of which a report would show only what happens to be kept.
 *
 * @param tables what the report is computed from
 * @param place path of `from` in the request; empty: the body
 * @throws HttpError 400 `invalid_period`
 */
export async function requireKeptPeriod(
  { sql }: Database,
  { from }: Period,
  tables: readonly PartitionedTable[],
  place: 'query.' | '' = 'query.',
): Promise<void> {
  for (const table of tables) {
    const since = await readKeptSince(sql, table);
    if (since === null || from >= since) continue;
    const detail = `${table} of before ${iso(since).slice(0, 10)} are not kept: begin then`;
    throw new HttpError(400, 'invalid_period', detail, {
      errors: [{ path: `${place}from`, code: 'invalid_period', detail }],
    });
  }
}
