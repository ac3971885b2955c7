import type { ExaminedDecision } from '../../../db/reports/decisions.ts';
import type { JudgedCandidate } from '../../domain/candidate.ts';

/** Candidates of one action and journey with the same verdict. */
export interface CandidateCount {
  action: string;
  /** Null for candidates of real-time decisions, and of enrollments that are gone. */
  journey: string | null;
  verdict: JudgedCandidate['verdict'];
  candidates: number;
}

export interface RuleCount {
  gate: string;
  /** Null if the gate has no definition, and in decisions of earlier builds. */
  rule: string | null;
  code: string;
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

/**
 * Counts candidates by action, journey and verdict, and blocked ones by rule. The same position in the definitions of
 * several actions is one rule.
 */
export class CandidateTally {
  readonly #counts = new Map<string, CandidateCount>();
  readonly #rules = new Map<string, Rule>();

  /** @param journeyOf the journey of an enrollment; null for none */
  add(decision: ExaminedDecision, journeyOf: (enrollment: string) => string | null): void {
    const { candidates } = decision;
    const acted = candidates.some(({ verdict }) => verdict === 'chosen');
    for (const candidate of candidates) {
      this.#count(candidate, journeyOf(candidate.enrollmentId));
      if (candidate.verdict === 'blocked') this.#addRules(candidate, decision, acted);
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

  #addRules({ gates }: JudgedCandidate, { id, customerId }: ExaminedDecision, acted: boolean): void {
    const keys = new Set(
      gates
        .filter(({ pass }) => !pass)
        .map(({ gate, code = 'blocked', rule = null }) => JSON.stringify([gate, code, rule])),
    );
    for (const key of keys) {
      const rule = this.#ruleOf(key);
      const isAlone = keys.size === 1;
      rule.blocked++;
      if (isAlone) rule.alone++;
      if (acted) continue;
      rule.decisionsLeft.add(id);
      rule.customersLeft.add(customerId);
      if (isAlone) rule.decisionsLeftAlone.add(id);
    }
  }

  #ruleOf(key: string): Rule {
    const known = this.#rules.get(key);
    if (known) return known;
    const [gate, code, rule] = JSON.parse(key) as [string, string, string | null];
    const sets = {
      decisionsLeft: new Set<string>(),
      customersLeft: new Set<string>(),
      decisionsLeftAlone: new Set<string>(),
    };
    const added = { gate, rule, code, blocked: 0, alone: 0, ...sets };
    this.#rules.set(key, added);
    return added;
  }
}
