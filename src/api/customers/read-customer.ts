import {
  type CustomerSnapshot,
  type SnapshotTicket,
  viewCustomer,
} from '../../../db/customers/customer-snapshot.ts';
import { readServiceCost } from '../../../db/customers/service-cost.ts';
import { type EventWindow, readEventHistory } from '../../../db/events/event-history.ts';
import { readNewestFitVersion } from '../../../db/learning/score-fits.ts';
import { DECISION_LIMITS } from '../../app/decide/decision-limits.ts';
import { listEventWindows } from '../../app/decide/facts/facts-query.ts';
import type { Bundle } from '../../domain/definition.ts';
import { limitSteps } from '../../limits/limit-steps.ts';
import { runWithin } from '../../limits/run-within.ts';
import { notFound } from '../frame/http-error.ts';
import type { Api } from '../frame/operation.ts';
import { type CustomerView, toCustomerView } from './view.ts';

/** Reads and shows one customer. @throws HttpError 404; LimitError */
export async function readCustomer(
  { deps }: Api,
  workspace: string,
  id: string,
): Promise<{ snapshot: CustomerSnapshot; view: CustomerView }> {
  const snapshot = await viewCustomer(deps.db.sql, workspace, id);
  if (!snapshot) throw notFound('customer');
  const bundle = (version: number) => deps.bundles(deps.db.sql, workspace, version);
  const orNull = (version: number) => (version > 0 ? bundle(version) : Promise.resolve(null));
  const pins = new Set((snapshot.state?.enrollments ?? []).filter((e) => e.pinned).map((e) => e.version));
  const [fitted, serviceCost, active, decided, ...pinned] = await Promise.all([
    readNewestFitVersion(deps.db.sql, workspace).then((version) =>
      deps.fits(deps.db.sql, workspace, version),
    ),
    readServiceCost(deps.db.sql, snapshot.id),
    orNull(snapshot.configVersion),
    orNull(snapshot.bundleVersion),
    ...[...pins].map(bundle),
  ]);
  const now = Math.max(snapshot.asOf, snapshot.lastNow);
  const windows = [
    active && listEventWindows(active, now),
    decided && listEventWindows(decided, snapshot.lastNow),
  ];
  const eventHistory = await readEventHistory(deps.db.sql, snapshot.id, mergeWindows(windows));
  const { evaluate } = limitSteps(deps.evaluate, DECISION_LIMITS.steps);
  const view = runWithin(DECISION_LIMITS.ms, () =>
    toCustomerView(
      { ...snapshot, tickets: silencing(snapshot.tickets, active) },
      {
        active,
        decided,
        pinned: new Map(pinned.map((bundle) => [bundle.version, bundle])),
        fitted,
        eventHistory,
        serviceCost,
        zones: deps.zones,
        evaluate,
      },
    ),
  );
  return { snapshot, view };
}

/** The longest window of each event. */
function mergeWindows(windows: (EventWindow[] | null)[]): EventWindow[] {
  const longest = new Map<string, EventWindow>();
  for (const window of windows.flatMap((list) => list ?? [])) {
    const { since, acceptedSince } = longest.get(window.name) ?? window;
    longest.set(window.name, {
      name: window.name,
      since: Math.min(window.since, since),
      acceptedSince: Math.min(window.acceptedSince, acceptedSince),
    });
  }
  return [...longest.values()];
}

/**
 * The customer's own tickets, and those of others that suppress messages to this customer. A ticket at another brand is
 * shown without its subject.
 */
function silencing(tickets: SnapshotTicket[], bundle: Bundle | null): SnapshotTicket[] {
  return tickets.flatMap((ticket) => {
    if (ticket.through === null) return [ticket];
    if (ticket.through === 'account') return bundle?.workspace.tickets.scope === 'account' ? [ticket] : [];
    return bundle?.group?.shareSuppression ? [{ ...ticket, subject: '' }] : [];
  });
}

const SCORES = ['recency', 'frequency', 'intent', 'type', 'engagement', 'monetary'] as const;

/** Changes whenever the view does, also without a write: a cool-down may end. */
export function computeEtag(snapshot: CustomerSnapshot, view: CustomerView): string {
  const { eventSeq, ordinal, updatedAt, configVersion, processedSeq: tookSeq } = snapshot;
  // Merges, tickets of other customers, the end of a snooze and aging scores change the view without an own event.
  const others = [
    view.suppressed.reasons.length,
    view.mergedIds.length,
    view.snoozedUntil === null ? 0 : 1,
    view.scores?.fit?.version ?? '',
    view.valueThermometer?.value ?? '',
    ...SCORES.map((name) => view.scores?.[name].value ?? ''),
  ].join('.');
  return `W/"${eventSeq}.${ordinal}.${tookSeq}.${updatedAt}.${configVersion}.${others}"`;
}

/** Whether the caller already has this version. */
export function isFresh(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => bare(tag) === bare(etag));
}
