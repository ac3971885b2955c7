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

/**
 * Evaluates every date entry. An occurrence in the future is armed, or moved if the date has changed. One that is due
 * enters the customer. One that is past by more than the entry's grace is skipped.
 */
export function evaluateDates(run: AdvanceRun): void {
  const { dateEntries } = indexBundle(run.input.bundle);
  for (const { name, journey, entry } of dateEntries) {
    try {
      evaluateDate(run, journey, entry, name);
    } catch (error) {
      // An offset of thousands of years leaves the calendar. It fails this entry alone.
      run.recordFailedCondition(entry.date, error instanceof Error ? error.message : String(error));
    }
  }
  for (const [name, date] of Object.entries(run.state.dates)) {
    if (!dateEntries.some((entry) => entry.name === name)) disarm(run, name, date);
  }
}

function evaluateDate(run: AdvanceRun, journey: JourneyDef, entry: DateEntry, name: string): void {
  const armed = getOwn(run.state.dates, name);
  const date = readEntryDate(run, journey, entry);
  if (date.kind === 'missing') return armed && disarm(run, name, armed);
  if (date.kind === 'invalid') return recordInvalid(run, journey, name, date, armed);
  const { zone } = run.input.facts;
  const next = nextOccurrence(entry, date, zone, run.now, armed?.last ?? null);
  if (!next) return;
  recordMissed(run, journey, entry, next, armed);
  if (next.at > run.now) return arm(run, journey, name, next, armed);
  if (next.at + entry.grace < run.now) return skip(run, journey, name, next, armed);
  enterByDate(run, journey, entry, next);
  run.state.dates[name] = { ...next, state: 'entered', last: next.on };
  // Arm next year's occurrence at once, so that it counts for the next wake-up.
  if (entry.repeat === 'year') evaluateDate(run, journey, entry, name);
}

/**
 * Evaluates the entry's expression. A missing trait means that there is no date; any other failure is an invalid
 * date.
 */
function readEntryDate(run: AdvanceRun, journey: JourneyDef, entry: DateEntry): DateReading {
  const context = { enrollment: null, event: null, use: dataUseOf(journey) };
  const result = run.evaluate(entry.date, context);
  if (!result.ok) {
    return result.error.startsWith('no such key')
      ? { kind: 'missing' }
      : { kind: 'invalid', text: entry.date.slice(0, 40), reason: result.error };
  }
  const date = readDate(result.value);
  return date.kind === 'yearly' && entry.repeat === 'once'
    ? { kind: 'invalid', text: String(result.value), reason: 'has no year, and the entry does not repeat' }
    : date;
}

function recordDate(
  run: AdvanceRun,
  journey: JourneyDef,
  change: Omit<DateChange, 'kind' | 'journey'>,
): void {
  run.record.changes.push({ kind: 'date', journey: journey.id, ...change });
}

/** Records an invalid date once: the state keeps the text that was recorded. */
function recordInvalid(
  run: AdvanceRun,
  journey: JourneyDef,
  name: string,
  { text, reason }: Extract<DateReading, { kind: 'invalid' }>,
  armed: ArmedDate | undefined,
): void {
  if (armed?.state === 'invalid' && armed.on === text) return;
  run.state.dates[name] = { on: text, at: run.now, state: 'invalid', last: armed?.last ?? null };
  recordDate(run, journey, { on: text, state: 'invalid', reason });
}

/** Records an armed occurrence that passed without a decision, before the next one replaces it. */
function recordMissed(
  run: AdvanceRun,
  journey: JourneyDef,
  { grace }: DateEntry,
  next: Occurrence,
  armed: ArmedDate | undefined,
): void {
  if (armed?.state !== 'armed' || armed.on === next.on || armed.at + grace >= run.now) return;
  recordDate(run, journey, { on: armed.on, state: 'skipped', reason: 'past by more than its grace' });
}

function arm(run: AdvanceRun, journey: JourneyDef, name: string, next: Occurrence, armed?: ArmedDate): void {
  const moved = armed?.state === 'armed' && armed.at > run.now;
  if (armed?.state !== 'armed' || armed.on !== next.on)
    recordDate(run, journey, { on: next.on, state: moved ? 'moved' : 'armed' });
  run.state.dates[name] = { ...next, state: 'armed', last: armed?.last ?? null };
}

function skip(run: AdvanceRun, journey: JourneyDef, name: string, next: Occurrence, armed?: ArmedDate): void {
  if (armed?.state === 'skipped' && armed.on === next.on) return;
  run.state.dates[name] = { ...next, state: 'skipped', last: armed?.last ?? null };
  recordDate(run, journey, { on: next.on, state: 'skipped', reason: 'past by more than its grace' });
}

/** The date or its entry is gone. The last occurrence is kept, so that it does not come a second time. */
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
