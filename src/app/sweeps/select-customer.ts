import type { SweepRow } from '../../../db/sweeps/sweeps.ts';
import { dataUseOf } from '../../domain/customer/attribute.ts';
import type { Bundle } from '../../domain/definition.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { compareBundles, listWatchedSegments } from './bundle-changes.ts';
import type { CustomerConditions } from './customer-conditions.ts';
import { createDateMoveCheck } from './moved-dates.ts';

/** The properties of the `Entry Due` that a customer is told, or null when the sweep doesn't concern them. */
export type SelectCustomer = (look: CustomerConditions) => Record<string, unknown> | null;

/** Whom a sweep concerns. Null when there is nothing to look for any more: its journey is gone, or nobody asks. */
export function createSelection(
  sweep: SweepRow,
  bundle: Bundle,
  before: Bundle | null,
): SelectCustomer | null {
  if (sweep.kind === 'schedule') return scheduled(sweep, bundle);
  if (sweep.kind === 'activation') return activated(sweep, bundle, before);
  return sweep.kind === 'fit' ? refitted(bundle) : moved(bundle);
}

/** Everybody inside `where`, each time. */
function scheduled(
  { journey: id, entry: index, occurrence }: SweepRow,
  bundle: Bundle,
): SelectCustomer | null {
  const journey = bundle.journeys.find((one) => one.id === id);
  const entry = journey?.enter[index ?? -1];
  if (!journey || entry?.kind !== 'schedule') return null;
  const { where } = entry;
  const due = { reason: 'schedule', journey: id, entry: index, occurrence };
  return (look) => (where === null || look.isInside(where, dataUseOf(journey)) ? due : null);
}

/** Whoever stands inside of what the bundle has begun to watch, or has a date that it has begun to wait for. */
function activated({ activatedAt }: SweepRow, bundle: Bundle, before: Bundle | null): SelectCustomer | null {
  const { watched, fresh, backfill, dates } = compareBundles(bundle, before);
  if (watched.length === 0 && dates.length === 0) return null;
  return (look) => {
    const { progress: known, openJourneys: open, knownSince } = look.customer;
    const inside = watched.filter(({ id, use }) => look.isInside(id, use)).map(({ id }) => id);
    const unseen = inside.filter((id) => getOwn(known.segments, id)?.inside !== true);
    const entering = backfill.filter((e) => inside.includes(e.segment) && !open.includes(e.journey));
    if (unseen.length === 0 && entering.length === 0 && !dates.some((d) => look.hasValue(d.date, d.use))) {
      return null;
    }
    // Who is younger than the bundle, or was seen outside, has come in since.
    const older = knownSince < activatedAt;
    return {
      reason: 'activation',
      baseline: unseen.filter((id) => older && fresh.has(id) && getOwn(known.segments, id) === undefined),
      backfill: [...new Set(entering.map((e) => e.segment))],
    };
  };
}

/** Whose dates, segments or stage are others under the new fit than they were. */
function refitted(bundle: Bundle): SelectCustomer | null {
  const byTime = moved(bundle);
  const byFit = createDateMoveCheck(bundle);
  if (!byTime && !byFit) return null;
  return (look) => (byFit?.(look) || byTime?.(look) ? { reason: 'fit' } : null);
}

/** Whom time alone has moved: into a segment, out of one, into another stage. */
function moved(bundle: Bundle): SelectCustomer | null {
  const watched = listWatchedSegments(bundle);
  const staged = bundle.workspace.stages.length > 0;
  if (watched.length === 0 && !staged) return null;
  return (look) => {
    const { segments, stage } = look.customer.progress;
    // Who was never decided about has no stage that could be another: their first decision finds it.
    const standing = staged && look.customer.lastNow > 0;
    const differs =
      watched.some(({ id, use }) => look.isInside(id, use) !== (getOwn(segments, id)?.inside ?? false)) ||
      (standing && look.evaluateStage() !== (stage?.id ?? null));
    return differs ? { reason: 'hourly' } : null;
  };
}
