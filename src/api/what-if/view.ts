import type { RewardValue } from '../../app/what-if/valuation.ts';
import type { WhatIfResult } from '../../app/what-if/what-if.ts';
import type { JudgedCandidate } from '../../domain/candidate.ts';
import { iso } from '../../domain/time/time.ts';
import { findBlockingVerdicts } from '../../engine/replay/compare-candidates.ts';
import type { PolicyValue } from '../../learning/evaluation/evaluate-policy.ts';
import type { Interval, PolicyVerdict } from '../../learning/evaluation/policy-verdict.ts';
import { toMoney, toVerdictViews } from '../frame/format.ts';

/** The result of a what-if run, without its period and bundle. */
export function toWhatIfView(
  { total, read, tally, leftOut, values, verdict }: WhatIfResult,
  currency: string,
) {
  return {
    decisions: {
      total,
      read,
      replayed: tally.decisions,
      notReplayable: counted(tally.notReplayable),
      changed: tally.changed,
      customers: tally.customers.size,
    },
    actions: [...tally.choices]
      .map(([action, { before, after }]) => ({ action, chosenBefore: before, chosenAfter: after }))
      .sort((a, b) => b.chosenBefore - a.chosenBefore || (a.action < b.action ? -1 : 1)),
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
      excluded: counted(leftOut),
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
  const { kind, actions, money, unchanged, minimumEffect, contacts, evaluation } = value;
  const amount = (n: number) => (money ? toMoney(n, currency) : n);
  return {
    kind,
    actions,
    unit: money ? ('money' as const) : ('share' as const),
    unchanged,
    minimumEffect: amount(minimumEffect),
    contacts,
    ...policyView(evaluation, value, amount),
    faults: evaluation.faults.map(({ fault, rows }) => ({ fault, decisions: rows })),
    stages: evaluation.segments.map(({ segment, ...policyValue }) => ({
      stage: segment,
      // A doubt about all rows is a doubt about each stage, too.
      ...policyView(
        policyValue,
        value.verdict === 'insufficient' ? addDoubts(policyValue, value) : policyValue,
        amount,
      ),
    })),
  };
}

function addDoubts(
  stage: PolicyValue,
  { reasons, evaluation }: RewardValue,
): { verdict: PolicyVerdict; reasons: string[] } {
  const ofRows: readonly string[] = evaluation.reasons;
  const shared = reasons.filter((reason) => reason === 'faulty_rows' || !ofRows.includes(reason));
  const all = [...new Set<string>([...stage.reasons, ...shared])];
  return { verdict: all.length > 0 ? 'insufficient' : stage.verdict, reasons: all };
}

/** Without support in the log no number is shown (E-4). */
function policyView<Amount>(
  value: PolicyValue,
  { verdict, reasons }: { verdict: PolicyVerdict; reasons: readonly string[] },
  amount: (n: number) => Amount,
) {
  const { rows, customers, logged, snips, doublyRobust, uplift, weights } = value;
  const intervalView = ({ value: center, low, high }: Interval) => ({
    value: amount(center),
    low: amount(low),
    high: amount(high),
  });
  const canEstimate = verdict !== 'insufficient' && logged && uplift;
  return {
    decisions: rows,
    customers,
    verdict,
    reasons: [...reasons],
    estimate: canEstimate
      ? {
          logged: intervalView(logged),
          snips: snips && intervalView(snips),
          doublyRobust: doublyRobust && intervalView(doublyRobust),
          uplift: intervalView(uplift),
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
