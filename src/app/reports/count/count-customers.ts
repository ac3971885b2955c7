import type { Tx } from '../../../../db/client.ts';
import { readFamilies } from '../../../../db/reports/counts/counted-rows.ts';
import {
  addToCells,
  type CountedCustomer,
  type CountState,
  deleteCountedCustomers,
  readCountedCustomers,
  saveCountedCustomers,
} from '../../../../db/reports/counts/counts.ts';
import type { StoredCells } from '../../../../db/schema/json.ts';
import { takeTurns } from '../../take-turns.ts';
import { CellSums } from './cell-sums.ts';
import { countCustomer } from './count-customer.ts';
import { findDueDay, listPeriods } from './periods.ts';
import { readCustomerRows } from './read-customer-rows.ts';
import { toReportCells } from './report-cells.ts';

/** What is added at once: cells of customers, and of reports in one statement. */
const [MOST_ENTRIES, MOST_CELLS] = [1_000, 5_000];

/**
 * Counts these customers again, and all who were ever one with them: what was counted of them before is replaced. The
 * result depends only on their rows, on the settings and on the day, so it may be repeated.
 */
export async function countCustomers(
  tx: Tx,
  workspace: string,
  state: CountState,
  ids: string[],
  day: number,
): Promise<void> {
  if (ids.length === 0) return;
  const families = await readFamilies(tx, workspace, ids);
  const all = families.map(({ id }) => id);
  const living = families.filter(({ erased }) => !erased);
  const before = await readCountedCustomers(tx, [...new Set([...ids, ...all])]);
  const rows = await readCustomerRows(tx, workspace, { state, families: living, before });
  const change = new CellSums();
  const saved: CountedCustomer[] = [];
  const periods = listPeriods(day);
  // The process that counts also decides.
  const giveTurn = takeTurns();
  for (const { facts, ...customer } of rows) {
    const { cells, days } = countCustomer(customer, periods, day);
    await giveTurn();
    const old = before.get(customer.customer.id);
    if (old?.generation === state.generation) change.addStored(old.counted, -1);
    change.addStored(cells);
    const { generation } = state;
    const dueDay = findDueDay(days, day);
    saved.push({ customerId: customer.customer.id, generation, dueDay, facts, counted: cells });
  }
  const isSaved = new Set(saved.map(({ customerId }) => customerId));
  const gone = [...before.values()].filter(({ customerId }) => !isSaved.has(customerId));
  for (const { generation, counted } of gone)
    if (generation === state.generation) change.addStored(counted, -1);
  await deleteCountedCustomers(
    tx,
    gone.map(({ customerId }) => customerId),
  );
  await saveCountedCustomers(tx, workspace, saved);
  await addCells(tx, workspace, state.generation, change.toStored());
}

/**
 * Adds what was counted of customers to the cells of a generation, in parts: of customers with many contacts there is much
 * to compute between two statements, which a transaction may not wait for.
 */
export async function addCells(
  tx: Tx,
  workspace: string,
  generation: number,
  stored: StoredCells,
): Promise<void> {
  for (const part of divide(Object.entries(stored), MOST_ENTRIES)) {
    const cells = Object.entries(await toReportCells(Object.fromEntries(part))).map(([name, sums]) => {
      const [report = '', period = '', key = ''] = name.split('\t', 3);
      return { report, period, key, sums };
    });
    for (const some of divide(cells, MOST_CELLS)) await addToCells(tx, workspace, generation, some);
  }
}

function divide<Item>(items: readonly Item[], most: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, i) =>
    items.slice(i * most, (i + 1) * most),
  );
}
