import { computeSpend, type Order } from '../../domain/customer/commerce.ts';
import { KEPT_TOUCHES } from '../../domain/customer/touch.ts';
import { DAY, type Instant } from '../../domain/time/time.ts';
import { countAdvocacy } from './advocacy.ts';
import { buildScoringInput, type ScoresRequest } from './compute-scores.ts';
import {
  buildThermometerSettings,
  measureThermometer,
  type Thermometer,
  type ThermometerInput,
} from './thermometer.ts';
import type { CustomerHistory } from './types.ts';
import type { ValueAreaAmount } from './value-areas.ts';

/** The thermometer's change is measured over this period. */
const CHANGE_PERIOD = 30 * DAY;

/**
 * Computes a customer's thermometer with its change in thirty days and its areas. Null before the first nightly fit.
 * @param serviceCost cost of deliveries and tasks, minor units
 */
export function computeThermometer(request: ScoresRequest, serviceCost: number): Thermometer | null {
  const { history, fitted, zone, now } = buildScoringInput(request);
  if (fitted === null) return null;
  const { profile } = request.facts;
  const { worth } = request.bundle.workspace;
  const settings = buildThermometerSettings(worth);
  const at = (then: Instant): Omit<ThermometerInput, 'before' | 'history'> => ({
    fitted,
    advocacy: countAdvocacy(profile, then),
    areas: [],
    now: then,
    zone,
    settings,
  });
  const before = measureThermometer({
    ...at(now - CHANGE_PERIOD),
    history: asOf(history, now - CHANGE_PERIOD),
    before: null,
  });
  const areas = listAreas(profile.orders, history, { ...worth, currency: fitted.currency, serviceCost });
  return measureThermometer({ ...at(now), history, areas, before: before.value });
}

/**
 * The history as of `then`. If the touches of that time are no longer stored, today's are shifted back to it, so that
 * missing data doesn't count as a change.
 */
function asOf(history: CustomerHistory, then: Instant): CustomerHistory {
  const { touches } = history;
  const oldest = touches[0]?.at ?? then;
  if (touches.length < KEPT_TOUCHES || oldest <= then - CHANGE_PERIOD) return history;
  return { ...history, touches: touches.map((touch) => ({ ...touch, at: touch.at - CHANGE_PERIOD })) };
}

/** Lists what each order earned, by category and by channel, and what service cost. */
function listAreas(
  orders: readonly Order[],
  { earlier }: CustomerHistory,
  { margin, currency, serviceCost }: { margin: number; currency: string; serviceCost: number },
): ValueAreaAmount[] {
  const areas: ValueAreaAmount[] = [];
  const add = (kind: ValueAreaAmount['kind'], name: string, amount: number) => {
    if (amount !== 0) areas.push({ kind, name, amount: amount * margin });
  };
  for (const order of orders) {
    if (order.currency !== currency) continue;
    const total = computeSpend(order);
    const named = total === 0 ? [] : (order.categories ?? []);
    for (const { name, amount } of named) add('category', name, amount);
    add('category', OTHER, total - named.reduce((sum, { amount }) => sum + amount, 0));
    add('channel', order.channel ?? OTHER, total);
  }
  for (const kind of ['category', 'channel'] as const) add(kind, OTHER, earlier?.amount ?? 0);
  if (serviceCost > 0) areas.push({ kind: 'service', name: 'service', amount: serviceCost });
  return areas;
}

/** Area of amounts without a category or channel. */
const OTHER = 'other';
