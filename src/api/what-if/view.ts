import type { RewardValue } from '../../app/what-if/valuation.ts';
import type { WhatIfResult } from '../../app/what-if/what-if.ts';
import type { JudgedCandidate } from '../../domain/candidate.ts';
import { iso } from '../../domain/time/time.ts';
import { findBlockingVerdicts } from '../../engine/replay/compare-candidates.ts';
import type { PolicyValue } from '../../learning/evaluation/evaluate-policy.ts';
import type { Interval, PolicyVerdict } from '../../learning/evaluation/policy-verdict.ts';
import { toMoney, toVerdictViews } from '../frame/format.ts';

/** What would have been, without the period and the bundle. */
export function toWhatIfView(
  { total: all, read, tally, leftOut, values, verdict }: WhatIfResult,
  currency: string,
) {
  return {
    decisions: {
      all,
      read,
      replayed: tally.decisions,
      notReplayable: counted(tally.notReplayable),
      otherwise: tally.changed,
      customers: tally.customers.size,
    },
    gates: {
      candidates: tally.candidates,
      summary: tally.summary(),
      examples: tally.examples.map(({ rules: _, before, after, at, ...example }) => ({
        ...example,
        at: iso(at),
        before: judgedView(before),
        after: judgedView(after),
      })),
    },
    value: {
      verdict,
      leftOut: counted(leftOut),
      rewards: values.map((value) => valueView(value, currency)),
    },
  };
}

function counted(counts: ReadonlyMap<string, number>) {
  return [...counts].map(([reason, decisions]) => ({ reason, decisions }));
}

function judgedView(judged: JudgedCandidate | null) {
  if (!judged) return null;
  const { verdict, propensity } = judged;
  return { verdict, propensity, gates: toVerdictViews(findBlockingVerdicts(judged), null) };
}

function valueView(value: RewardValue, currency: string) {
  const { kind, actions, money, unchanged: same, minimumEffect: matters, contacts, evaluation } = value;
  const amount = (n: number) => (money ? toMoney(n, currency) : n);
  return {
    kind,
    actions,
    unit: money ? ('money' as const) : ('share' as const),
    same,
    matters: amount(matters),
    contacts,
    ...policyView(evaluation, value, amount),
    faults: evaluation.faults.map(({ fault, rows }) => ({ fault, decisions: rows })),
    stages: evaluation.segments.map(({ segment, ...its }) => ({
      stage: segment,
      // What casts doubt on the whole does so on its parts.
      ...policyView(its, value.verdict === 'insufficient' ? withDoubts(its, value) : its, amount),
    })),
  };
}

function withDoubts(
  its: PolicyValue,
  { reasons, evaluation }: RewardValue,
): { verdict: PolicyVerdict; reasons: string[] } {
  const ofRows: readonly string[] = evaluation.reasons;
  const shared = reasons.filter((reason) => reason === 'faulty_rows' || !ofRows.includes(reason));
  const all = [...new Set<string>([...its.reasons, ...shared])];
  return { verdict: all.length > 0 ? 'insufficient' : its.verdict, reasons: all };
}

/** Where the log can't tell there is no number to quote (E-4). */
function policyView<Amount>(
  its: PolicyValue,
  { verdict, reasons }: { verdict: PolicyVerdict; reasons: readonly string[] },
  amount: (n: number) => Amount,
) {
  const { rows, customers, logged, snips, doublyRobust, uplift, weights } = its;
  const of = ({ value, low, high }: Interval) => ({
    value: amount(value),
    low: amount(low),
    high: amount(high),
  });
  const told = verdict !== 'insufficient' && logged && uplift;
  return {
    decisions: rows,
    customers,
    verdict,
    reasons: [...reasons],
    estimate: told
      ? {
          logged: of(logged),
          snips: snips && of(snips),
          doublyRobust: doublyRobust && of(doublyRobust),
          uplift: of(uplift),
        }
      : null,
    weights: weights && {
      effectiveRows: weights.effectiveRows,
      effectiveCustomers: weights.effectiveCustomers,
      largest: weights.largest,
      mean: weights.mean,
      clipped: weights.clipped,
      unsupportedRows: weights.unsupportedRows,
      unsupportedShare: weights.unsupportedShare,
    },
  };
}
