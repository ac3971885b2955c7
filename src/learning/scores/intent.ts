import { compareTouches, type Touch } from '../../domain/customer/touch.ts';
import { DAY, HOUR, type Instant, type Millis } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { computeFading } from './engagement.ts';
import type { CustomerHistory, Purchase, Score, ScoreReason } from './types.ts';

export interface IntentSettings {
  halfLife: Millis;
  /** Probability of a purchase soon after this touch. `repeat_view`: each view of a product after the first. */
  weights: Record<string, number>;
}

/** Assumed, not fitted. */
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

/** Category of touches without one. */
const ANY_CATEGORY = '*';
const REASONS = 5;
/** Touches that are older than this many half-lives have lost 99.9 % of their weight, and are skipped. */
const MAX_HALF_LIVES = 10;

export interface IntentScore extends Score {
  /** The score by category, the highest first; `*` stands for touches without a category. */
  categories: { category: string; value: number }[];
}

interface Signal {
  name: string;
  category: string;
  age: Millis;
  probability: number;
}

/**
 * Computes the probability that the customer is about to buy, as a noisy-or of independent signals:
 * 1 − Π (1 − w·2^(−age / halfLife)). A purchase ends the earlier signals of its own categories (a purchase without a
 * category ends the signals without one); other signals stay. The result doesn't depend on the order of the touches.
 */
export function explainIntent(
  { touches, purchases }: Pick<CustomerHistory, 'touches' | 'purchases'>,
  now: Instant,
  settings: IntentSettings = DEFAULT_INTENT,
): IntentScore {
  const signals = listSignals(touches, findLastPurchases(purchases, now), now, settings);
  const byCategory = new Map<string, number>();
  let none = 1;
  for (const { category, probability } of signals) {
    none *= 1 - probability;
    byCategory.set(category, (byCategory.get(category) ?? 1) * (1 - probability));
  }
  const categories = [...byCategory]
    .map(([category, left]) => ({ category, value: 1 - left }))
    .sort((a, b) => b.value - a.value || (a.category < b.category ? -1 : 1));
  return { value: 1 - none, categories, because: listReasons(signals, 1 - none) };
}

/** Computes the intent score without its reasons. */
export function computeIntentValue(
  { touches, purchases }: Pick<CustomerHistory, 'touches' | 'purchases'>,
  now: Instant,
  settings: IntentSettings = DEFAULT_INTENT,
): number {
  if (touches.length === 0) return 0;
  let none = 1;
  for (const { probability } of listSignals(touches, findLastPurchases(purchases, now), now, settings))
    none *= 1 - probability;
  return 1 - none;
}

/** The last purchase of each category; `*` stands for purchases without a category. */
function findLastPurchases(purchases: readonly Purchase[], now: Instant): Map<string, Instant> {
  const last = new Map<string, Instant>();
  for (const { at, categories } of purchases) {
    if (at > now) continue;
    for (const category of categories.length > 0 ? categories : [ANY_CATEGORY])
      last.set(category, Math.max(last.get(category) ?? at, at));
  }
  return last;
}

function listSignals(
  touches: readonly Touch[],
  lastPurchases: Map<string, Instant>,
  now: Instant,
  { halfLife, weights }: IntentSettings,
): Signal[] {
  const viewed = new Set<string>();
  const signals: Signal[] = [];
  const recent = touches.filter(
    ({ at, machine }) => !machine && at <= now && at >= now - MAX_HALF_LIVES * halfLife,
  );
  for (const touch of recent.sort(compareTouches)) {
    const category = touch.category ?? ANY_CATEGORY;
    if (touch.at <= (lastPurchases.get(category) ?? -Infinity)) continue;
    const name = nameSignal(touch, viewed);
    const age = now - touch.at;
    const probability =
      Math.min(0.99, Math.max(0, getOwn(weights, name) ?? 0)) * computeFading(age, halfLife);
    if (probability > 0) signals.push({ name, category, age, probability });
  }
  return signals;
}

/** Names the signal of a touch; adds a product that is viewed for the first time to `viewed`. */
function nameSignal({ kind, item }: Touch, viewed: Set<string>): string {
  if (kind !== 'view' || item === undefined) return kind;
  if (viewed.has(item)) return 'repeat_view';
  viewed.add(item);
  return kind;
}

/** The strongest signals; each adds a part of the value in proportion to its probability. */
function listReasons(signals: readonly Signal[], value: number): ScoreReason[] {
  const sum = signals.reduce((total, { probability }) => total + probability, 0);
  return [...signals]
    .sort((a, b) => b.probability - a.probability)
    .slice(0, REASONS)
    .map(({ name, category, age, probability }) => ({
      name: category === ANY_CATEGORY ? name : `${name} ${category}`,
      observed: `${Math.floor(age / HOUR)} h ago`,
      adds: (value * probability) / sum,
    }));
}
