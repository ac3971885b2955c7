import type { Tx } from '../client.ts';

/** Days. The evidence of guardrails is up to a year of entries, and what followed them (`readGuardrails`). */
const GUARDRAILS = 366 + 60;

/** How many days of events the active bundle of any workspace needs at most: for counts within a time, and guardrails. */
export async function readLongestWindow(tx: Tx): Promise<number> {
  const [row] = await tx<{ days: number | null }[]>`
    select ceil(max(days))::int as days from workspaces w
    join bundles b on b.workspace = w.id and b.version = w.config_version
    cross join lateral (
      select x.value::numeric as days from jsonb_each_text(b.compiled #> '{interest,windows}') x
      union all
      select ${GUARDRAILS}::numeric where jsonb_typeof(b.compiled #> '{workspace,guardrails}') = 'object') needed`;
  return row?.days ?? 0;
}
