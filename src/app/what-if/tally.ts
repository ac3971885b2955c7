import type { RecordedDecision } from '../../../db/decisions/recorded-decisions.ts';
import type { JudgedCandidate } from '../../domain/candidate.ts';
import {
  type CandidateDifference,
  CHANGE_KINDS,
  compareCandidates,
} from '../../engine/replay/compare-candidates.ts';
import type { ReplayedPool, ReplayFailure } from './replay-decision.ts';

const MOST_EXAMPLES = 100;

interface Count {
  candidates: number;
  /** Candidates that were chosen, and that would be chosen. */
  chosenBefore: number;
  chosenAfter: number;
  customers: Set<string>;
}

/** How often an action is chosen. */
interface ChoiceCount {
  before: number;
  after: number;
}

export interface ChangeExample extends CandidateDifference {
  decisionId: string;
  customerId: string;
  at: number;
}

/** Counts the changes that another bundle makes, decision by decision, and keeps the first examples. */
export class ChangeTally {
  decisions = 0;
  candidates = 0;
  /** Decisions that would have chosen something else, and their customers. */
  changed = 0;
  readonly customers = new Set<string>();
  readonly examples: ChangeExample[] = [];
  readonly notReplayable = new Map<ReplayFailure, number>();
  /** By action: how often it was chosen, and would be. */
  readonly choices = new Map<string, ChoiceCount>();
  readonly #counts = new Map<string, Count>();

  leaveOut(reason: ReplayFailure): void {
    this.notReplayable.set(reason, (this.notReplayable.get(reason) ?? 0) + 1);
  }

  add({ id: decisionId, customerId, at }: RecordedDecision, pools: ReplayedPool[]): void {
    const changes = pools.flatMap((pool) =>
      compareCandidates(pool.before.judgedCandidates, pool.after.judgedCandidates),
    );
    for (const { before, after } of pools) {
      this.#countChoices(before.judgedCandidates, 'before');
      this.#countChoices(after.judgedCandidates, 'after');
    }
    this.decisions++;
    this.candidates += pools.reduce((sum, pool) => sum + pool.before.judgedCandidates.length, 0);
    if (changes.some(changesChoice)) {
      this.changed++;
      this.customers.add(customerId);
    }
    for (const change of changes) {
      if (this.examples.length < MOST_EXAMPLES) this.examples.push({ decisionId, customerId, at, ...change });
      for (const rule of change.rules.length > 0 ? change.rules : [null])
        this.#count(change, rule, customerId);
    }
  }

  /** By kind of change, then by frequency. */
  summary() {
    return [...this.#counts]
      .map(([key, { customers, ...counts }]) => {
        const [change, action, gate, code] = JSON.parse(key) as [
          CandidateDifference['change'],
          string,
          string | null,
          string | null,
        ];
        return { change, action, gate, code, ...counts, customers: customers.size };
      })
      .sort(
        (a, b) =>
          CHANGE_KINDS.indexOf(a.change) - CHANGE_KINDS.indexOf(b.change) ||
          b.candidates - a.candidates ||
          (`${a.action} ${a.gate} ${a.code}` < `${b.action} ${b.gate} ${b.code}` ? -1 : 1),
      );
  }

  #countChoices(judged: readonly JudgedCandidate[], side: keyof ChoiceCount): void {
    for (const { action, verdict } of judged) {
      if (verdict !== 'chosen') continue;
      const count = this.choices.get(action) ?? { before: 0, after: 0 };
      count[side]++;
      this.choices.set(action, count);
    }
  }

  #count(
    { change, action, before, after }: CandidateDifference,
    rule: CandidateDifference['rules'][number] | null,
    customer: string,
  ): void {
    const key = JSON.stringify([change, action, rule?.gate ?? null, rule?.code ?? null]);
    const count = this.#counts.get(key) ?? {
      candidates: 0,
      chosenBefore: 0,
      chosenAfter: 0,
      customers: new Set(),
    };
    count.candidates++;
    if (before?.verdict === 'chosen') count.chosenBefore++;
    if (after?.verdict === 'chosen') count.chosenAfter++;
    count.customers.add(customer);
    this.#counts.set(key, count);
  }
}

function changesChoice({ before, after }: CandidateDifference): boolean {
  return (before?.verdict === 'chosen') !== (after?.verdict === 'chosen');
}
