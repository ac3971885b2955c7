import { stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { isKnownZone } from '../../app/time-zones.ts';
import { readDevFile } from '../../dev/dev-file.ts';
import { readTime } from '../../domain/time/read-time.ts';
import type { Instant } from '../../domain/time/time.ts';
import { UserError } from '../../user-error.ts';
import type { EventTarget } from '../post-events.ts';
import { createBar } from '../progress-bar.ts';
import { createCallBuilder } from './build-calls.ts';
import { type CheckedUnit, checkUnit } from './check-calls.ts';
import { identifyImport, readCheckpoint, removeCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { ROW_KINDS, type RowKind } from './fields.ts';
import { createMapping, type JoinDef, type Mapping, type MappingFile, readMappingFile } from './mapping.ts';
import { countLines, readHead } from './open-text.ts';
import { formatMapping, formatPreview } from './preview.ts';
import { type Format, type ReadOptions, readRows } from './read-rows.ts';
import type { Notation } from './read-values.ts';
import { RejectedFile } from './rejected-file.ts';
import { type BadRow, isBad } from './row.ts';
import { sendBatches, toBatches } from './send-units.ts';
import { countGroups, type JoinedFile, readJoinedFile, toUnits } from './units.ts';

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

const PREVIEWED = 100;
const CHECKPOINT_EVERY_MS = 500;

/**
 * Imports a file as history: it changes profiles, enters no journey and sends nothing to customers. It can be ended at any
 * time, also by `kill -9`: the same command goes on where it was, and each row counts once.
 *
 * @throws UserError when the file or the flags can't be used, or the API refuses the events
 */
export async function importCommand(file: string, flags: ImportFlags): Promise<void> {
  const plan = await readPlan(file, flags);
  for (const { def, bad } of plan.joins)
    if (bad > 0)
      console.log(`${bad} rows of ${def.file} can't be read, and are missing in what they belong to.`);
  if (flags.dryRun) {
    console.log(formatPreview(await preview(plan), plan.mapping));
    return;
  }
  const target = readTarget();
  console.log(formatMapping(plan.mapping));
  const { sent, rejected, resumed } = await runImport(plan, target, flags.restart ?? false);
  const from = resumed > 0 ? ` (went on after ${resumed} rows)` : '';
  console.log(`\n${sent} events were accepted as history${from}.`);
  if (rejected > 0)
    console.log(`${rejected} rows were rejected: ${plan.rejectedFile} has each with its line and reason.`);
}

/** All that decides what the rows of a file become. */
interface Plan {
  file: string;
  read: ReadOptions;
  notation: Notation;
  mapping: Mapping;
  group: string | undefined;
  joins: JoinedFile[];
  rejectedFile: string;
  stateFile: string;
}

async function readPlan(file: string, flags: ImportFlags): Promise<Plan> {
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

/**
 * The units of the file, each as calls or with the reason why it becomes none.
 * @param from units before this one are passed over
 */
async function* checkUnits(plan: Plan, from = 0): AsyncGenerator<CheckedUnit | BadRow> {
  const build = createCallBuilder(plan.mapping, plan.notation);
  const { group } = plan;
  const groups =
    group === undefined ? null : { column: group, sizes: await countGroups(plan.file, group, plan.read) };
  let number = 0;
  for await (const unit of toUnits(readRows(plan.file, plan.read), plan.joins, groups))
    if (number++ >= from) yield isBad(unit) ? unit : checkUnit(unit, build);
}

async function preview(plan: Plan): Promise<(CheckedUnit | BadRow)[]> {
  const units: (CheckedUnit | BadRow)[] = [];
  for await (const unit of checkUnits(plan)) {
    units.push(unit);
    if (units.length >= PREVIEWED) break;
  }
  return units;
}

async function runImport(plan: Plan, target: EventTarget, restart: boolean) {
  const { file, read, notation, mapping, group, joins } = plan;
  const settings = { read, notation, mapping, group, joins: joins.map(({ def }) => def), url: target.url };
  const identity = await identifyImport(file, settings);
  if (restart) removeCheckpoint(plan.stateFile);
  const state = readCheckpoint(plan.stateFile, identity);
  const resumed = state.units;
  const rejectedFile = new RejectedFile(plan.rejectedFile, state.rejectedBytes);
  const bar = createBar('importing', await countLines(file));
  let saved = 0;
  const stopListening = onInterrupt(() => {
    bar.stop();
    writeCheckpoint(plan.stateFile, state);
    console.log(`\n${state.sent} events were accepted. The same command goes on from there.`);
  });
  try {
    const batches = toBatches(checkUnits(plan, resumed));
    await sendBatches(batches, target, (batch) => {
      state.units += batch.units;
      state.sent += batch.calls.length;
      state.rejected += batch.rejected.length;
      state.rejectedBytes = rejectedFile.add(batch.rejected);
      bar.update(batch.line);
      if (Date.now() - saved < CHECKPOINT_EVERY_MS) return;
      writeCheckpoint(plan.stateFile, state);
      saved = Date.now();
    });
    removeCheckpoint(plan.stateFile);
  } catch (error) {
    writeCheckpoint(plan.stateFile, state);
    throw error;
  } finally {
    stopListening();
    bar.stop();
    rejectedFile.close();
  }
  return { sent: state.sent, rejected: state.rejected, resumed };
}

/** Does something before Ctrl-C or SIGTERM ends the process. @returns stops that */
function onInterrupt(work: () => void): () => void {
  const end = (signal: NodeJS.Signals) => {
    work();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  return () => void process.off('SIGINT', end).off('SIGTERM', end);
}

/** Where events are sent: `THROUGHLINE_URL` and `THROUGHLINE_WRITE_KEY`, or the running `npm start`. */
function readTarget(env: NodeJS.ProcessEnv = process.env): EventTarget {
  const { THROUGHLINE_URL: url, THROUGHLINE_WRITE_KEY: writeKey } = env;
  // A mixture would send events to another installation than the key is of.
  if (url && writeKey) return { url: url.replace(/\/$/, ''), writeKey };
  if (url || writeKey)
    throw new UserError('set THROUGHLINE_URL and THROUGHLINE_WRITE_KEY together, or none of them');
  const dev = readDevFile();
  if (dev) return dev;
  throw new UserError('run npm start first, or set THROUGHLINE_URL and THROUGHLINE_WRITE_KEY');
}
