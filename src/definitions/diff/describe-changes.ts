import { formatAmount } from '../../domain/values/money.ts';
import { formatDuration, formatShare, formatTimeOfDay } from '../describe/summaries.ts';
import { equalJson } from './equal-json.ts';

/** How numbers are written that are stored in other units than the bundle's, by their path. */
const FORMATS: Record<string, (value: number, currency: string) => string> = {
  'arbitration.fatigue': formatAmount,
  'arbitration.explore': formatShare,
  'worth.margin': (share) => formatShare(share * 10_000),
  'worth.discount': (share) => formatShare(share * 10_000),
  'worth.horizonWeeks': (weeks) => `${weeks}w`,
  'guardrails.within': formatDuration,
  'sendTime.fallback': formatTimeOfDay,
  'sendTime.explore': formatShare,
};

/**
 * What differs within one key of a definition, each as `name before → after`.
 * @param currency of the amounts
 */
export function describeChanges(path: string, before: unknown, after: unknown, currency = ''): string[] {
  if (equalJson(before, after)) return [];
  if (isMapping(before) && isMapping(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => describeChanges(`${path}.${name}`, before[name], after[name], currency));
  }
  const [, ...inner] = path.split('.');
  return [
    `${inner.join('.')} ${formatValue(path, before, currency)} → ${formatValue(path, after, currency)}`.trim(),
  ];
}

/** A value as text for people. `path` tells the unit of a number, `currency` the decimals of an amount. */
export function formatValue(path: string, value: unknown, currency = ''): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'number') return FORMATS[path]?.(value, currency) ?? String(value);
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return Object.keys(value).length === 0 ? 'none' : formatMapping(path, value);
  return value.length === 0 ? 'none' : value.map((item) => formatValue(path, item)).join(', ');
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `{id, when, weight}` reads as `id if when × weight`; any other mapping by its keys. */
function formatMapping(path: string, value: object): string {
  const { id, when, weight, ...rest } = value as Record<string, unknown>;
  const parts = [id ?? [], when === undefined ? [] : `if ${when}`, weight === undefined ? [] : `× ${weight}`];
  const others = Object.entries(rest).map(([key, inner]) => `${key} ${formatValue(`${path}.${key}`, inner)}`);
  return [...parts.flat(), others.join(', ')].filter((part) => part !== '').join(' ');
}
