import type { ActionDef } from '../../domain/definition.ts';
import { describeTrigger, formatDuration } from '../describe/summaries.ts';
import { diffById } from './collections.ts';
import { ACTION, ACTION_KEYS, READ_BY_PEOPLE } from './consequences.ts';
import { formatValue } from './describe-changes.ts';
import type { BundleEdit } from './edit.ts';
import { equalJson } from './equal-json.ts';
import { withoutLabels } from './without-labels.ts';

/** Keys whose changes are described one by one: what a model learns from, what is counted, and what a test divides. */
const DESCRIBED_KEYS = ['reward', 'boost', 'inventory', 'budget', 'variants'] as const;
const LABELS = ['name', 'description'] as const;

export function diffActions(before: readonly ActionDef[], after: readonly ActionDef[]): BundleEdit[] {
  return diffById(before, after, (id, change, previous, action): BundleEdit => {
    const changedKeys = previous && action ? listDescribedChanges(previous, action) : [];
    const labels = previous && action ? listChangedLabels(previous, action) : [];
    const isRelabelled = previous && action && equalJson(withoutLabels(previous), withoutLabels(action));
    return {
      kind: `action_${change}`,
      change: [`action ${id}`, ...labels, ...changedKeys.map((item) => item.change)].join(', '),
      consequence: isRelabelled
        ? READ_BY_PEOPLE
        : [ACTION[change], ...changedKeys.map(({ key }) => ACTION_KEYS[key])].join('; '),
    };
  });
}

function listChangedLabels(before: ActionDef, after: ActionDef): string[] {
  return LABELS.filter((key) => before[key] !== after[key]).map(
    (key) => `${key} ${formatValue(key, before[key])} → ${formatValue(key, after[key])}`,
  );
}

function listDescribedChanges(before: ActionDef, after: ActionDef) {
  return DESCRIBED_KEYS.filter((key) => !equalJson(before[key], after[key])).map((key) => {
    return { key, change: `${key} ${describeKey(before, key)} → ${describeKey(after, key)}` };
  });
}

function describeKey(action: ActionDef, key: (typeof DESCRIBED_KEYS)[number]): string {
  if (key === 'reward') return describeReward(action.reward);
  return key === 'inventory' ? describeInventory(action.inventory) : formatValue(key, action[key]);
}

function describeReward(reward: ActionDef['reward']): string {
  if (!reward) return 'none';
  const amount = reward.amount === null ? '' : `, ${reward.amount}`;
  return `${describeTrigger(reward)} within ${formatDuration(reward.within)}${amount}`;
}

function describeInventory(inventory: ActionDef['inventory']): string {
  if (!inventory) return 'none';
  return `${inventory.units}${inventory.per === null ? '' : ` per ${inventory.per}`}`;
}
