import type { ActionDef } from '../../domain/definition.ts';
import { classifyEvent } from '../../domain/event.ts';
import { fingerprintContent } from '../../maths/digest.ts';
import { DO_NOTHING } from './snapshot.ts';

const DIGITS = 8;

/**
 * Identifies a kind of reward. It is equal for two actions whose reward has the same event, condition, match, window
 * and amount, so that they share one baseline: what doing nothing earns of that reward. `none` without a reward.
 */
export function hashRewardKind(reward: ActionDef['reward']): string {
  if (!reward) return 'none';
  const { on, when, match, within, amount } = reward;
  return fingerprintContent([on, when, match, within, amount]).slice(0, DIGITS);
}

/** Id of the arm that learns what doing nothing earns of this kind of reward. */
export function baselineArmId(reward: ActionDef['reward']): string {
  return `${DO_NOTHING}:${hashRewardKind(reward)}`;
}

/** Whether the reward can come without a contact: an order can, an event about an effect (a click in a message) can't. */
export function occursWithoutContact(reward: ActionDef['reward']): boolean {
  return reward === null || classifyEvent(reward.on) !== 'outcome';
}
