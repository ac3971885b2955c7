import { type Order, spentOn } from '../../domain/commerce.ts';
import { DAY, type Instant } from '../../domain/time.ts';
import { KEPT_TOUCHES } from '../../domain/touch.ts';
import { type ScoresWanted, scoringOf } from '../scores.ts';
import { advocacyOf } from './advocacy.ts';
import type { AreaAmount } from './areas.ts';
import {
  type Thermometer,
  type ThermometerInput,
  thermometer,
  thermometerSettingsOf,
} from './thermometer.ts';
import type { CustomerHistory } from './types.ts';

/** Change is told over so long. */
export const CHANGE_OVER = 30 * DAY;

/**
 * The customer's thermometer, its change in thirty days and its areas; null before the first night. `serviceCost`: what
 * deliveries and tasks have cost, minor units.
 */
export function customerValue(wanted: ScoresWanted, serviceCost: number): Thermometer | null {
  const { history, fitted, zone, now } = scoringOf(wanted);
  if (fitted === null) return null;
  const { profile } = wanted.facts;
  const { worth } = wanted.bundle.workspace;
  const settings = thermometerSettingsOf(worth);
  const at = (then: Instant): Omit<ThermometerInput, 'before' | 'history'> => ({
    fitted,
    advocacy: advocacyOf(profile, then),
    areas: [],
    now: then,
    zone,
    settings,
  });
  const before = thermometer({
    ...at(now - CHANGE_OVER),
    history: asOf(history, now - CHANGE_OVER),
    before: null,
  });
  const areas = areasOf(profile.orders, history, { ...worth, currency: fitted.currency, serviceCost });
  return thermometer({ ...at(now), history, areas, before: before.value });
}

/**
 * The history as it was. Where the touches of then have made way for newer ones, today's stand for them: what nobody
 * knows any more is no change.
 */
function asOf(history: CustomerHistory, then: Instant): CustomerHistory {
  const { touches } = history;
  const oldest = touches[0]?.at ?? then;
  if (touches.length < KEPT_TOUCHES || oldest <= then - CHANGE_OVER) return history;
  return { ...history, touches: touches.map((touch) => ({ ...touch, at: touch.at - CHANGE_OVER })) };
}

/** What each order has earned, by what it was and where it was bought; and what service has cost. */
function areasOf(
  orders: readonly Order[],
  { earlier }: CustomerHistory,
  { margin, currency, serviceCost }: { margin: number; currency: string; serviceCost: number },
): AreaAmount[] {
  const areas: AreaAmount[] = [];
  const add = (kind: AreaAmount['kind'], name: string, amount: number) => {
    if (amount !== 0) areas.push({ kind, name, amount: amount * margin });
  };
  for (const order of orders) {
    if (order.currency !== currency) continue;
    const total = spentOn(order);
    const named = total === 0 ? [] : (order.categories ?? []);
    for (const { name, amount } of named) add('category', name, amount);
    add('category', OTHER, total - named.reduce((sum, { amount }) => sum + amount, 0));
    add('channel', order.channel ?? OTHER, total);
  }
  for (const kind of ['category', 'channel'] as const) add(kind, OTHER, earlier?.amount ?? 0);
  if (serviceCost > 0) areas.push({ kind: 'service', name: 'service', amount: serviceCost });
  return areas;
}

/** Whatever has no name of its own. */
const OTHER = 'other';
