import type { ActionDef } from '../../domain/definition.ts';
import { kindOf } from '../../domain/event.ts';
import { fingerprint } from '../maths/digest.ts';
import { NOTHING } from './model.ts';

const DIGITS = 8;

/**
 * Tells rewards apart: equal for two actions whose reward is the same event, condition, match, window and amount, so
 * that they share what doing nothing earns of it. `none` for an action without.
 */
export function rewardKind(reward: ActionDef['reward']): string {
  if (!reward) return 'none';
  const { on, when, match, within, amount } = reward;
  return fingerprint([on, when, match, within, amount]).slice(0, DIGITS);
}

/** The arm that learns what doing nothing earns of this kind of reward. */
export function baselineArm(reward: ActionDef['reward']): string {
  return `${NOTHING}:${rewardKind(reward)}`;
}

/** Whether it may come when nothing is done: an order may, a fact about an effect of ours (a click in its message) can't. */
export function comesByItself(reward: ActionDef['reward']): boolean {
  return reward === null || kindOf(reward.on) !== 'outcome';
}
