import type { Candidate, GateVerdict } from '../../domain/candidate.ts';
import { ACTION_CLASSES } from '../../domain/definition.ts';
import { GATE_FAILED } from '../../domain/verdict-code.ts';
import { block } from '../gates/gate.ts';
import { judgeCandidate } from '../gates/judge.ts';
import type { DecisionRequest } from '../request.ts';
import { buildScope } from '../scope.ts';

/** A candidate that the gates have judged. Money as decimal amounts of the workspace's currency. */
export interface RankedCandidate {
  candidate: Candidate;
  gates: GateVerdict[];
  value: number;
  cost: number;
  /** What rules order by: value × lever − cost. */
  score: number;
}

/** Judges a candidate, and computes its worth. A candidate whose value or cost has no number is blocked. */
export function rankCandidate(candidate: Candidate, request: DecisionRequest): RankedCandidate {
  const verdicts = judgeCandidate(candidate, request);
  const value = evaluateAmount(candidate, 'value', 1, request);
  const cost = evaluateAmount(candidate, 'cost', 0, request);
  return {
    candidate,
    gates: [...verdicts, ...value.errors, ...cost.errors],
    value: value.amount,
    cost: cost.amount,
    score: value.amount * candidate.action.lever - cost.amount,
  };
}

interface Amount {
  amount: number;
  errors: GateVerdict[];
}

/** @param missing the amount where the action has no such expression */
function evaluateAmount(
  candidate: Candidate,
  rule: 'value' | 'cost',
  missing: number,
  request: DecisionRequest,
): Amount {
  const expression = candidate.action[rule];
  if (expression === null) return { amount: missing, errors: [] };
  const result = request.evaluate(expression, buildScope(candidate, request));
  if (result.ok && typeof result.value === 'number' && Number.isFinite(result.value))
    return { amount: result.value, errors: [] };
  const observed = result.ok ? result.value : result.error;
  return {
    amount: 0,
    errors: [block('value', GATE_FAILED, { rule, observed, needed: expression })],
  };
}

export function isAllowed({ gates }: RankedCandidate): boolean {
  return gates.every((gate) => gate.pass);
}

/**
 * The order of rules: class, then priority, then score, then the order in the step's list, then the enrollment's id,
 * then the order of the action's channels.
 */
export function compareRanked(a: RankedCandidate, b: RankedCandidate): number {
  const [first, second] = [a.candidate, b.candidate];
  const byClass = ACTION_CLASSES.indexOf(first.action.class) - ACTION_CLASSES.indexOf(second.action.class);
  return (
    byClass ||
    second.action.priority - first.action.priority ||
    b.score - a.score ||
    first.order - second.order ||
    compareIds(first.enrollment, second.enrollment) ||
    channelPosition(first) - channelPosition(second)
  );
}

function compareIds(a: { id: string }, b: { id: string }): number {
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

function channelPosition({ action, channel }: Candidate): number {
  return action.channels.indexOf(channel);
}

/** Each enrollment's first allowed candidate, by enrollment id. */
export function pickBestPerEnrollment(ranked: RankedCandidate[]): Map<string, RankedCandidate> {
  const best = new Map<string, RankedCandidate>();
  for (const entry of ranked.filter(isAllowed)) {
    const { id } = entry.candidate.enrollment;
    const current = best.get(id);
    if (!current || compareRanked(entry, current) < 0) best.set(id, entry);
  }
  return best;
}

export function isSameEnrollment(a: RankedCandidate, b: RankedCandidate): boolean {
  return a.candidate.enrollment.id === b.candidate.enrollment.id;
}

export function isSameAction(a: RankedCandidate, b: RankedCandidate): boolean {
  return a.candidate.action.id === b.candidate.action.id;
}
