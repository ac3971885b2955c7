import type { GateVerdict } from '../../domain/candidate.ts';
import { type Instant, iso } from '../../domain/time/time.ts';
import { formatAmount } from '../../domain/values/money.ts';
import { ACTION_GATES } from '../../engine/gates/judge.ts';

/** RFC 3339, or null. */
export function toIsoOrNull(at: Instant | null | undefined): string | null {
  return at === null || at === undefined ? null : iso(at);
}

/** Minor units as the API writes money. */
export function toMoney(minor: number, currency: string): { amount: string; currency: string } {
  return { amount: formatAmount(minor, currency), currency };
}

export function toMoneyOrNull(minor: number | null, currency: string) {
  return minor === null ? null : toMoney(minor, currency);
}

/** Versions of the bundles whose rules apply: contact policy, and the action, which may be pinned to an older one. */
export interface RuleVersions {
  policy: number;
  action: number;
}

/**
 * Verdicts with their times as the API writes them.
 * @param versions null if the bundle of the rules was not recorded
 */
export function toVerdictViews(verdicts: GateVerdict[], versions: RuleVersions | null) {
  return verdicts.map((verdict) => toVerdictView(verdict, versions));
}

function toVerdictView(
  { gate, rule, pass, code, observed, needed, liftsAt, liftsOn }: GateVerdict,
  versions: RuleVersions | null,
) {
  const version = versions?.[ACTION_GATES.has(gate) ? 'action' : 'policy'];
  const named = {
    gate,
    ...(rule === undefined ? {} : { rule }),
    ...(rule === undefined || version === undefined ? {} : { version }),
    pass,
  };
  if (pass) return named;
  return {
    ...named,
    code,
    observed: toObservedView(gate, observed) ?? null,
    needed: needed ?? null,
    liftsAt: toIsoOrNull(liftsAt),
    liftsOn: liftsOn ?? null,
  };
}

/** `spacing` observes an instant, `guardrail` the start of a pause: both are written as times. */
function toObservedView(gate: string, observed: unknown): unknown {
  if (gate === 'spacing' && typeof observed === 'number') return iso(observed);
  const { since } = (gate === 'guardrail' && observed ? observed : {}) as { since?: unknown };
  return typeof since === 'number' ? { ...(observed as object), since: iso(since) } : observed;
}
