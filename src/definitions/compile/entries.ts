import { CronExpressionParser } from 'cron-parser';
import type { Entry } from '../../domain/definition.ts';
import { toDate } from '../../domain/time/time.ts';
import type { CompileContext } from '../check/context.ts';
import type { EntrySource, JourneySource } from '../source/journey-schema.ts';
import { joinPath } from '../source/problem.ts';
import { toMillis, toMinutes } from '../source/scalars.ts';
import { compileExpression, compileWhen } from './expression.ts';

type Fields = Exclude<EntrySource, string>;

/** Compiles a journey's entries. */
export function compileEntries({ enter, key }: JourneySource, context: CompileContext): Entry[] {
  const entries: EntrySource[] = Array.isArray(enter) ? enter : [enter];
  return entries.map((entry, index) => {
    const path = Array.isArray(enter) ? `enter[${index}]` : 'enter';
    const compiled = compileEntry(typeof entry === 'string' ? { on: entry } : entry, path, context);
    if (key !== undefined && compiled.kind !== 'event' && compiled.kind !== 'api') {
      const reason = compiled.kind === 'date' ? 'its date is the key' : 'it has no event';
      context.error(
        'key',
        `an entry by ${compiled.kind} has no '${key}': ${reason}; remove key, or split this into two journeys`,
      );
    }
    return compiled;
  });
}

/** The events that open the journey. Empty if anything else may open it. */
export function listEntryEvents({ enter }: Pick<JourneySource, 'enter'>): string[] {
  const names = [enter].flat().map((entry) => {
    if (typeof entry === 'string') return entry;
    return entry.segment === undefined ? entry.on : undefined;
  });
  return names.every((name) => name !== undefined) ? [...new Set(names as string[])] : [];
}

function compileEntry(entry: Fields, path: string, context: CompileContext): Entry {
  if (entry.segment !== undefined) {
    checkSegment(entry.segment, joinPath(path, 'segment'), context);
    const on = entry.on === 'leave' ? 'leave' : 'enter';
    return { kind: 'segment', segment: entry.segment, on, backfill: entry.backfill ?? false };
  }
  if (entry.on !== undefined) {
    const when = compileWhen(context, path, entry.when, { events: [entry.on], enrollment: false });
    const trigger = { on: entry.on, when, match: entry.match ?? 'customer' };
    return { kind: 'event', trigger, maxAge: toMillis(entry.maxAge ?? '24h') };
  }
  if (entry.schedule !== undefined) {
    checkCron(entry.schedule, joinPath(path, 'schedule'), context);
    if (entry.where !== undefined) checkSegment(entry.where, joinPath(path, 'where'), context);
    return {
      kind: 'schedule',
      cron: entry.schedule.trim().split(/\s+/).join(' '),
      where: entry.where ?? null,
    };
  }
  if (entry.date !== undefined) return compileDate(entry, entry.date, path, context);
  return { kind: 'api' };
}

function compileDate(entry: Fields, date: string, path: string, context: CompileContext): Entry {
  const expected = { expectedType: 'date', events: null, enrollment: false } as const;
  return {
    kind: 'date',
    date: compileExpression(context, joinPath(path, 'date'), date, expected) ?? '',
    offset: toMillis(entry.offset ?? '0s'),
    at: toMinutes(entry.at ?? '09:00'),
    repeat: entry.repeat ?? 'once',
    leapDay: entry.leapDay ?? 'feb28',
    grace: toMillis(entry.grace ?? '6h'),
  };
}

function checkSegment(id: string, path: string, { error, names }: CompileContext): void {
  if (!names.segments.has(id)) error(path, names.segments.describeMissing(id));
}

/** The syntax that cron-parser and Temporal's schedules read alike: no seconds, no `@daily`, no `L`, `W`, `#`, `H`. */
const CRON_FIELD = /^[\d*/,-]+$|^[A-Z]{3}([,-][A-Z]{3})*$/;

function checkCron(cron: string, path: string, { error }: CompileContext): void {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5 || !fields.every((field) => CRON_FIELD.test(field))) {
    error(path, `must be five fields of cron: minute hour day month weekday, such as "0 9 * * 1"`);
    return;
  }
  try {
    CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: toDate(0) }).next();
  } catch (problem) {
    error(path, `cron: ${problem instanceof Error ? problem.message : String(problem)}: ${cron}`);
  }
}
