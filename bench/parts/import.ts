import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { iso, MINUTE } from '../../src/domain/time/time.ts';
import { buildProduct } from '../../test/support/product.ts';
import { readCpuTime } from '../cpu-time.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import type { Stops } from '../stops.ts';
import { startSystem } from '../system.ts';

const ROWS = 60_000;
const CUSTOMERS = 20_000;

/** import: rows per second of `throughline import`, from the start of its process until it has ended. */
export async function benchImport(servers: Servers, stops: Stops, rows = ROWS): Promise<Result[]> {
  const system = await startSystem(servers, 'import', ['api'], stops);
  const file = path.join(servers.dir, 'orders.csv');
  writeFileSync(file, buildOrders(rows));
  const before = await readCpuTime(system);
  const began = performance.now();
  const child = spawn(process.execPath, [buildProduct(), 'import', file, '--as', 'orders'], {
    env: { ...process.env, THROUGHLINE_URL: system.url, THROUGHLINE_WRITE_KEY: system.writeKeys[0] },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  const seconds = (performance.now() - began) / 1_000;
  const cpuTime = (await readCpuTime(system)) - before;
  if (code !== 0) throw new Error(`the import ended with ${code}`);
  const [row] = await system.db.sql<{ events: number }[]>`select count(*)::int as events from events`;
  if (row?.events !== rows) throw new Error(`${row?.events} of ${rows} rows are in the log`);
  const none = { part: 'import', floor: null, ratio: null, goal: null };
  return [
    {
      ...none,
      measure: 'rows of CSV imported as orders',
      unit: 'rows/s',
      ours: rows / seconds,
      goal: { at: 'least', value: 5_000 },
    },
    { ...none, measure: 'CPU time per row, API and Postgres', unit: 'µs', ours: (cpuTime / rows) * 1e6 },
  ];
}

/** Orders of customers in turn, as a shop exports them. */
function buildOrders(rows: number): string {
  const lines = ['order_id,customer_id,email,created_at,total,currency,sku,quantity,price,note'];
  for (let n = 0; n < rows; n++) {
    const customer = (n * 7_919) % CUSTOMERS;
    const at = iso(Date.UTC(2024, 0, 1) + n * MINUTE);
    const total = ((n * 37) % 9_000) / 100 + 5;
    lines.push(
      `o-${n},c-${customer},c-${customer}@example.com,${at},${total.toFixed(2)},EUR,sku-${n % 500},1,${total.toFixed(2)},"a note, with ""quotes"""`,
    );
  }
  return `${lines.join('\n')}\n`;
}
