import {
  type CellRow,
  type CountState,
  readCells,
  readCounts,
} from '../../../../db/reports/counts/counts.ts';
import type { CountSettings } from '../../../../db/schema/json.ts';
import { DAY, type Instant } from '../../../domain/time/time.ts';
import type { CellKey } from '../count/cell-sums.ts';
import { type CountedPeriod, listPeriods, toDay, toDayName, toWindow, WINDOWS } from '../count/periods.ts';
import type { Period, ReportDeps } from '../report-deps.ts';

/** Counts that a report can be read from. */
export interface Counts {
  workspace: string;
  state: CountState;
  /** What the cells were counted with. While all is counted again, these are not the newest settings. */
  settings: CountSettings;
  countedAt: Instant;
  /** The period as it was counted: a window ends with the day of the count. */
  period: Period;
  /** Its name, if customers are counted for it. */
  name: string | null;
}

/**
 * The counts of a workspace for a period. Null: there are none yet.
 * @param now journey time; a window that ends with today is the one that was counted last
 */
export async function findCounts(
  { db }: ReportDeps,
  workspace: string,
  period: Period,
  now: Instant,
): Promise<Counts | null> {
  const state = await readCounts(db.sql, workspace);
  const settings = state?.publishedSettings;
  if (!state || !settings || state.countedAt === null) return null;
  const counted = findPeriod(period, state.day, toDay(now));
  const base = { workspace, state, settings, countedAt: state.countedAt };
  if (counted === null) return { ...base, period, name: null };
  const { name, from, to } = counted;
  return { ...base, period: { from, to }, name };
}

function findPeriod({ from, to }: Period, day: number, today: number): CountedPeriod | null {
  const days = (to - from) / DAY;
  if (toDay(to) === today + 1 && WINDOWS.some((length) => length === days)) return toWindow(days, day);
  return listPeriods(day).find((counted) => counted.from === from && counted.to === to) ?? null;
}

/** A cell of a report. */
export interface Cell {
  period: string;
  key: CellKey;
  sums: number[];
  exact: string[];
}

/** Which reports to read the cells of. */
interface WantedCells {
  always?: string[];
  byDay?: string[];
  byPeriod?: string[];
  /** As the others, but only cells whose key contains this text: it only saves reading. */
  matching?: { always?: string[]; byDay?: string[]; part: string };
}

/** Reads the cells of reports; those that are zero are left out. */
export async function readReportCells(
  { db }: ReportDeps,
  { workspace, state, period, name }: Counts,
  { always = [], byDay = [], byPeriod = [], matching }: WantedCells,
): Promise<(report: string) => Cell[]> {
  const days = { from: toDayName(toDay(period.from)), to: toDayName(toDay(period.to) - 1) };
  const ofAllTime = { from: '', to: '' };
  const { part = '' } = matching ?? {};
  const rows = await readCells(db.sql, workspace, state.published, [
    { reports: always, ...ofAllTime, part: '' },
    { reports: byDay, ...days, part: '' },
    { reports: byPeriod, from: name ?? '', to: name ?? '', part: '' },
    { reports: matching?.always ?? [], ...ofAllTime, part },
    { reports: matching?.byDay ?? [], ...days, part },
  ]);
  const byReport = new Map<string, Cell[]>();
  for (const { report, ...row } of rows) {
    if (row.sums.every((sum) => sum === 0)) continue;
    const cells = byReport.get(report) ?? [];
    if (cells.length === 0) byReport.set(report, cells);
    cells.push(toCell(row));
  }
  return (report) => byReport.get(report) ?? [];
}

function toCell({ period, key, sums, exact }: Omit<CellRow, 'report'>): Cell {
  return { period, key: JSON.parse(key), sums, exact };
}

/** Sums of cells by a key, in the order of its first cell. */
export function sumBy(
  cells: readonly Cell[],
  keyOf: (key: CellKey, cell: Cell) => unknown,
): Map<string, number[]> {
  const sums = new Map<string, number[]>();
  for (const cell of cells) {
    const id = JSON.stringify(keyOf(cell.key, cell));
    const known = sums.get(id);
    sums.set(id, known ? known.map((sum, i) => sum + (cell.sums[i] ?? 0)) : [...cell.sums]);
  }
  return sums;
}
