import { indexBundle } from '../../domain/bundle-index.ts';
import { dataUseOf } from '../../domain/customer/attribute.ts';
import type { Bundle, Cel, DateEntry, JourneyDef, WaitUntil } from '../../domain/definition.ts';
import type { Enrollment } from '../../domain/state.ts';
import { nextOccurrence } from '../../domain/time/occurrence.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { CustomerConditions } from './customer-conditions.ts';

type DateWait = Extract<WaitUntil, { kind: 'date' }>;

/**
 * Says of a customer whether a new fit of the scores has moved a date that is waited for: one that lets them in, or that
 * ends the wait at which they stand. Null when the bundle waits for no such date.
 */
export function createDateMoveCheck(bundle: Bundle): ((look: CustomerConditions) => boolean) | null {
  const entries = indexBundle(bundle).dateEntries.filter(({ entry }) => readsScores(entry.date));
  const waits = new Map(bundle.journeys.map((journey) => [journey.id, { journey, steps: waitsOf(journey) }]));
  const some = entries.length > 0 || [...waits.values()].some(({ steps }) => steps.size > 0);
  if (!some) return null;
  return (look) =>
    entries.some(({ name, journey, entry }) => isEntryMoved(look, name, journey, entry)) ||
    look.customer.enrollments.some((enrollment) => {
      const waiting = waits.get(enrollment.journey);
      const untils = waiting?.steps.get(enrollment.step);
      return waiting && untils ? isWaitMoved(look, waiting.journey, enrollment, untils) : false;
    });
}

/** Compared with what the journey has armed. What is long past lets nobody in, so it is no news unless it was armed. */
function isEntryMoved(
  look: CustomerConditions,
  name: string,
  journey: JourneyDef,
  entry: DateEntry,
): boolean {
  const known = getOwn(look.customer.dates, name);
  const armed = known?.state === 'armed';
  const said = look.evaluateDate(entry.date, dataUseOf(journey));
  if (said.kind === 'missing' || said.kind === 'invalid') return armed;
  const next = nextOccurrence(entry, said, look.zone, look.now, known?.last ?? null);
  if (!next) return armed;
  if (next.at + entry.grace < look.now) return armed;
  return !armed || known.on !== next.on || known.at !== next.at;
}

function isWaitMoved(
  look: CustomerConditions,
  journey: JourneyDef,
  enrollment: Enrollment,
  untils: readonly DateWait[],
): boolean {
  if (enrollment.status.kind !== 'waiting') return false;
  const use = dataUseOf(journey);
  return untils.some(({ date }) => {
    const [now, before] = [
      look.evaluateDate(date, use, enrollment),
      look.evaluateDateUnderPreviousFit(date, use, enrollment),
    ];
    return JSON.stringify(now) !== JSON.stringify(before);
  });
}

/** Waits for a date of the scores', by their step. */
function waitsOf({ steps }: JourneyDef): Map<string, DateWait[]> {
  const waits = new Map<string, DateWait[]>();
  for (const step of steps) {
    if (step.kind !== 'wait') continue;
    const dates = step.until.filter((one) => one.kind === 'date' && readsScores(one.date)) as DateWait[];
    if (dates.length > 0) waits.set(step.id, dates);
  }
  return waits;
}

function readsScores(expression: Cel): boolean {
  return /\bscores\b/.test(expression);
}
