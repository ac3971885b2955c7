import type { StoredCells } from '../../../../db/schema/json.ts';
import { addPathSums } from '../../../statistics/attribution/path-sums.ts';
import {
  TOUCHPOINT_KINDS,
  type TouchpointKind,
  toTouchpoints,
} from '../../../statistics/attribution/touch-paths.ts';
import { takeTurns } from '../../take-turns.ts';
import { ofJourney, PATH_CELLS, readPathKey } from './attribution-cells.ts';
import { CellSums, type Sum, splitCellName } from './cell-sums.ts';
import { PeriodCells, splitPeriods } from './period-cells.ts';

/** Which sums over paths are wanted; by default all. */
interface Wanted {
  kinds: readonly TouchpointKind[];
  journeys: 'each' | (string | null)[];
}

/**
 * The cells of reports that cells of customers add to: one per period, and instead of paths the sums that models need of
 * them. Each cell adds for itself, so the cells of a difference are the difference of the cells.
 */
export async function toReportCells(
  stored: StoredCells,
  wanted: Wanted = { kinds: TOUCHPOINT_KINDS, journeys: 'each' },
): Promise<StoredCells> {
  const giveTurn = takeTurns();
  const sums = new CellSums();
  const { paths, others } = divide(stored);
  for (const path of paths) {
    addPath(sums, path, wanted);
    await giveTurn();
  }
  const byPeriod = new CellSums();
  for (const [name, numbers] of sums.entries()) {
    addToPeriods(byPeriod, name, numbers);
    await giveTurn();
  }
  byPeriod.addStored(others.toStored());
  return byPeriod.toStored();
}

/**
 * Paths apart from other cells, which are ready. A window that moves by a day takes a path out of one of its periods, and
 * the difference is of that one only.
 */
function divide(stored: StoredCells): { paths: PathCell[]; others: CellSums } {
  const [own, others] = [new CellSums(), new CellSums()];
  for (const [name, numbers] of Object.entries(stored))
    addToPeriods(
      name.startsWith(`${PATH_CELLS}\t`) ? own : others,
      name,
      numbers.map((sum) => (typeof sum === 'string' ? BigInt(sum) : sum)),
    );
  const joined = new PeriodCells();
  for (const [name, numbers] of own.entries()) {
    const { period, key } = splitCellName(name);
    if (numbers.some((sum) => sum !== 0)) joined.add(PATH_CELLS, period, key, ...numbers);
  }
  const paths = new CellSums();
  joined.addTo(paths);
  const cells = [...paths.entries()].map(([name, numbers]) => ({
    ...splitCellName(name),
    sums: numbers as number[],
  }));
  return { paths: cells, others };
}

function addToPeriods(sums: CellSums, name: string, numbers: readonly Sum[]): void {
  const [report = '', period = '', key = ''] = name.split('\t', 3);
  for (const one of splitPeriods(period)) sums.addNamed(`${report}\t${one}\t${key}`, numbers);
}

/** Name of the sums of paths by what receives credit, of all contacts or of those of a journey. */
export function namePathSums(sum: string, by: TouchpointKind, journey: string | null): string {
  return ofJourney(`${sum}.${by}`, journey);
}

interface PathCell {
  period: string;
  key: ReturnType<typeof splitCellName>['key'];
  sums: number[];
}

function addPath(
  sums: CellSums,
  { period, key, sums: [lost = 0, conversions = 0, value = 0] }: PathCell,
  wanted: Wanted,
) {
  const { entered, touches } = readPathKey(key);
  const touching = touches.flatMap(({ journey }) => journey ?? []);
  for (const journey of new Set([null, ...entered, ...touching])) {
    if (wanted.journeys !== 'each' && !wanted.journeys.includes(journey)) continue;
    // The conversions of a journey are those of customers who had entered it.
    const isOwn = journey === null || entered.includes(journey);
    const counts = { lost, conversions: isOwn ? conversions : 0, value: isOwn ? value : 0 };
    for (const by of wanted.kinds)
      addPathSums(
        (sum, names, ...numbers) => sums.add(namePathSums(sum, by, journey), period, names, ...numbers),
        { touches: toTouchpoints(touches, by, journey), ...counts },
      );
  }
}
