import { ORDER_EVENTS, settleOrder } from '../../domain/customer/order-account.ts';
import { readFactId } from '../../domain/fact-id.ts';
import type { Instant } from '../../domain/time/time.ts';
import { readNumber } from '../../domain/values/read-number.ts';
import { collectOrders, type OrderHistory } from '../order-accounts.ts';
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
  /** Another name for the amount of a refund. */
  amount?: unknown;
  currency: unknown;
  /** Products, state and id of a refund, for the sums of the order. */
  products?: unknown;
  status?: unknown;
  refundId?: unknown;
  returnId?: unknown;
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
  foreign: { at: Instant }[];
}

const PURCHASE_EVENT = 'Order Completed';
/** Events that are recommendations. A survey counts, too, with a promoter's score. */
const ADVOCACY_EVENTS = ['Product Reviewed', 'Product Shared', 'Friend Referred'];
const SURVEY_EVENT = 'Survey Answered';
const PROMOTER = 9;

/** Names of the events that {@link summarizeKpiEvents} reads. */
export const KPI_EVENT_NAMES = [...ORDER_EVENTS, ...ADVOCACY_EVENTS, SURVEY_EVENT];

export const NO_KPIS: CustomerKpis = { purchases: [], advocacy: [], foreignPurchases: 0, foreign: [] };

/**
 * Summarises a customer's events. An order counts once, with what was kept of it, and doesn't count if all of it was given
 * back or if it was cancelled, as in the profile. The result doesn't depend on the order of the events. Amounts in minor
 * units.
 * @param currency the workspace's currency; it applies to events without one
 */
export function summarizeKpiEvents(events: readonly KpiEvent[], currency: string): CustomerKpis {
  const kept = listOrders(events, currency).flatMap(({ orderedAt: at, account }) => {
    const settled = settleOrder(account, currency);
    // The rest of an order is unknown if its total is unknown and a part was given back.
    const isUnknown = settled.total === null && account.parts.length > 0;
    return at === null || isUnknown || settled.status !== 'paid' ? [] : [{ at, ...settled }];
  });
  const inCurrency = kept.filter((order) => order.currency === currency);
  return {
    purchases: inCurrency.map(({ at, kept: amount }) => ({ at, amount })).sort((a, b) => a.at - b.at),
    advocacy: events.filter(isRecommendation).map(({ at }) => at),
    foreignPurchases: kept.length - inCurrency.length,
    foreign: kept.filter((order) => order.currency !== currency).map(({ at }) => ({ at })),
  };
}

/** When each of the customer's orders had been given back as a whole, if it was. A part of an order is not the order. */
export function listWholeReturns(events: readonly KpiEvent[], currency: string): Instant[] {
  const unnamed = events.filter(
    ({ name, orderId }) => name === 'Order Refunded' && readFactId(orderId) === undefined,
  );
  const returned = listOrders(events, currency).flatMap(({ orderedAt, account }) => {
    // The order itself is unknown, so there is no whole that this could be a part of.
    if (orderedAt === null) return account.parts[0]?.at ?? [];
    const { status, returnedAt } = settleOrder(account, currency);
    return status !== 'refunded' || returnedAt === null ? [] : [returnedAt];
  });
  return [...unnamed.map(({ at }) => at), ...returned];
}

/** The customer's orders. A purchase without an order id is an order of its own. */
function listOrders(events: readonly KpiEvent[], currency: string): OrderHistory[] {
  const sorted = [...events].sort((a, b) => a.at - b.at);
  const keyed = sorted.flatMap((event, i) => {
    const id = readFactId(event.orderId);
    if (id === undefined && event.name !== PURCHASE_EVENT) return [];
    return [{ key: id === undefined ? `#${i}` : `=${id}`, event: toOrderEvent(event) }];
  });
  return [...collectOrders(keyed, currency).values()];
}

function toOrderEvent({ name, at, refundId, returnId, ...properties }: KpiEvent) {
  return { name, at, properties: { ...properties, refund_id: refundId, return_id: returnId } };
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
