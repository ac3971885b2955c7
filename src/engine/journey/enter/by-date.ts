import { indexBundle } from '../../../domain/bundle-index.ts';
import { dataUseOf } from '../../../domain/customer/attribute.ts';
import type { DateEntry, JourneyDef } from '../../../domain/definition.ts';
import { EVENT } from '../../../domain/event.ts';
import type { ArmedDate } from '../../../domain/state.ts';
import { type DateReading, readDate } from '../../../domain/time/calendar-date.ts';
import { nextOccurrence, type Occurrence } from '../../../domain/time/occurrence.ts';
import { getOwn } from '../../../domain/values/get-own.ts';
import type { AdvanceRun } from '../advance-run.ts';
import type { JourneyChange } from '../journey-change.ts';
import { openEnrollment } from './open-enrollment.ts';

type DateChange = Extract<JourneyChange, { kind: 'date' }>;

/** Looks at every date that lets customers in: arms the next occurrence, moves it, enters on it, or passes over it. */
export function evaluateDates(run: AdvanceRun): void {
  const { dateEntries: dates } = indexBundle(run.input.bundle);
  for (const { name, journey, entry } of dates) {
    try {
      lookAtDate(run, journey, entry, name);
    } catch (error) {
      // An offset of thousands of years leads out of the calendar; that costs this entry and nobody else.
      run.recordFailedCondition(entry.date, error instanceof Error ? error.message : String(error));
    }
  }
  for (const [name, date] of Object.entries(run.state.dates)) {
    if (!dates.some((known) => known.name === name)) disarm(run, name, date);
  }
}

function lookAtDate(run: AdvanceRun, journey: JourneyDef, entry: DateEntry, name: string): void {
  const known = getOwn(run.state.dates, name);
  const said = saidDate(run, journey, entry);
  if (said.kind === 'missing') return known && disarm(run, name, known);
  if (said.kind === 'invalid') return complain(run, journey, name, said, known);
  const { zone } = run.input.facts;
  const next = nextOccurrence(entry, said, zone, run.now, known?.last ?? null);
  if (!next) return;
  passOver(run, journey, entry, next, known);
  if (next.at > run.now) return arm(run, journey, name, next, known);
  if (next.at + entry.grace < run.now) return skip(run, journey, name, next, known);
  enterByDate(run, journey, entry, next);
  run.state.dates[name] = { ...next, state: 'entered', last: next.on };
  // The next year's is armed at once: it has to be among the wakers.
  if (entry.repeat === 'year') lookAtDate(run, journey, entry, name);
}

/** What the entry's expression says. A trait that isn't there is an everyday answer; any other failure is a wrong date. */
function saidDate(run: AdvanceRun, journey: JourneyDef, entry: DateEntry): DateReading {
  const about = { enrollment: null, event: null, use: dataUseOf(journey) };
  const result = run.evaluate(entry.date, about);
  if (!result.ok) {
    return result.error.startsWith('no such key')
      ? { kind: 'missing' }
      : { kind: 'invalid', said: entry.date.slice(0, 40), reason: result.error };
  }
  const said = readDate(result.value);
  return said.kind === 'yearly' && entry.repeat === 'once'
    ? { kind: 'invalid', said: String(result.value), reason: 'has no year, and the entry does not repeat' }
    : said;
}

function record(run: AdvanceRun, journey: JourneyDef, change: Omit<DateChange, 'kind' | 'journey'>): void {
  run.record.changes.push({ kind: 'date', journey: journey.id, ...change });
}

/** Recorded once, not in every decision: what was complained of stands in the state. */
function complain(
  run: AdvanceRun,
  journey: JourneyDef,
  name: string,
  { said, reason }: Extract<DateReading, { kind: 'invalid' }>,
  known: ArmedDate | undefined,
): void {
  if (known?.state === 'invalid' && known.on === said) return;
  run.state.dates[name] = { on: said, at: run.now, state: 'invalid', last: known?.last ?? null };
  record(run, journey, { on: said, state: 'invalid', reason });
}

/** What was armed and came and went unseen is told of, before the next takes its place. */
function passOver(
  run: AdvanceRun,
  journey: JourneyDef,
  { grace }: DateEntry,
  next: Occurrence,
  known: ArmedDate | undefined,
): void {
  if (known?.state !== 'armed' || known.on === next.on || known.at + grace >= run.now) return;
  record(run, journey, { on: known.on, state: 'skipped', reason: 'past by more than its grace' });
}

function arm(run: AdvanceRun, journey: JourneyDef, name: string, next: Occurrence, known?: ArmedDate): void {
  const moved = known?.state === 'armed' && known.at > run.now;
  if (known?.state !== 'armed' || known.on !== next.on)
    record(run, journey, { on: next.on, state: moved ? 'moved' : 'armed' });
  run.state.dates[name] = { ...next, state: 'armed', last: known?.last ?? null };
}

function skip(run: AdvanceRun, journey: JourneyDef, name: string, next: Occurrence, known?: ArmedDate): void {
  if (known?.state === 'skipped' && known.on === next.on) return;
  run.state.dates[name] = { ...next, state: 'skipped', last: known?.last ?? null };
  record(run, journey, { on: next.on, state: 'skipped', reason: 'past by more than its grace' });
}

/** The date is gone, or nothing asks for it any more. That an occurrence has been is remembered all the same. */
function disarm(run: AdvanceRun, name: string, { last, at }: ArmedDate): void {
  if (last === null) delete run.state.dates[name];
  else run.state.dates[name] = { on: last, at, state: 'entered', last };
}

function enterByDate(
  run: AdvanceRun,
  journey: JourneyDef,
  { repeat }: DateEntry,
  { on, at }: Occurrence,
): void {
  openEnrollment(run, journey, {
    key: on,
    dateRepeat: repeat,
    entry: {
      id: `date:${journey.id}:${on}:${run.input.decisionRef}`,
      name: EVENT.entryDue,
      at,
      seq: run.processedSeq,
      properties: { reason: 'date', journey: journey.id, date: on },
    },
  });
}
