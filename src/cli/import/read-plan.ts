import { stat } from 'node:fs/promises';
import path from 'node:path';
import { isKnownZone } from '../../app/time-zones.ts';
import { readTime } from '../../domain/time/read-time.ts';
import type { Instant } from '../../domain/time/time.ts';
import { UserError } from '../../user-error.ts';
import { ROW_KINDS, type RowKind } from './fields.ts';
import { createMapping, type JoinDef, type Mapping, type MappingFile, readMappingFile } from './mapping.ts';
import { readHead } from './open-text.ts';
import { type Format, type ReadOptions, readRows } from './read-rows.ts';
import type { Notation } from './read-values.ts';
import { isBad } from './row.ts';
import { type JoinedFile, readJoinedFile } from './units.ts';

/** The flags of the command. */
export interface ImportFlags {
  as?: string;
  mapping?: string;
  map?: string[];
  set?: string[];
  keep?: string[];
  group?: string;
  join?: string[];
  format?: string;
  delimiter?: string;
  columns?: string;
  encoding?: string;
  decimal?: string;
  dates?: string;
  timezone?: string;
  at?: string;
  rejected?: string;
  state?: string;
  dryRun?: boolean;
  restart?: boolean;
}

/** All that decides what the rows of a file become. */
export interface Plan {
  file: string;
  read: ReadOptions;
  notation: Notation;
  mapping: Mapping;
  group: string | undefined;
  joins: JoinedFile[];
  rejectedFile: string;
  stateFile: string;
}

/** Reads what the flags, the mapping file and the header say. @throws UserError if they can't be used */
export async function readPlan(file: string, flags: ImportFlags): Promise<Plan> {
  const said = await readSettings(flags);
  const read: ReadOptions = {
    format: oneOf<Format>('--format', flags.format, ['csv', 'ndjson']),
    delimiter: flags.delimiter === '\\t' ? '\t' : flags.delimiter,
    columns: flags.columns?.split(',').map((name) => name.trim()),
    encoding: flags.encoding,
  };
  const notation: Notation = {
    decimal: oneOf('--decimal', flags.decimal, ['comma', 'point']),
    dates: oneOf('--dates', flags.dates, ['dmy', 'mdy']),
    timezone: flags.timezone,
    undated: await readUndated(file, flags.at),
  };
  if (flags.timezone !== undefined && !isKnownZone(flags.timezone))
    throw new UserError(`--timezone ${flags.timezone} is no zone of the IANA table, such as Europe/Berlin`);
  const columns = await readColumns(file, read);
  const kind = said.as ?? (columns.includes('type') && columns.includes('event') ? 'calls' : undefined);
  if (kind === undefined) throw new UserError(`say what the rows are: --as ${ROW_KINDS.join(', --as ')}`);
  const { group } = said;
  if (group !== undefined && !columns.includes(group))
    throw new UserError(`the file has no column "${group}" to group by: it has ${columns.join(', ')}`);
  const joins: JoinedFile[] = [];
  for (const def of listJoins(said)) {
    if (!columns.includes(def.on))
      throw new UserError(`the file has no column "${def.on}" to join ${def.file} on`);
    joins.push(
      await readJoinedFile(def, path.dirname(file), { ...read, columns: undefined, format: undefined }),
    );
  }
  const joined = joins.flatMap(({ def, columns: own }) =>
    own.filter((column) => column !== def.on).map((column) => `${def.name}.${column}`),
  );
  return {
    file,
    read,
    notation,
    mapping: createMapping(kind, [...columns, ...joined], said),
    group,
    joins,
    rejectedFile: flags.rejected ?? `${file}.rejected.ndjson`,
    stateFile: flags.state ?? `${file}.import-state.json`,
  };
}

/**
 * The time of customers without one: what is known of them was so then. Live data since must not be overwritten, so it
 * is not the present.
 */
async function readUndated(file: string, at: string | undefined): Promise<Instant> {
  if (at === undefined) return Math.floor((await statFile(file)).mtimeMs);
  const time = readTime(at);
  if (time === undefined)
    throw new UserError(`--at is "${at}": write a time, such as 2026-11-28 or 2026-11-28T10:00:00Z`);
  return time;
}

async function statFile(file: string) {
  await readHead(file, 1);
  return stat(file);
}

/** The mapping file, with what flags say instead or besides. */
async function readSettings(flags: ImportFlags): Promise<MappingFile> {
  const said = flags.mapping === undefined ? {} : await readMappingFile(flags.mapping);
  const joins = (flags.join ?? []).map((text) => {
    const match = /^(\w{1,32})=(.+):([^:]+)$/.exec(text);
    if (!match)
      throw new UserError(`--join is "${text}": write NAME=FILE:COLUMN, such as items=items.csv:order_id`);
    const [, name, file, on] = match as unknown as [string, string, string, string];
    return [name, { file, on }] as const;
  });
  const keep = flags.keep?.includes('*') ? ('*' as const) : (flags.keep ?? said.keep);
  const as = oneOf<RowKind>('--as', flags.as, ROW_KINDS) ?? said.as;
  const group = flags.group ?? said.group;
  return {
    ...(as === undefined ? {} : { as }),
    ...(group === undefined ? {} : { group }),
    ...(keep === undefined ? {} : { keep }),
    fields: { ...said.fields, ...readPairs('--map', flags.map) },
    constants: { ...said.constants, ...readPairs('--set', flags.set) },
    join: { ...said.join, ...Object.fromEntries(joins) },
  };
}

function listJoins({ join = {} }: MappingFile): JoinDef[] {
  return Object.entries(join).map(([name, { file, on }]) => ({ name, file, on }));
}

function readPairs(flag: string, texts: string[] = []): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at <= 0)
        throw new UserError(`${flag} is "${text}": write FIELD=${flag === '--map' ? 'COLUMN' : 'VALUE'}`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function oneOf<T extends string>(
  flag: string,
  value: string | undefined,
  known: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  if (known.includes(value as T)) return value as T;
  throw new UserError(`${flag} is "${value}": use ${known.join(', ')}`);
}

/** The columns of the first row that can be read. */
async function readColumns(file: string, read: ReadOptions): Promise<string[]> {
  for await (const item of readRows(file, read)) if (!isBad(item)) return Object.keys(item.values);
  throw new UserError(`${file} has no row that can be read`);
}
