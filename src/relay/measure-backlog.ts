import type { Database } from '../../db/client.ts';
import { findStall } from '../../db/journeys/find-stall.ts';
import {
  countOpenTasks,
  countParkedByWorkspace,
  readDueDeliveries,
  readInstallation,
  readLoopBacklogs,
  readOverdueJourneys,
  readWaitingCustomers,
} from '../../db/maintenance/backlog.ts';
import { readReconciliations } from '../../db/maintenance/reconciliations.ts';
import { SECOND } from '../domain/time/time.ts';
import type { Instruments } from '../metrics/metrics.ts';

/** As long as for `decisions_stalled` of `/readyz`. */
const STALL_MS = 30 * SECOND;

/**
 * Reads how far the whole installation is behind, and sets the gauges. Every relay reports the same numbers. The queries
 * run one after the other, so that they never take more than one connection.
 */
export async function measureBacklog(
  { sql }: Pick<Database, 'sql'>,
  instruments: Instruments,
): Promise<void> {
  const waiting = await readWaitingCustomers(sql);
  instruments.throughline_customers_waiting.set(waiting.count);
  instruments.throughline_customers_waiting_oldest_seconds.set(waiting.oldestSeconds);
  const overdue = await readOverdueJourneys(sql);
  instruments.throughline_journeys_overdue.set(overdue.count);
  instruments.throughline_journeys_overdue_oldest_seconds.set(overdue.oldestSeconds);
  instruments.throughline_decisions_stalled.set((await findStall(sql, STALL_MS)) ? 1 : 0);

  const parked = await countParkedByWorkspace(sql);
  instruments.throughline_customers_parked.reset();
  for (const { workspace, count } of parked)
    instruments.throughline_customers_parked.set({ workspace }, count);

  const tasks = await countOpenTasks(sql);
  instruments.throughline_tasks.reset();
  for (const { count, ...labels } of tasks) instruments.throughline_tasks.set(labels, count);

  await measureDeliveries(sql, instruments);

  for (const { loop, oldestSeconds } of await readLoopBacklogs(sql))
    instruments.throughline_backlog_oldest_seconds.set({ loop }, oldestSeconds);

  await measureReconciliations(sql, instruments);
  const { unsynced, bytes } = await readInstallation(sql);
  instruments.throughline_schedules_unsynced.set(unsynced);
  instruments.throughline_database_bytes.set(bytes);
}

async function measureDeliveries(sql: Database['sql'], instruments: Instruments): Promise<void> {
  const due = await readDueDeliveries(sql);
  const oldest = new Map<string, number>();
  instruments.throughline_deliveries_due.reset();
  for (const { channel, state, count, oldestSeconds } of due) {
    instruments.throughline_deliveries_due.set({ channel, state }, count);
    oldest.set(channel, Math.max(oldest.get(channel) ?? 0, oldestSeconds));
  }
  instruments.throughline_deliveries_due_oldest_seconds.reset();
  for (const [channel, seconds] of oldest)
    instruments.throughline_deliveries_due_oldest_seconds.set({ channel }, seconds);
}

/** Postgres holds the totals, which only grow. */
async function measureReconciliations(sql: Database['sql'], instruments: Instruments): Promise<void> {
  const reconciliations = await readReconciliations(sql);
  instruments.throughline_reconciliation_passes_total.reset();
  instruments.throughline_reconciliation_repairs_total.reset();
  for (const { kind, passes, repaired } of reconciliations) {
    instruments.throughline_reconciliation_passes_total.inc({ kind }, passes);
    for (const [cause, count] of Object.entries(repaired))
      instruments.throughline_reconciliation_repairs_total.inc({ kind, cause }, count);
  }
}
