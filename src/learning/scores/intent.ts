import { compareTouches, type Touch } from '../../domain/customer/touch.ts';
import { DAY, HOUR, type Instant, type Millis } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { computeFading } from './engagement.ts';
import type { CustomerHistory, Purchase, Score, ScoreReason } from './types.ts';

export interface IntentSettings {
  halfLife: Millis;
  /** Chance that who did just this buys soon. `repeat_view`: each view of a product after the first. */
  weights: Record<string, number>;
}

/** Until a fit from the history replaces them. */
export const DEFAULT_INTENT: IntentSettings = {
  halfLife: 2 * DAY,
  weights: {
    view: 0.05,
    search: 0.08,
    repeat_view: 0.12,
    wish: 0.12,
    cart_view: 0.2,
    cart: 0.35,
    checkout: 0.5,
    payment_error: 0.6,
  },
};

/** Touches whose category isn't known. */
const ANY_CATEGORY = '*';
const REASONS = 5;
/** Older touches have less than a thousandth of their weight. */
const HALVES = 10;

export interface IntentScore extends Score {
  /** The same by category, the strongest first; `*` where it isn't known. */
  categories: { category: string; value: number }[];
}

interface Signal {
  name: string;
  category: string;
  age: Millis;
  chance: number;
}

/**
 * Chance that the customer is about to buy: 1 − Π (1 − w·2^(−age/half)), as if each sign were independent. A purchase
 * ends what came before it in its own categories (one of unknown category ends what is unknown); interest in
 * something else stays. The order of the touches changes nothing.
 */
export function explainIntent(
  { touches, purchases }: Pick<CustomerHistory, 'touches' | 'purchases'>,
  now: Instant,
  settings: IntentSettings = DEFAULT_INTENT,
): IntentScore {
  const signals = signalsOf(touches, boughtAt(purchases, now), now, settings);
  const byCategory = new Map<string, number>();
  let none = 1;
  for (const { category, chance } of signals) {
    none *= 1 - chance;
    byCategory.set(category, (byCategory.get(category) ?? 1) * (1 - chance));
  }
  const categories = [...byCategory]
    .map(([category, left]) => ({ category, value: 1 - left }))
    .sort((a, b) => b.value - a.value || (a.category < b.category ? -1 : 1));
  return { value: 1 - none, categories, because: reasons(signals, 1 - none) };
}

/** The score alone, without its reasons. */
export function computeIntentValue(
  { touches, purchases }: Pick<CustomerHistory, 'touches' | 'purchases'>,
  now: Instant,
  settings: IntentSettings = DEFAULT_INTENT,
): number {
  if (touches.length === 0) return 0;
  let none = 1;
  for (const { chance } of signalsOf(touches, boughtAt(purchases, now), now, settings)) none *= 1 - chance;
  return 1 - none;
}

/** When each category was last bought; null: one of unknown category. */
function boughtAt(purchases: readonly Purchase[], now: Instant): Map<string, Instant> {
  const last = new Map<string, Instant>();
  for (const { at, categories } of purchases) {
    if (at > now) continue;
    for (const category of categories.length > 0 ? categories : [ANY_CATEGORY])
      last.set(category, Math.max(last.get(category) ?? at, at));
  }
  return last;
}

function signalsOf(
  touches: readonly Touch[],
  bought: Map<string, Instant>,
  now: Instant,
  { halfLife: half, weights }: IntentSettings,
): Signal[] {
  const seen = new Set<string>();
  const signals: Signal[] = [];
  const recent = touches.filter(({ at, machine }) => !machine && at <= now && at >= now - HALVES * half);
  for (const touch of recent.sort(compareTouches)) {
    const category = touch.category ?? ANY_CATEGORY;
    if (touch.at <= (bought.get(category) ?? -Infinity)) continue;
    const name = nameOf(touch, seen);
    const age = now - touch.at;
    const chance = Math.min(0.99, Math.max(0, getOwn(weights, name) ?? 0)) * computeFading(age, half);
    if (chance > 0) signals.push({ name, category, age, chance });
  }
  return signals;
}

function nameOf({ kind, item }: Touch, seen: Set<string>): string {
  if (kind !== 'view' || item === undefined) return kind;
  if (seen.has(item)) return 'repeat_view';
  seen.add(item);
  return kind;
}

/** The strongest signs; each adds its part of the value, in proportion to its chance. */
function reasons(signals: readonly Signal[], value: number): ScoreReason[] {
  const sum = signals.reduce((total, { chance }) => total + chance, 0);
  return [...signals]
    .sort((a, b) => b.chance - a.chance)
    .slice(0, REASONS)
    .map(({ name, category, age, chance }) => ({
      name: category === ANY_CATEGORY ? name : `${name} ${category}`,
      observed: `${Math.floor(age / HOUR)} h ago`,
      adds: (value * chance) / sum,
    }));
}
