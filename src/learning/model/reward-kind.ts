import type { ActionDef } from '../../domain/definition.ts';
import { classifyEvent } from '../../domain/event.ts';
import { fingerprintContent } from '../../maths/digest.ts';
import { DO_NOTHING } from './snapshot.ts';

const DIGITS = 8;

/**
 * Tells rewards apart: equal for two actions whose reward is the same event, condition, match, window and amount, so
 * that they share what doing nothing earns of it. `none` for an action without.
 */
export function hashRewardKind(reward: ActionDef['reward']): string {
  if (!reward) return 'none';
  const { on, when, match, within, amount } = reward;
  return fingerprintContent([on, when, match, within, amount]).slice(0, DIGITS);
}

/** The arm that learns what doing nothing earns of this kind of reward. */
export function baselineArmId(reward: ActionDef['reward']): string {
  return `${DO_NOTHING}:${hashRewardKind(reward)}`;
}

/** Whether it may come when nothing is done: an order may, a fact about an effect of ours (a click in its message) can't. */
export function occursWithoutContact(reward: ActionDef['reward']): boolean {
  return reward === null || classifyEvent(reward.on) !== 'outcome';
}
