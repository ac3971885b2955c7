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
import { splitPeriods } from './period-cells.ts';

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
  for (const [name, numbers] of Object.entries(stored)) {
    const { report, period, key } = splitCellName(name);
    const own = numbers.map((sum): Sum => (typeof sum === 'string' ? BigInt(sum) : sum));
    if (report === PATH_CELLS) addPath(sums, { period, key, sums: own as number[] }, wanted);
    else sums.add(report, period, key, ...own);
    await giveTurn();
  }
  const byPeriod = new CellSums();
  for (const [name, numbers] of Object.entries(sums.toStored())) {
    const [report = '', period = '', key = ''] = name.split('\t', 3);
    for (const one of splitPeriods(period)) byPeriod.addStored({ [`${report}\t${one}\t${key}`]: numbers });
  }
  return byPeriod.toStored();
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
