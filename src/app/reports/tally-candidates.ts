import type { ExaminedDecision } from '../../../db/reports/decisions.ts';
import type { JudgedCandidate } from '../../domain/candidate.ts';
import { type BlockingRule, listRules } from './blocking-reasons.ts';

/** Candidates of one action and journey with the same verdict. */
export interface CandidateCount {
  action: string;
  /** Null for candidates of real-time decisions, and of enrollments that are gone. */
  journey: string | null;
  verdict: JudgedCandidate['verdict'];
  candidates: number;
}

export interface RuleCount extends BlockingRule {
  blocked: number;
  alone: number;
  /** Decisions without an action that the rule blocked a candidate of, and their customers. */
  leftWithout: number;
  customersLeft: number;
  /** Those of these decisions in which it was the only rule that blocked some candidate. */
  leftAlone: number;
}

interface Rule extends Pick<RuleCount, 'gate' | 'rule' | 'code' | 'blocked' | 'alone'> {
  decisionsLeft: Set<string>;
  customersLeft: Set<string>;
  decisionsLeftAlone: Set<string>;
}

/** What one decision adds to a rule. */
export interface RuleUse {
  rule: BlockingRule;
  /** Candidates that it blocked, and those that nothing else blocked. */
  blocked: number;
  alone: number;
  /** Whether the decision has no action, and whether the rule was the only one that blocked some candidate of it. */
  left: boolean;
  leftAlone: boolean;
}

/** The rules that blocked candidates of a decision. */
export function countRules(candidates: readonly JudgedCandidate[]): RuleUse[] {
  const left = !candidates.some(({ verdict }) => verdict === 'chosen');
  const uses = new Map<string, RuleUse>();
  for (const candidate of candidates) {
    const rules = listRules(candidate);
    for (const rule of rules) {
      const key = keyOf(rule);
      const use = uses.get(key) ?? { rule, blocked: 0, alone: 0, left, leftAlone: false };
      uses.set(key, use);
      use.blocked++;
      if (rules.length > 1) continue;
      use.alone++;
      use.leftAlone = left;
    }
  }
  return [...uses.values()];
}

function keyOf({ gate, code, rule }: BlockingRule): string {
  return JSON.stringify([gate, code, rule]);
}

/**
 * Counts candidates by action, journey and verdict, and blocked ones by rule. The same position in the definitions of
 * several actions is one rule.
 */
export class CandidateTally {
  readonly #counts = new Map<string, CandidateCount>();
  readonly #rules = new Map<string, Rule>();

  /** @param journeyOf the journey of an enrollment; null for none */
  add(
    { id, customerId, candidates }: ExaminedDecision,
    journeyOf: (enrollment: string) => string | null,
  ): void {
    for (const candidate of candidates) this.#count(candidate, journeyOf(candidate.enrollmentId));
    for (const { rule, blocked, alone, left, leftAlone } of countRules(candidates)) {
      const sum = this.#ruleOf(rule);
      sum.blocked += blocked;
      sum.alone += alone;
      if (!left) continue;
      sum.decisionsLeft.add(id);
      sum.customersLeft.add(customerId);
      if (leftAlone) sum.decisionsLeftAlone.add(id);
    }
  }

  get counts(): CandidateCount[] {
    return [...this.#counts.values()];
  }

  /** The rules that block most first. */
  get rules(): RuleCount[] {
    return [...this.#rules.entries()]
      .sort(([a, { blocked: most }], [b, { blocked }]) => blocked - most || (a < b ? -1 : 1))
      .map(([, { decisionsLeft, customersLeft, decisionsLeftAlone, ...rule }]) => ({
        ...rule,
        leftWithout: decisionsLeft.size,
        customersLeft: customersLeft.size,
        leftAlone: decisionsLeftAlone.size,
      }));
  }

  #count({ action, verdict }: JudgedCandidate, journey: string | null): void {
    const key = JSON.stringify([action, journey, verdict]);
    const count = this.#counts.get(key) ?? { action, journey, verdict, candidates: 0 };
    count.candidates++;
    this.#counts.set(key, count);
  }

  #ruleOf(rule: BlockingRule): Rule {
    const key = keyOf(rule);
    const known = this.#rules.get(key);
    if (known) return known;
    const sets = {
      decisionsLeft: new Set<string>(),
      customersLeft: new Set<string>(),
      decisionsLeftAlone: new Set<string>(),
    };
    const added = { ...rule, blocked: 0, alone: 0, ...sets };
    this.#rules.set(key, added);
    return added;
  }
}
