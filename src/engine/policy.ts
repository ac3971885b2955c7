import { findChannel } from '../domain/customer/address.ts';
import type { Bundle, PlacementDef, WorkspaceDef } from '../domain/definition.ts';
import type { Millis } from '../domain/time/time.ts';

/** By which of the bundle's rules a request is judged. The bundle itself is never changed for a purpose. */
export interface DecisionPolicy {
  /** `claim`: without the conditions and the coupon's own rule, which the decision behind the claim has answered. */
  gates: 'all' | 'claim';
  /** Null: no hour is quiet for this request. */
  quiet: WorkspaceDef['quiet'];
  /** Gap after a marketing contact. */
  spacing: Millis;
  /** Share of customers, of 10,000, whose arbitrations are drawn uniformly. */
  explore: number;
  /** Whether what is chosen leaves as a message of a journey: nothing else carries a coupon. */
  carriesCoupons: boolean;
}

/** Every rule as the bundle has it: for a journey's decision, and for a preview of one. */
export function bundlePolicy({ workspace }: Bundle): DecisionPolicy {
  return {
    gates: 'all',
    quiet: workspace.quiet,
    spacing: workspace.spacing,
    explore: workspace.arbitration.explore,
    carriesCoupons: true,
  };
}

/** For an effect that was decided before: everything that may have changed since. */
export function claimPolicy(bundle: Bundle): DecisionPolicy {
  return { ...bundlePolicy(bundle), gates: 'claim' };
}

/**
 * For a placement's list. Quiet hours keep a phone from lighting up: a channel without an address reaches only a
 * customer who has come by themselves, at whatever hour.
 */
export function placementPolicy(bundle: Bundle, { channel }: Pick<PlacementDef, 'channel'>): DecisionPolicy {
  const reachesVisitorsOnly = findChannel(bundle.workspace, channel)?.address === null;
  const policy = { ...bundlePolicy(bundle), carriesCoupons: false };
  return reachesVisitorsOnly ? { ...policy, quiet: null } : policy;
}

/** For a list's second place and those after it: a list is shown at once, so its entries need no gap between them. */
export function withoutSpacing(policy: DecisionPolicy): DecisionPolicy {
  return { ...policy, spacing: 0 };
}
