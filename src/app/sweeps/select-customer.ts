import type { SweepRow } from '../../../db/sweeps/sweeps.ts';
import { dataUseOf } from '../../domain/customer/attribute.ts';
import type { Bundle } from '../../domain/definition.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { compareBundles, listWatchedSegments } from './bundle-changes.ts';
import type { CustomerConditions } from './customer-conditions.ts';
import { createDateMoveCheck } from './moved-dates.ts';

/** Returns the properties of the customer's `Entry Due`, or null when the sweep doesn't select the customer. */
export type SelectCustomer = (conditions: CustomerConditions) => Record<string, unknown> | null;

/** Creates the selection of a sweep. Null when no customer can match: its journey is gone, or no entry watches. */
export function createSelection(
  sweep: SweepRow,
  bundle: Bundle,
  before: Bundle | null,
): SelectCustomer | null {
  if (sweep.kind === 'schedule') return selectScheduled(sweep, bundle);
  if (sweep.kind === 'activation') return selectActivated(sweep, bundle, before);
  return sweep.kind === 'fit' ? selectRefitted(bundle) : selectMoved(bundle);
}

/** Selects every customer inside the segment `where`, each time. */
function selectScheduled(
  { journey: id, entry: index, occurrence }: SweepRow,
  bundle: Bundle,
): SelectCustomer | null {
  const journey = bundle.journeys.find((candidate) => candidate.id === id);
  const entry = journey?.enter[index ?? -1];
  if (!journey || entry?.kind !== 'schedule') return null;
  const { where } = entry;
  const due = { reason: 'schedule', journey: id, entry: index, occurrence };
  return (conditions) => (where === null || conditions.isInside(where, dataUseOf(journey)) ? due : null);
}

/** Selects customers inside a newly watched segment, and those with a date that the bundle newly waits for. */
function selectActivated(
  { activatedAt }: SweepRow,
  bundle: Bundle,
  before: Bundle | null,
): SelectCustomer | null {
  const { watched, fresh, backfill, dates } = compareBundles(bundle, before);
  if (watched.length === 0 && dates.length === 0) return null;
  return (conditions) => {
    const { progress, openJourneys, knownSince } = conditions.customer;
    const inside = watched.filter(({ id, use }) => conditions.isInside(id, use)).map(({ id }) => id);
    const unseen = inside.filter((id) => getOwn(progress.segments, id)?.inside !== true);
    const entering = backfill.filter((e) => inside.includes(e.segment) && !openJourneys.includes(e.journey));
    if (
      unseen.length === 0 &&
      entering.length === 0 &&
      !dates.some(({ date, use }) => conditions.hasValue(date, use))
    ) {
      return null;
    }
    // A customer younger than the bundle, or last evaluated outside, has come in since the activation.
    const isOlder = knownSince < activatedAt;
    return {
      reason: 'activation',
      baseline: unseen.filter(
        (id) => isOlder && fresh.has(id) && getOwn(progress.segments, id) === undefined,
      ),
      backfill: [...new Set(entering.map((e) => e.segment))],
    };
  };
}

/** Selects customers whose dates, segments or stage differ under the new fit. */
function selectRefitted(bundle: Bundle): SelectCustomer | null {
  const byTime = selectMoved(bundle);
  const byFit = createDateMoveCheck(bundle);
  if (!byTime && !byFit) return null;
  return (conditions) => (byFit?.(conditions) || byTime?.(conditions) ? { reason: 'fit' } : null);
}

/** Selects customers whom time alone has moved into a segment, out of one, or into another stage. */
function selectMoved(bundle: Bundle): SelectCustomer | null {
  const watched = listWatchedSegments(bundle);
  const hasStages = bundle.workspace.stages.length > 0;
  if (watched.length === 0 && !hasStages) return null;
  return (conditions) => {
    const { segments, stage } = conditions.customer.progress;
    // Before the first decision a customer has no stage to compare with; that decision sets it.
    const hasStage = hasStages && conditions.customer.lastNow > 0;
    const differs =
      watched.some(
        ({ id, use }) => conditions.isInside(id, use) !== (getOwn(segments, id)?.inside ?? false),
      ) ||
      (hasStage && conditions.evaluateStage() !== (stage?.id ?? null));
    return differs ? { reason: 'hourly' } : null;
  };
}
