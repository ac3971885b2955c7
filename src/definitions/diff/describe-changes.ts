import type { ActionDef } from '../../domain/definition.ts';
import { describeTrigger, formatDuration, formatShare, formatTimeOfDay } from '../describe/summaries.ts';
import { equalJson } from './equal-json.ts';

/** Values that aren't written as they are kept, by where they stand. */
const WRITTEN: Record<string, (value: number) => string> = {
  'arbitration.fatigue': (minor) => (minor / 100).toFixed(2),
  'arbitration.explore': formatShare,
  'worth.margin': (share) => formatShare(share * 10_000),
  'worth.discount': (share) => formatShare(share * 10_000),
  'worth.horizonWeeks': (weeks) => `${weeks}w`,
  'guardrails.within': formatDuration,
  'sendTime.fallback': formatTimeOfDay,
  'sendTime.explore': formatShare,
};

/** What differs within one key of a definition, each as `name before → after`; a list of things with ids by their ids. */
export function describeChanges(path: string, before: unknown, after: unknown): string[] {
  if (equalJson(before, after)) return [];
  if (isMapping(before) && isMapping(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => describeChanges(`${path}.${name}`, before[name], after[name]));
  }
  const [, ...inner] = path.split('.');
  return [`${inner.join('.')} ${text(path, before)} → ${text(path, after)}`.trim()];
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(path: string, value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'number') return WRITTEN[path]?.(value) ?? String(value);
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return Object.keys(value).length === 0 ? 'none' : entries(path, value);
  return value.length === 0 ? 'none' : value.map((item) => text(path, item)).join(', ');
}

/** `{id, when, weight}` reads as `id if when × weight`; anything else by its keys. */
function entries(path: string, value: object): string {
  const { id, when, weight, ...others } = value as Record<string, unknown>;
  const named = [id ?? [], when === undefined ? [] : `if ${when}`, weight === undefined ? [] : `× ${weight}`];
  const rest = Object.entries(others).map(([key, inner]) => `${key} ${text(`${path}.${key}`, inner)}`);
  return [...named.flat(), rest.join(', ')].filter((part) => part !== '').join(' ');
}

/** What of an action a model learns from or a test divides, where an edit changes it: in words, with what it means. */
export function describeActionChanges(
  before: ActionDef,
  after: ActionDef,
): { what: string[]; rule: string[] } {
  const changes: { what: string[]; rule: string[] } = { what: [], rule: [] };
  const told = (what: string, rule: string) => {
    changes.what.push(what);
    changes.rule.push(rule);
  };
  if (!equalJson(before.reward, after.reward))
    told(
      `reward ${rewardText(before.reward)} → ${rewardText(after.reward)}`,
      'what is waited for already counts as it was when it was decided',
    );
  if (!equalJson(before.boost, after.boost))
    told(`boost ${text('boost', before.boost)} → ${text('boost', after.boost)}`, 'what was learned stays');
  if (!equalJson(before.inventory, after.inventory))
    told(
      `inventory ${inventoryText(before.inventory)} → ${inventoryText(after.inventory)}`,
      'what was given away counts on',
    );
  if (!equalJson(before.budget, after.budget))
    told(
      `budget ${text('budget', before.budget)} → ${text('budget', after.budget)}`,
      'what was spent this month counts on',
    );
  if (!equalJson(before.variants, after.variants))
    told(
      `variants ${text('variants', before.variants)} → ${text('variants', after.variants)}`,
      'customers keep their variant but for those whom the new shares move',
    );
  return changes;
}

function rewardText(reward: ActionDef['reward']): string {
  if (!reward) return 'none';
  const amount = reward.amount === null ? '' : `, ${reward.amount}`;
  return `${describeTrigger(reward)} within ${formatDuration(reward.within)}${amount}`;
}

function inventoryText(inventory: ActionDef['inventory']): string {
  if (!inventory) return 'none';
  return `${inventory.units}${inventory.per === null ? '' : ` per ${inventory.per}`}`;
}
