import { indexBundle } from '../../domain/bundle-index.ts';
import { dataUseOf } from '../../domain/customer/attribute.ts';
import type { Bundle, Cel, DateEntry, JourneyDef, WaitUntil } from '../../domain/definition.ts';
import type { Enrollment } from '../../domain/state.ts';
import { nextOccurrence } from '../../domain/time/occurrence.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { CustomerConditions } from './customer-conditions.ts';

type DateWait = Extract<WaitUntil, { kind: 'date' }>;

/**
 * Returns a check whether a new fit of the scores has moved a date that matters to a customer: the date of an entry, or
 * one that ends the wait of an enrollment. Null when no date of the bundle reads scores.
 */
export function createDateMoveCheck(bundle: Bundle): ((conditions: CustomerConditions) => boolean) | null {
  const entries = indexBundle(bundle).dateEntries.filter(({ entry }) => readsScores(entry.date));
  const waits = new Map(
    bundle.journeys.map((journey) => [journey.id, { journey, steps: listDateWaits(journey) }]),
  );
  const hasDates = entries.length > 0 || [...waits.values()].some(({ steps }) => steps.size > 0);
  if (!hasDates) return null;
  return (conditions) =>
    entries.some(({ name, journey, entry }) => isEntryMoved(conditions, name, journey, entry)) ||
    conditions.customer.enrollments.some((enrollment) => {
      const waiting = waits.get(enrollment.journey);
      const untils = waiting?.steps.get(enrollment.step);
      return waiting && untils ? isWaitMoved(conditions, waiting.journey, enrollment, untils) : false;
    });
}

/** Compares a date with the one that is armed. A date too far in the past counts only if it was armed before. */
function isEntryMoved(
  conditions: CustomerConditions,
  name: string,
  journey: JourneyDef,
  entry: DateEntry,
): boolean {
  const previous = getOwn(conditions.customer.dates, name);
  const isArmed = previous?.state === 'armed';
  const reading = conditions.evaluateDate(entry.date, dataUseOf(journey));
  if (reading.kind === 'missing' || reading.kind === 'invalid') return isArmed;
  const next = nextOccurrence(entry, reading, conditions.zone, conditions.now, previous?.last ?? null);
  if (!next) return isArmed;
  if (next.at + entry.grace < conditions.now) return isArmed;
  return !isArmed || previous.on !== next.on || previous.at !== next.at;
}

function isWaitMoved(
  conditions: CustomerConditions,
  journey: JourneyDef,
  enrollment: Enrollment,
  untils: readonly DateWait[],
): boolean {
  if (enrollment.status.kind !== 'waiting') return false;
  const use = dataUseOf(journey);
  return untils.some(({ date }) => {
    const [current, previous] = [
      conditions.evaluateDate(date, use, enrollment),
      conditions.evaluateDateUnderPreviousFit(date, use, enrollment),
    ];
    return JSON.stringify(current) !== JSON.stringify(previous);
  });
}

/** Lists the waits for a date that reads scores, by step. */
function listDateWaits({ steps }: JourneyDef): Map<string, DateWait[]> {
  const waits = new Map<string, DateWait[]>();
  for (const step of steps) {
    if (step.kind !== 'wait') continue;
    const dates = step.until.filter(
      (until) => until.kind === 'date' && readsScores(until.date),
    ) as DateWait[];
    if (dates.length > 0) waits.set(step.id, dates);
  }
  return waits;
}

function readsScores(expression: Cel): boolean {
  return /\bscores\b/.test(expression);
}
