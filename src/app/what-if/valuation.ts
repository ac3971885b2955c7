import type { RecordedDecision } from '../../../db/decisions/recorded-decisions.ts';
import { indexBundle } from '../../domain/bundle-index.ts';
import { MINOR_UNITS } from '../../domain/customer/commerce.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';
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

type Known = Exclude<Counterfactual, { leftOut: ExclusionReason }>;

/** What a policy is worth in one kind of reward. */
export interface RewardValue {
  kind: string;
  /** Actions with that reward, as far as they competed. */
  actions: string[];
  money: boolean;
  /** Nothing is decided otherwise, as far as this reward goes. */
  unchanged: boolean;
  /** In the reward's unit: a share, or minor units. */
  minimumEffect: number;
  /** Share of decisions in which something is done. */
  contacts: { logged: number; target: number };
  evaluation: Evaluation;
  verdict: PolicyVerdict;
  reasons: (EvaluationDoubt | 'unrewarded')[];
}

/** More decisions than this share whose reward will never be known: those that are left may be others. */
const MOST_UNKNOWN = 0.05;
/** What matters unless it is said: this share of what was earned. */
const MATTERS = 0.1;
/** Less than this is rounding. */
const CLOSE = 1e-9;

/** Gathers off-policy rows, and values them once all are there. */
export class Valuation {
  readonly #rows = new Map<string, { known: Known[]; actions: Set<string> }>();
  readonly leftOut = new Map<ExclusionReason | 'not_arbitrated', number>();
  /** Where nothing marketing competed, and now something would be done: the log never tried. */
  #unheard = 0;

  add(row: RecordedDecision, pools: ReplayedPool[], bundles: { old: Bundle; next: Bundle }): void {
    for (const { stage, before, after, model } of pools) {
      const { arbitrated: logged } = before;
      if (!logged) {
        if (acts(after)) {
          this.#unheard++;
          this.#leave('not_arbitrated');
        }
        continue;
      }
      const found = buildCounterfactual({
        customer: row.customerId,
        segment: stage,
        logged,
        target: after.arbitrated,
        model,
        rewards: row.rewards,
        before: (id) => actionIn(bundles.old, id),
        after: (id) => actionIn(bundles.next, id),
      });
      if ('leftOut' in found) this.#leave(found.leftOut);
      else this.#keep(found);
    }
  }

  /** By kind of reward. @param matters per decision: a share, or an amount in decimals; null: a tenth of what was earned */
  values(matters: number | null): RewardValue[] {
    const known = [...this.#rows.values()].reduce((sum, { known: rows }) => sum + rows.length, 0);
    const unknown = this.leftOut.get('unknown_reward') ?? 0;
    const unrewarded = unknown > MOST_UNKNOWN * (known + unknown);
    return [...this.#rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, { known: rows, actions }]) => {
        const same = rows.every((one) => one.same);
        const { money } = rows[0] as Known;
        const earned = Math.abs(mean(rows.map((one) => one.decision.reward)));
        const least = matters === null ? MATTERS * earned : money ? MINOR_UNITS * matters : matters;
        const evaluation = evaluatePolicy(rows.map(readable), { relevantDifference: least });
        const reasons: RewardValue['reasons'] = [...evaluation.reasons];
        if (unrewarded) reasons.push('unrewarded');
        if (this.#unheard > 0 && !reasons.includes('unsupported')) reasons.push('unsupported');
        return {
          kind,
          actions: [...actions].sort(),
          money,
          unchanged: same,
          minimumEffect: least,
          contacts: {
            logged: mean(rows.map((one) => one.contacts.logged)),
            target: mean(rows.map((one) => one.contacts.target)),
          },
          evaluation,
          verdict: reasons.length > 0 ? ('insufficient' as const) : evaluation.verdict,
          reasons,
        };
      });
  }

  #keep(found: Known): void {
    const kept = this.#rows.get(found.kind) ?? { known: [], actions: new Set<string>() };
    kept.known.push(found);
    for (const { id } of found.decision.arms) if (id !== DO_NOTHING) kept.actions.add(actionOfArm(id));
    this.#rows.set(found.kind, kept);
  }

  #leave(reason: ExclusionReason | 'not_arbitrated'): void {
    this.leftOut.set(reason, (this.leftOut.get(reason) ?? 0) + 1);
  }
}

/**
 * Over all kinds of reward: `ship` if one gains and none that is decided otherwise loses or can't be told;
 * `insufficient` if one can't be told, or nothing can.
 */
export function overallVerdict(values: readonly RewardValue[]): PolicyVerdict {
  const touched = values.filter((one) => !one.unchanged);
  if (values.length === 0 || touched.some((one) => one.verdict === 'insufficient')) return 'insufficient';
  if (touched.length === 0)
    return values.some((one) => one.verdict === 'insufficient') ? 'insufficient' : 'hold';
  return touched.every((one) => one.verdict === 'ship') ? 'ship' : 'hold';
}

/** What can't be read counts as such: a reward that isn't a number is none. */
function readable({ decision }: Known): LoggedRow {
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

/** Whether marketing would be done with some probability. */
function acts({ arbitrated }: ReplayedPool['after']): boolean {
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
