import type { RecordedDecision } from '../../../db/decisions/recorded-decisions.ts';
import { indexBundle } from '../../domain/bundle-index.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';
import { minorUnitsOf } from '../../domain/values/money.ts';
import {
  buildCounterfactual,
  type Counterfactual,
  type ExclusionReason,
} from '../../learning/evaluation/counterfactual.ts';
import { type Evaluation, evaluatePolicy } from '../../learning/evaluation/evaluate-policy.ts';
import { buildLoggedRow, type LoggedRow } from '../../learning/evaluation/logged-decision.ts';
import type { EvaluationDoubt, PolicyVerdict } from '../../learning/evaluation/policy-verdict.ts';
import { actionOfArm } from '../../learning/model/arm-id.ts';
import { DO_NOTHING } from '../../learning/model/snapshot.ts';
import type { ReplayedPool } from './replay-decision.ts';

type ValuedDecision = Exclude<Counterfactual, { leftOut: ExclusionReason }>;

/** The value of a policy in one kind of reward. */
export interface RewardValue {
  kind: string;
  /** Actions with that reward that competed. */
  actions: string[];
  money: boolean;
  /** No decision with this reward changes. */
  unchanged: boolean;
  /** In the unit of the reward: a share, or minor units. */
  minimumEffect: number;
  /** Share of decisions in which something is done. */
  contacts: { logged: number; target: number };
  evaluation: Evaluation;
  verdict: PolicyVerdict;
  reasons: (EvaluationDoubt | 'unrewarded')[];
}

/** With a larger share of decisions without a known reward the others are not representative. */
const MOST_UNKNOWN = 0.05;
/** Default of the smallest relevant effect, as a share of the mean reward. */
const MATTERS = 0.1;
/** Differences below this are rounding errors. */
const CLOSE = 1e-9;

/** Collects rows for off-policy evaluation, and evaluates them once all are there. */
export class Valuation {
  readonly #rows = new Map<string, { rows: ValuedDecision[]; actions: Set<string> }>();
  readonly leftOut = new Map<ExclusionReason | 'not_arbitrated', number>();
  /** Decisions without a competition that would now act: the log has no evidence about them. */
  #unsupported = 0;

  add(row: RecordedDecision, pools: ReplayedPool[], bundles: { old: Bundle; next: Bundle }): void {
    for (const { stage, before, after, model } of pools) {
      const { arbitration: logged } = before;
      if (!logged) {
        if (mayAct(after)) {
          this.#unsupported++;
          this.#leave('not_arbitrated');
        }
        continue;
      }
      const result = buildCounterfactual({
        customer: row.customerId,
        segment: stage,
        logged,
        target: after.arbitration,
        model,
        rewards: row.rewards,
        before: (id) => actionIn(bundles.old, id),
        after: (id) => actionIn(bundles.next, id),
      });
      if ('leftOut' in result) this.#leave(result.leftOut);
      else this.#keep(result);
    }
  }

  /**
   * Values by kind of reward.
   * @param matters smallest relevant effect per decision: a share, or an amount in decimals; null: a tenth of the mean
   * reward
   * @param currency of the amounts
   */
  values(matters: number | null, currency: string): RewardValue[] {
    const valued = [...this.#rows.values()].reduce((sum, { rows }) => sum + rows.length, 0);
    const unknown = this.leftOut.get('unknown_reward') ?? 0;
    const unrewarded = unknown > MOST_UNKNOWN * (valued + unknown);
    return [...this.#rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, { rows, actions }]) => {
        const unchanged = rows.every((row) => row.same);
        const { money } = rows[0] as ValuedDecision;
        const meanReward = Math.abs(mean(rows.map((row) => row.decision.reward)));
        const minimum =
          matters === null ? MATTERS * meanReward : money ? minorUnitsOf(currency) * matters : matters;
        const evaluation = evaluatePolicy(rows.map(toLoggedRow), { relevantDifference: minimum });
        const reasons: RewardValue['reasons'] = [...evaluation.reasons];
        if (unrewarded) reasons.push('unrewarded');
        if (this.#unsupported > 0 && !reasons.includes('unsupported')) reasons.push('unsupported');
        return {
          kind,
          actions: [...actions].sort(),
          money,
          unchanged,
          minimumEffect: minimum,
          contacts: {
            logged: mean(rows.map((row) => row.contacts.logged)),
            target: mean(rows.map((row) => row.contacts.target)),
          },
          evaluation,
          verdict: reasons.length > 0 ? ('insufficient' as const) : evaluation.verdict,
          reasons,
        };
      });
  }

  #keep(result: ValuedDecision): void {
    const kept = this.#rows.get(result.kind) ?? { rows: [], actions: new Set<string>() };
    kept.rows.push(result);
    for (const { id } of result.decision.arms) if (id !== DO_NOTHING) kept.actions.add(actionOfArm(id));
    this.#rows.set(result.kind, kept);
  }

  #leave(reason: ExclusionReason | 'not_arbitrated'): void {
    this.leftOut.set(reason, (this.leftOut.get(reason) ?? 0) + 1);
  }
}

/**
 * The verdict over all kinds of reward. `ship`: one gains, and none that changes loses or lacks evidence.
 * `insufficient`: a kind lacks evidence, or all do.
 */
export function overallVerdict(values: readonly RewardValue[]): PolicyVerdict {
  const changed = values.filter((value) => !value.unchanged);
  if (values.length === 0 || changed.some(({ verdict }) => verdict === 'insufficient')) return 'insufficient';
  if (changed.length === 0)
    return values.some(({ verdict }) => verdict === 'insufficient') ? 'insufficient' : 'hold';
  return changed.every(({ verdict }) => verdict === 'ship') ? 'ship' : 'hold';
}

/** A faulty row stays in the evaluation, which counts it: its reward is NaN. */
function toLoggedRow({ decision }: ValuedDecision): LoggedRow {
  const row = buildLoggedRow(decision);
  if (typeof row !== 'string') return row;
  const { customer, segment } = decision;
  return {
    customer,
    segment,
    reward: Number.NaN,
    logged: 1,
    target: 1,
    unsupported: 0,
    weightSquare: null,
    model: null,
  };
}

/** Whether the policy chooses a marketing action with some probability. */
function mayAct({ arbitration: arbitrated }: ReplayedPool['after']): boolean {
  return (
    arbitrated?.arms.some((arm, i) => arm !== DO_NOTHING && (arbitrated.distribution[i] as number) > CLOSE) ??
    false
  );
}

function actionIn(bundle: Bundle, id: string): ActionDef | undefined {
  return indexBundle(bundle).actions.get(id);
}

function mean(numbers: number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
}
