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
    observed: toObservedView(gate, observed),
    needed: toFactView(gate, needed),
    liftsAt: toIsoOrNull(liftsAt),
    liftsOn: liftsOn ?? null,
  };
}

/** Gates that observe instants, or need them. */
const GATES_OF_TIMES: ReadonlySet<string> = new Set(['spacing', 'sunset', 'expiry']);

/** `guardrail` observes the harm of a pause, and when the pause began. */
function toObservedView(gate: string, observed: unknown): ObservedView {
  if (gate !== 'guardrail' || typeof observed !== 'object' || observed === null)
    return toFactView(gate, observed);
  const { harm, since } = observed as { harm?: unknown; since?: unknown };
  return { harm: String(harm), since: typeof since === 'number' ? iso(since) : null };
}

type FactView = string | number | boolean | string[] | null;
type ObservedView = FactView | { harm: string; since: string | null };

/** A fact that a gate recorded. The value of a condition may be anything; what is no plain value is written as JSON. */
function toFactView(gate: string, fact: unknown): FactView {
  if (fact === undefined || fact === null) return null;
  if (typeof fact === 'number') return GATES_OF_TIMES.has(gate) ? iso(fact) : fact;
  if (typeof fact === 'string' || typeof fact === 'boolean') return fact;
  const isTexts = Array.isArray(fact) && fact.every((item) => typeof item === 'string');
  return isTexts ? fact : JSON.stringify(fact);
}
