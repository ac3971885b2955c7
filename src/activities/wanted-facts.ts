import type { JourneyRow } from '../../db/queries/lock-journey.ts';
import type { FactsWanted } from '../../db/queries/read-facts.ts';
import type { SharedCap } from '../../db/queries/shared-use.ts';
import { capsOf, EVER, longestWindow } from '../decisioning/windows.ts';
import type { ActionDef, Bundle } from '../domain/definition.ts';
import type { JourneyState } from '../domain/state.ts';
import { DAY, type Instant } from '../domain/time.ts';

/** Events that one decision takes at most; with more, it answers `more` and is asked again at once. */
const PAGE = 200;

/** What a decision has to read about its customer. `older`: the versions that pinned enrollments end under. */
export function wantedFacts(
  customerId: string,
  row: JourneyRow,
  state: JourneyState,
  bundles: { active: Bundle | null; older: Iterable<Bundle> },
  now: Instant,
): FactsWanted {
  const { active } = bundles;
  const all = active ? [active, ...bundles.older] : [...bundles.older];
  const statuses = state.enrollments.map((e) => e.status);
  return {
    customerId,
    now,
    afterSeq: row.tookSeq,
    limit: PAGE,
    since: now - Math.max(30 * DAY, ...all.map(longestWindow)),
    ids: statuses.flatMap((s) =>
      s.kind === 'delivering' ? s.deliveries : s.kind === 'tasked' ? [s.task] : [],
    ),
    endings: [...new Set(all.flatMap(endingsOf))],
    dated: active ? datedJourneys(active) : [],
    ...policyFacts(active, now),
    shared: active
      ? sharedCaps(
          active,
          all.flatMap((bundle) => bundle.actions),
        )
      : [],
  };
}

/** What a claim of this action has to read. Conditions aren't asked again, so nothing that only they look at. */
export function factsForClaim(
  customerId: string,
  current: Bundle,
  action: ActionDef,
  now: Instant,
): FactsWanted {
  return {
    customerId,
    now,
    afterSeq: Number.MAX_SAFE_INTEGER,
    limit: 0,
    since: now - Math.max(longestWindow(current), ...action.limit.map((limit) => limit.every ?? EVER)),
    ids: [],
    endings: [],
    dated: [],
    ...policyFacts(current, now),
    shared: sharedCaps(current, [action]),
  };
}

function policyFacts(
  bundle: Bundle | null,
  now: Instant,
): Pick<FactsWanted, 'silencedBy' | 'addresses' | 'windows'> {
  if (!bundle) return { silencedBy: { account: false, group: false }, addresses: [], windows: [] };
  const { workspace, group, interest } = bundle;
  const declared = Object.entries(workspace.channels).flatMap(([channel, { address }]) =>
    address === null ? [] : [{ channel, trait: address }],
  );
  return {
    silencedBy: { account: workspace.tickets.scope === 'account', group: group?.shareSuppression ?? false },
    addresses: [{ channel: 'email', trait: 'email' }, ...declared],
    windows: Object.entries(interest.windows).map(([name, days]) => ({ name, since: now - days * DAY })),
  };
}

/** Caps whose use is shared with others, and the limits per account of these actions. */
export function sharedCaps(bundle: Bundle, actions: ActionDef[]): SharedCap[] {
  const limits = actions.flatMap((action) =>
    action.limit
      .filter((limit) => limit.per === 'account')
      .map(({ max, every }) => ({
        cap: { max, per: every ?? EVER, channel: null, purpose: null, of: 'account' as const },
        action: action.id,
      })),
  );
  return [
    ...capsOf(bundle)
      .filter((cap) => cap.of !== 'customer')
      .map((cap) => ({ cap, action: null })),
    ...limits,
  ];
}

function datedJourneys(bundle: Bundle): string[] {
  return bundle.journeys
    .filter((journey) => journey.enter.some((entry) => entry.kind === 'date'))
    .map((journey) => journey.id);
}

/** Names of events that end some journey. */
function endingsOf(bundle: Bundle): string[] {
  return bundle.journeys.flatMap((journey) => [
    ...(journey.goal?.exit ? [journey.goal.on] : []),
    ...journey.exit.flatMap((exit) => (exit.kind === 'event' ? [exit.trigger.on] : [])),
  ]);
}
