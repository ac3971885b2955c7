import type { RewardEvent } from '../../../../db/learning/due-rewards.ts';
import type { ActionDef } from '../../../domain/definition.ts';
import type { Evaluator, ExpressionScope } from '../../../domain/facts.ts';
import { readCurrency } from '../../../domain/values/currency.ts';
import { toMinorUnits } from '../../../domain/values/money.ts';

export type RewardDef = NonNullable<ActionDef['reward']>;

/** The value of an event as a reward: 1, or an amount in minor units. */
export type RewardValue = { ok: true; value: number } | { ok: false; code: 'not_finite' | 'other_currency' };

/**
 * Evaluates the condition and the amount of a reward. Returns null if the condition is false or fails. An amount that can't
 * be read is an error: counted as 0, it would teach that the action earned nothing.
 */
export function evaluateReward(
  { when, amount }: RewardDef,
  event: RewardEvent,
  scope: ExpressionScope,
  { evaluate, currency }: { evaluate: Evaluator; currency: string },
): RewardValue | null {
  if (when !== null) {
    const result = evaluate(when, scope);
    if (!result.ok || result.value !== true) return null;
  }
  if (amount === null) return { ok: true, value: 1 };
  const named = readCurrency(event.properties.currency, currency) ?? currency;
  if (named !== currency) return { ok: false, code: 'other_currency' };
  const result = evaluate(amount, scope);
  const value = result.ok ? toMinorUnits(result.value, currency) : null;
  return value === null ? { ok: false, code: 'not_finite' } : { ok: true, value };
}
