import { ORDER_REVERSALS, toText } from '../../domain/event.ts';
import type { Instant } from '../../domain/time/time.ts';
import { ORDER_AMOUNTS, readAmount } from '../../domain/values/money.ts';
import { readNumber } from '../../domain/values/read-number.ts';
import type { CohortRow } from './cohort-report.ts';
import type { ExperimentMember } from './headline.ts';

/** The part of a log event that value reports read. Properties are unchecked, as the sender wrote them. */
export interface KpiEvent {
  name: string;
  at: Instant;
  orderId: unknown;
  /** The first of `total`, `revenue` and `value` that can be read is the amount of the order, as a decimal number or text. */
  total: unknown;
  revenue: unknown;
  value: unknown;
  currency: unknown;
  /** Kind and score of a survey. */
  kind: unknown;
  score: unknown;
}

/** The purchases and recommendations of one customer. */
export interface CustomerKpis {
  purchases: { at: Instant; amount: number }[];
  advocacy: Instant[];
  /** Number of purchases in other currencies, which can't be added up. */
  foreignPurchases: number;
}

const PURCHASE_EVENT = 'Order Completed';
/** Events that are recommendations. A survey counts, too, with a promoter's score. */
const ADVOCACY_EVENTS = ['Product Reviewed', 'Product Shared', 'Friend Referred'];
const SURVEY_EVENT = 'Survey Answered';
const PROMOTER = 9;

/** Names of the events that {@link summarizeKpiEvents} reads. */
export const KPI_EVENT_NAMES = [PURCHASE_EVENT, ...ORDER_REVERSALS, ...ADVOCACY_EVENTS, SURVEY_EVENT];

export const NO_KPIS: CustomerKpis = { purchases: [], advocacy: [], foreignPurchases: 0 };

/**
 * Summarises a customer's events. An order counts once, even if it was sent twice, and doesn't count if it was refunded
 * or cancelled, as in the profile. The result doesn't depend on the order of the events. Amounts in minor units.
 * @param currency the workspace's currency; it applies to events without one
 */
export function summarizeKpiEvents(events: readonly KpiEvent[], currency: string): CustomerKpis {
  const reversedOrders = new Set(
    events
      .filter(({ name }) => ORDER_REVERSALS.includes(name))
      .flatMap(({ orderId }) => toText(orderId) ?? []),
  );
  const orders = new Map<string, KpiEvent>();
  const purchased = events.filter(({ name }) => name === PURCHASE_EVENT);
  purchased.forEach((event, i) => {
    const id = toText(event.orderId);
    if (id !== undefined && reversedOrders.has(id)) return;
    const key = id === undefined ? `#${i}` : `=${id}`;
    const earlier = orders.get(key);
    if (!earlier || event.at < earlier.at) orders.set(key, event);
  });
  const kept = [...orders.values()].sort((a, b) => a.at - b.at);
  const inCurrency = kept.filter((order) => (toText(order.currency) ?? currency) === currency);
  return {
    purchases: inCurrency.map((order) => ({
      at: order.at,
      amount: readAmount({ ...order }, ORDER_AMOUNTS, currency) ?? 0,
    })),
    advocacy: events.filter(isRecommendation).map(({ at }) => at),
    foreignPurchases: kept.length - inCurrency.length,
  };
}

function isRecommendation({ name, kind, score }: KpiEvent): boolean {
  if (name === SURVEY_EVENT) return kind === 'nps' && (readNumber(score) ?? 0) >= PROMOTER;
  return ADVOCACY_EVENTS.includes(name);
}

/**
 * Builds the report row of an experiment's member for the period from `from` to before `to`. Loyal customers bought in the
 * period, and had bought before or bought twice.
 * @param margin profit as a share of an order's amount
 */
export function buildCohortRow(
  member: ExperimentMember & { cohort: string },
  { purchases, advocacy }: CustomerKpis,
  { from, to }: { from: Instant; to: Instant },
  margin: number,
): CohortRow {
  const within = (at: Instant) => at >= from && at < to;
  const purchased = purchases.filter(({ at }) => within(at));
  const before = purchases.some(({ at }) => at < from);
  const { customer, arm, excluded, cohort } = member;
  return {
    customer,
    arm,
    excluded,
    cohort,
    purchases: purchased.length,
    loyal: purchased.length > 1 || (purchased.length === 1 && before),
    advocate: advocacy.some(within),
    value: margin * purchased.reduce((sum, { amount }) => sum + amount, 0),
  };
}
