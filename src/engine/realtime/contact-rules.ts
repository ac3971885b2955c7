import { findChannel } from '../../domain/customer/address.ts';
import type { Bundle, PlacementDef } from '../../domain/definition.ts';

/** The rules for the first place of a list, and for those after it. */
export interface Rules {
  first: Bundle;
  further: Bundle;
}

const KNOWN = new WeakMap<Bundle, { inbound: Rules; outbound: Rules }>();

/**
 * Quiet hours keep a phone from lighting up. Where a channel reaches only who is there (it needs no address), the
 * customer has come by themselves, and no hour is wrong for an answer.
 */
export function rulesAt({ bundle, placement }: { bundle: Bundle; placement: PlacementDef }): Rules {
  let rules = KNOWN.get(bundle);
  if (!rules) {
    const awake = { ...bundle, workspace: { ...bundle.workspace, quiet: null } };
    rules = { inbound: rulesOf(awake), outbound: rulesOf(bundle) };
    KNOWN.set(bundle, rules);
  }
  return findChannel(bundle.workspace, placement.channel)?.address === null ? rules.inbound : rules.outbound;
}

function rulesOf(bundle: Bundle): Rules {
  return { first: bundle, further: { ...bundle, workspace: { ...bundle.workspace, spacing: 0 } } };
}
