import type { Candidate, GateVerdict } from '../../domain/candidate.ts';
import { ACTION_CLASSES } from '../../domain/definition.ts';
import type { DecisionRequest } from '../../domain/facts.ts';
import { judgeCandidate } from '../gates/judge.ts';
import { buildScope } from '../scope.ts';

/** A candidate that the gates have answered about. Money as decimal amounts of the workspace's currency. */
export interface RankedCandidate {
  candidate: Candidate;
  gates: GateVerdict[];
  value: number;
  cost: number;
  /** By which rules order: value × lever less cost. */
  score: number;
}

/** Judges a candidate, and reckons what it is worth. One whose value or cost can't be reckoned is blocked. */
export function rankCandidate(candidate: Candidate, situation: DecisionRequest): RankedCandidate {
  const { action } = candidate;
  const gates = judgeCandidate(candidate, situation);
  const value = money('value', 1);
  const cost = money('cost', 0);
  return { candidate, gates, value, cost, score: value * action.lever - cost };

  function money(rule: 'value' | 'cost', missing: number): number {
    const expression = action[rule];
    if (expression === null) return missing;
    const result = situation.evaluate(expression, buildScope(candidate, situation));
    if (result.ok && typeof result.value === 'number' && Number.isFinite(result.value)) return result.value;
    gates.push({
      gate: 'value',
      rule,
      pass: false,
      code: 'error',
      observed: result.ok ? result.value : result.error,
      needed: expression,
    });
    return 0;
  }
}

export function isAllowed({ gates }: RankedCandidate): boolean {
  return gates.every((gate) => gate.pass);
}

/** Class first, then priority, then value × lever less cost, then the order in the step's list, then in the action's of channels. */
export function compareRanked(a: RankedCandidate, b: RankedCandidate): number {
  const [one, other] = [a.candidate, b.candidate];
  const classes = ACTION_CLASSES.indexOf(one.action.class) - ACTION_CLASSES.indexOf(other.action.class);
  return (
    classes ||
    other.action.priority - one.action.priority ||
    b.score - a.score ||
    one.order - other.order ||
    byId(one.enrollment, other.enrollment) ||
    placeOf(one) - placeOf(other)
  );
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

function placeOf({ action, channel }: Candidate): number {
  return action.channels.indexOf(channel);
}

/** Each enrollment's first allowed candidate. */
export function pickBestPerEnrollment(ranked: RankedCandidate[]): Map<string, RankedCandidate> {
  const best = new Map<string, RankedCandidate>();
  for (const one of ranked.filter(isAllowed)) {
    const { id } = one.candidate.enrollment;
    const other = best.get(id);
    if (!other || compareRanked(one, other) < 0) best.set(id, one);
  }
  return best;
}

export function isSameEnrollment(a: RankedCandidate, b: RankedCandidate): boolean {
  return a.candidate.enrollment.id === b.candidate.enrollment.id;
}

export function isSameAction(a: RankedCandidate, b: RankedCandidate): boolean {
  return a.candidate.action.id === b.candidate.action.id;
}
