import type { BudgetQuery } from '../../../../db/decisions/budget-use.ts';
import type { FactsQuery } from '../../../../db/decisions/read-facts.ts';
import type { SharedCap } from '../../../../db/decisions/shared-use.ts';
import type { EventWindow } from '../../../../db/events/event-history.ts';
import type { JourneyRow } from '../../../../db/journeys/lock-journey.ts';
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

/** Events that one decision takes at most; with more, it answers `more` and is asked again at once. */
const PAGE = 200;

/** What a decision has to read about its customer. `older`: the versions that pinned enrollments end under. */
export function buildJourneyQuery(
  customerId: string,
  row: JourneyRow,
  state: JourneyState,
  bundles: { active: Bundle | null; older: Iterable<Bundle> },
  now: Instant,
): FactsQuery {
  const { active } = bundles;
  const all = [...(active ? [active] : []), ...bundles.older].map(needsOf);
  const statuses = state.enrollments.map((e) => e.status);
  return {
    customerId,
    now,
    afterSeq: row.processedSeq,
    limit: PAGE,
    since: now - Math.max(30 * DAY, ...all.map((needs) => needs.window)),
    effectIds: statuses.flatMap((s) =>
      s.kind === 'delivering' ? s.deliveries : s.kind === 'tasked' ? [s.task] : [],
    ),
    endingEvents: [...new Set(all.flatMap((needs) => needs.endings))],
    dateJourneys: active ? needsOf(active).dated : [],
    ...policyFacts(active, now),
    shared: active ? [...sharedPolicy(active), ...all.flatMap((needs) => needs.limits)] : [],
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

/** What follows from a bundle alone: with hundreds of actions it isn't gathered anew for each decision. */
interface Needs {
  window: Millis;
  endings: string[];
  dated: string[];
  limits: SharedCap[];
  coupons: boolean;
  budgeted: BudgetedAction[];
}

const KNOWN = new WeakMap<Bundle, Needs>();

function needsOf(bundle: Bundle): Needs {
  let needs = KNOWN.get(bundle);
  if (!needs) {
    needs = {
      window: computeLookBack(bundle),
      endings: endingsOf(bundle),
      dated: datedJourneys(bundle),
      limits: limitsPerAccount(bundle.actions),
      coupons: bundle.actions.some((action) => action.coupon !== null),
      budgeted: listBudgetedActions(bundle),
    };
    KNOWN.set(bundle, needs);
  }
  return needs;
}

/**
 * What a claim of this action has to read. Conditions aren't asked again, so nothing that only they look at. `own`: the
 * effect that is claimed; without it, nothing is claimed, and what is planned counts too.
 */
export function buildActionQuery(
  customerId: string,
  current: Bundle,
  action: ActionDef,
  now: Instant,
  own: BudgetQuery['claim'] = null,
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
    ...policyFacts(current, now),
    shared: listSharedCaps(current, [action]),
    coupons: action.coupon !== null,
    budgets: buildBudgetQuery(current, [action], now, own),
  };
}

function policyFacts(
  bundle: Bundle | null,
  now: Instant,
): Pick<FactsQuery, 'silencedBy' | 'addresses' | 'eventWindows'> {
  if (!bundle) return { silencedBy: { account: false, group: false }, addresses: [], eventWindows: [] };
  const { workspace, group } = bundle;
  const declared = Object.entries(workspace.channels).flatMap(([channel, { address }]) =>
    address === null ? [] : [{ channel, trait: address }],
  );
  return {
    silencedBy: { account: workspace.tickets.scope === 'account', group: group?.shareSuppression ?? false },
    addresses: [{ channel: 'email', trait: 'email' }, ...declared],
    eventWindows: listEventWindows(bundle, now),
  };
}

/** The events that conditions of the bundle count within a time, and since when. */
export function listEventWindows({ interest }: Bundle, now: Instant): EventWindow[] {
  return Object.entries(interest.windows).map(([name, days]) => ({ name, since: now - days * DAY }));
}

/** Caps whose use is shared with others, and the limits per account of these actions. */
export function listSharedCaps(bundle: Bundle, actions: ActionDef[]): SharedCap[] {
  return [...sharedPolicy(bundle), ...limitsPerAccount(actions)];
}

function sharedPolicy(bundle: Bundle): SharedCap[] {
  return listCaps(bundle)
    .filter((cap) => cap.of !== 'customer')
    .map((cap) => ({ cap, action: null }));
}

function limitsPerAccount(actions: ActionDef[]): SharedCap[] {
  return actions.flatMap((action) =>
    action.limit
      .filter((limit) => limit.per === 'account')
      .map(({ max, every }) => ({
        cap: { max, per: every ?? EVER, channel: null, purpose: null, of: 'account' as const },
        action: action.id,
      })),
  );
}

function datedJourneys(bundle: Bundle): string[] {
  return bundle.journeys
    .filter((journey) => journey.enter.some((entry) => entry.kind === 'date'))
    .map((journey) => journey.id);
}

/** Names of events that end some journey. */
function endingsOf(bundle: Bundle): string[] {
  return bundle.journeys.flatMap((journey) => closingTriggers(journey).map((trigger) => trigger.on));
}
