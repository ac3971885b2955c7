import path from 'node:path';
import { toText } from '../../domain/event.ts';
import { UserError } from '../../user-error.ts';
import type { JoinDef } from './mapping.ts';
import { type ReadOptions, readRows } from './read-rows.ts';
import { type BadRow, isBad, type Row } from './row.ts';
import type { Unit, Values } from './unit.ts';

/** Rows of a joined file by the value of the common column. They are kept in memory. */
export interface JoinedFile {
  def: JoinDef;
  columns: string[];
  rows: Map<string, Values[]>;
  /** Rows that can't be read, which are missing in what they belong to. */
  bad: number;
}

const NO_ROWS: readonly Values[] = [];

/**
 * Reads a file that is joined.
 * @param folder that of the main file, from which its path counts
 */
export async function readJoinedFile(
  def: JoinDef,
  folder: string,
  options: ReadOptions,
): Promise<JoinedFile> {
  const joined: JoinedFile = { def, columns: [], rows: new Map(), bad: 0 };
  for await (const item of readRows(path.resolve(folder, def.file), options)) {
    if (isBad(item)) {
      joined.bad += 1;
      continue;
    }
    if (joined.columns.length === 0) {
      joined.columns = Object.keys(item.values);
      if (!joined.columns.includes(def.on)) throw new UserError(`${def.file} has no column "${def.on}"`);
    }
    const key = toText(item.values[def.on]);
    if (key === undefined) continue;
    const rows = joined.rows.get(key);
    if (rows) rows.push(item.values);
    else joined.rows.set(key, [item.values]);
  }
  return joined;
}

/** How many rows each group has, so that a group is complete when its last row was read, wherever the rows are. */
export async function countGroups(
  file: string,
  group: string,
  options: ReadOptions,
): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for await (const item of readRows(file, options)) {
    if (isBad(item)) continue;
    const key = toText(item.values[group]);
    if (key !== undefined) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  }
  return sizes;
}

/**
 * Makes units of rows: each row, or all rows that have one value in the column `group`, when the last of them was read.
 * A row without a value there is a unit of its own. The order is the same in each run over a file.
 */
export async function* toUnits(
  rows: AsyncIterable<Row | BadRow>,
  joins: readonly JoinedFile[],
  groups: { column: string; sizes: ReadonlyMap<string, number> } | null,
): AsyncGenerator<Unit | BadRow> {
  const open = new Map<string, Row[]>();
  for await (const item of rows) {
    if (isBad(item)) {
      yield item;
      continue;
    }
    const key = groups && toText(item.values[groups.column]);
    if (!groups || key === undefined || key === null) {
      yield toUnit([item], joins);
      continue;
    }
    const members = open.get(key) ?? [];
    members.push(item);
    if (members.length < (groups.sizes.get(key) ?? 1)) open.set(key, members);
    else {
      open.delete(key);
      yield toUnit(members, joins);
    }
  }
}

function toUnit(rows: Row[], joins: readonly JoinedFile[]): Unit {
  const [first] = rows as [Row];
  const joined = joins.map(({ def, rows: others }) => {
    const key = toText(first.values[def.on]);
    return [def.name, (key === undefined ? undefined : others.get(key)) ?? NO_ROWS] as const;
  });
  return { line: first.line, rows: rows.map(({ values }) => values), joined: Object.fromEntries(joined) };
}
