import type { ConsentMemory } from '../../src/domain/customer/consent-memory.ts';
import type { Tx } from '../client.ts';

/** What the devices and sources of these customers have said about consent, by customer. Nothing is locked. */
export async function readStatements(tx: Tx, ids: string[]): Promise<Map<string, ConsentMemory>> {
  const rows = await tx<{ id: string; statements: ConsentMemory }[]>`
    select id, profile -> 'statements' as statements from customers
    where id = any(${ids}) and profile -> 'statements' is not null`;
  return new Map(rows.map(({ id, statements }) => [id, statements]));
}
