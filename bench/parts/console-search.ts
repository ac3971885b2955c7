import { createKey } from '../../src/app/api-keys/keys.ts';
import type { Result } from '../result.ts';
import { median, runRounds, summarize } from '../stats.ts';
import { type BenchSystem, WORKSPACE } from '../system.ts';

const FEW = 1_000;
const MANY = 1_000_000;
/** Customers per statement. */
const STEP = 50_000;
const ROUNDS = 5;
const BUDGET_MS = 30_000;

/** Searches that a person types: most of them match very many customers, or nearly none. */
const SEARCHES = [
  'u',
  'user-77',
  'helen',
  'helen berg',
  'berg',
  'p500@example',
  'order-4711',
  'cus_00000',
  'nobody',
];

/** Milliseconds of a search among very many customers, against the same search among few. */
export async function measureSearch(system: BenchSystem): Promise<Result> {
  const key = await createKey(system.db, {
    workspace: WORKSPACE,
    kind: 'api',
    scopes: ['read'],
    label: 'search',
  });
  await addCustomers(system, 0, FEW);
  const few = await searchAll(system, key);
  await addCustomers(system, FEW, MANY);
  const pairs = await runRounds(ROUNDS, BUDGET_MS, async () => ({
    ours: await searchAll(system, key),
    floor: few,
  }));
  const goal = { at: 'most', value: 3 } as const;
  return {
    part: 'console',
    measure: 'search among 1,000,000 customers, against 1,000',
    unit: 'ms',
    goal,
    ...summarize(pairs),
  };
}

/** The median over the searches, after each was asked once. */
async function searchAll({ url }: BenchSystem, key: string): Promise<number> {
  const times: number[] = [];
  for (const q of SEARCHES) {
    await search(`${url}/v1/customers?q=${encodeURIComponent(q)}&limit=30`, key);
    const began = performance.now();
    await search(`${url}/v1/customers?q=${encodeURIComponent(q)}&limit=30`, key);
    times.push(performance.now() - began);
  }
  return median(times);
}

async function search(url: string, key: string): Promise<void> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  if (!answer.ok) throw new Error(`the search answered ${answer.status}`);
  await answer.arrayBuffer();
}

/** Customers with a user id, an address and a name, as acceptance writes them. */
async function addCustomers({ db }: BenchSystem, from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += STEP) {
    const last = Math.min(first + STEP, to) - 1;
    await db.sql`
      with numbers as (
        select n, 'cus_' || lpad(to_hex(n), 32, '0') as id,
          (array['helen', 'ada', 'ivo', 'dora'])[1 + n % 4] || ' ' ||
          (array['berg', 'stein', 'maas', 'lind', 'okafor'])[1 + n % 5] as name
        from generate_series(${first}::int, ${last}::int) n
      ), people as (
        insert into customers (id, workspace, seq, profile, email, name_key)
        select id, ${WORKSPACE}, 1, jsonb_build_object('traits', jsonb_build_object('name',
          jsonb_build_object('value', name, 'at', 0, 'seq', 1, 'source', 'bench'))), 'p' || n || '@example.com', name
        from numbers
      )
      insert into identities (workspace, type, value, customer_id)
      select ${WORKSPACE}, 'user', 'user-' || n, id from numbers
      union all select ${WORKSPACE}, 'email', 'p' || n || '@example.com', id from numbers`;
  }
  await db.sql`analyze customers, identities`;
}
