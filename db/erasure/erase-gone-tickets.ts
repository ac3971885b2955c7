import type { Tx } from '../client.ts';

/** Ids of the tickets that may silence a customer and are still there: their own, and those of others. */
export async function readKeptTickets(tx: Tx, customerId: string): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select distinct k.id from customers c join tickets k on k.customer_id = c.id
      or k.workspace = c.workspace and k.account_id = c.account_id or k.person_key = c.person_key
    where c.id = ${customerId}`;
  return rows.map(({ id }) => id);
}

/**
 * Takes tickets that are gone out of the verdicts of claims that refused deliveries to a customer: tickets of others may
 * have silenced them, and verdicts name those tickets. That a ticket was open is kept.
 *
 * @param ids the tickets that are still there
 */
export async function eraseGoneTickets(tx: Tx, customerId: string, ids: string[]): Promise<void> {
  const kept = JSON.stringify({ kept: ids });
  const isGone = '? (@.gate == "suppression").observed[*] ? (!(@ == $kept[*]))';
  await tx`
    update deliveries d
    set verdict = d.verdict || jsonb_build_object('refusals', ${verdictsWithout(tx, tx`d.verdict -> 'refusals'`, ids)})
    where d.customer_id = ${customerId}
      and jsonb_path_exists(d.verdict, ${`$.refusals[*] ${isGone}`}::text::jsonpath, ${kept}::text::jsonb)`;
}

/** The verdicts in which suppression names no other tickets than these. */
function verdictsWithout(tx: Tx, verdicts: ReturnType<Tx>, ids: string[]) {
  return tx`(
    select jsonb_agg(case when g ->> 'gate' = 'suppression' and jsonb_typeof(g -> 'observed') = 'array'
      then jsonb_set(g, '{observed}', (select coalesce(jsonb_agg(o), '[]')
        from jsonb_array_elements(g -> 'observed') o where o #>> '{}' = any(${ids}::text[])))
      else g end order by n)
    from jsonb_array_elements(${verdicts}) with ordinality y(g, n))`;
}
