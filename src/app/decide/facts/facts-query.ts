import { listConsentNames } from '../../../../db/customers/customer-json.ts';
import type { BudgetQuery } from '../../../../db/decisions/budget-use.ts';
import type { FactsQuery } from '../../../../db/decisions/read-facts.ts';
import type { SharedCap } from '../../../../db/decisions/shared-use.ts';
import type { EventWindow } from '../../../../db/events/event-history.ts';
import type { JourneyRow } from '../../../../db/journeys/lock-journey.ts';
import { PROFILING } from '../../../domain/customer/profiling.ts';
import type { ActionDef, Bundle } from '../../../domain/definition.ts';
import type { JourneyState } from '../../../domain/state.ts';
import { DAY, type Instant, type Millis } from '../../../domain/time/time.ts';
import { closingTriggers } from '../../../engine/journey/closing-events.ts';
import { computeLookBack, EVER, listCaps } from '../../../engine/look-back.ts';
import {
  type BudgetedAction,
  buildBudgetQuery,
  buildJourneyBudgetQuery,
  listBudgetedActions,
} from './budget-query.ts';

/** Events that one decision processes at most. With more, its answer says `more`, and the workflow asks again. */
const MAX_EVENTS = 200;

/** What a journey's decision reads. @param bundles `older`: the versions that pinned enrollments keep */
export function buildJourneyQuery(
  customerId: string,
  row: JourneyRow,
  state: JourneyState,
  bundles: { active: Bundle | null; older: Iterable<Bundle> },
  now: Instant,
): FactsQuery {
  const { active } = bundles;
  const all = [...(active ? [active] : []), ...bundles.older].map(needsOf);
  const statuses = state.enrollments.map(({ status }) => status);
  return {
    customerId,
    now,
    afterSeq: row.processedSeq,
    limit: MAX_EVENTS,
    since: now - Math.max(30 * DAY, ...all.map((needs) => needs.window)),
    effectIds: statuses.flatMap((status) =>
      status.kind === 'delivering' ? status.deliveries : status.kind === 'tasked' ? [status.task] : [],
    ),
    endingEvents: [...new Set(all.flatMap((needs) => needs.endings))],
    dateJourneys: active ? needsOf(active).dated : [],
    ...buildPolicyQuery(active, now),
    consentNames: active ? [...new Set(all.flatMap((needs) => needs.consents))].sort() : null,
    shared: active ? [...listSharedPolicyCaps(active), ...all.flatMap((needs) => needs.limits)] : [],
    coupons: all.some((needs) => needs.coupons),
    budgets: active
      ? buildJourneyBudgetQuery(
          active,
          all.flatMap((needs) => needs.budgeted),
          state.enrollments,
          now,
        )
      : [],
  };
}

/** What follows from a bundle alone. It is kept, since bundles may have hundreds of actions. */
interface BundleNeeds {
  window: Millis;
  endings: string[];
  dated: string[];
  limits: SharedCap[];
  coupons: boolean;
  budgeted: BudgetedAction[];
  consents: string[];
}

const NEEDS = new WeakMap<Bundle, BundleNeeds>();

function needsOf(bundle: Bundle): BundleNeeds {
  let needs = NEEDS.get(bundle);
  if (!needs) {
    needs = {
      window: computeLookBack(bundle),
      endings: listEndingEvents(bundle),
      dated: listDateJourneys(bundle),
      limits: listAccountLimits(bundle.actions),
      coupons: bundle.actions.some((action) => action.coupon !== null),
      budgeted: listBudgetedActions(bundle),
      consents: listConsentScopes(bundle),
    };
    NEEDS.set(bundle, needs);
  }
  return needs;
}

/**
 * What a decision about this action alone reads: no new events, and no past enrollments.
 * @param claimed the effect that is claimed. Without it, budgets count what is planned, too.
 */
export function buildActionQuery(
  customerId: string,
  current: Bundle,
  action: ActionDef,
  now: Instant,
  claimed: BudgetQuery['claim'] = null,
): FactsQuery {
  return {
    customerId,
    now,
    afterSeq: Number.MAX_SAFE_INTEGER,
    limit: 0,
    since: now - Math.max(computeLookBack(current), ...action.limit.map((limit) => limit.every ?? EVER)),
    effectIds: [],
    endingEvents: [],
    dateJourneys: [],
    ...buildPolicyQuery(current, now),
    shared: listSharedCaps(current, [action]),
    coupons: action.coupon !== null,
    budgets: buildBudgetQuery(current, [action], now, claimed),
  };
}

function buildPolicyQuery(
  bundle: Bundle | null,
  now: Instant,
): Pick<FactsQuery, 'silencedBy' | 'eventWindows' | 'consentNames'> {
  if (!bundle) return { silencedBy: { account: false, group: false }, eventWindows: [], consentNames: null };
  const { workspace, group } = bundle;
  return {
    silencedBy: { account: workspace.tickets.scope === 'account', group: group?.shareSuppression ?? false },
    eventWindows: listEventWindows(bundle, now),
    consentNames: needsOf(bundle).consents,
  };
}

/** The events that conditions of the bundle count within a time, and since when. */
export function listEventWindows({ interest }: Bundle, now: Instant): EventWindow[] {
  const wallClock = Math.min(now, Date.now());
  return Object.entries(interest.windows).map(([name, days]) => ({
    name,
    since: now - days * DAY,
    acceptedSince: wallClock - days * DAY,
  }));
}

/** Caps whose use is shared with others, and the limits per account of these actions. */
export function listSharedCaps(bundle: Bundle, actions: ActionDef[]): SharedCap[] {
  return [...listSharedPolicyCaps(bundle), ...listAccountLimits(actions)];
}

function listSharedPolicyCaps(bundle: Bundle): SharedCap[] {
  return listCaps(bundle)
    .filter((cap) => cap.of !== 'customer')
    .map((cap) => ({ cap, action: null }));
}

function listAccountLimits(actions: ActionDef[]): SharedCap[] {
  return actions.flatMap((action) =>
    action.limit
      .filter((limit) => limit.per === 'account')
      .map(({ max, every }) => ({
        cap: { max, per: every ?? EVER, channel: null, purpose: null, of: 'account' as const },
        action: action.id,
      })),
  );
}

/** Purposes, channels and topics by which the bundle may ask for a consent. */
function listConsentScopes({ workspace, actions, attributes }: Bundle): string[] {
  return listConsentNames([
    PROFILING,
    ...actions.flatMap(({ purpose, topic, channels }) => [purpose, topic ?? '*', ...channels]),
    ...Object.values(attributes).flatMap(({ consent }) => consent ?? []),
    'email',
    ...Object.keys(workspace.channels),
    ...workspace.topics,
  ]);
}

function listDateJourneys(bundle: Bundle): string[] {
  return bundle.journeys
    .filter((journey) => journey.enter.some((entry) => entry.kind === 'date'))
    .map((journey) => journey.id);
}

/** Names of events that end a journey. */
function listEndingEvents(bundle: Bundle): string[] {
  return bundle.journeys.flatMap((journey) => closingTriggers(journey).map((trigger) => trigger.on));
}
