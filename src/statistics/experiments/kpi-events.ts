import { toMinorUnits } from '../../domain/customer/commerce.ts';
import { ORDER_REVERSALS, toText } from '../../domain/event.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { CohortRow } from './cohort-report.ts';
import type { ExperimentMember } from './headline.ts';

/** An event of the log, as far as reports read it. Properties as they were sent. */
export interface KpiEvent {
  name: string;
  at: Instant;
  orderId: unknown;
  /** The first of these that is there is what the order came to; decimal, numbers or text. */
  total: unknown;
  revenue: unknown;
  value: unknown;
  currency: unknown;
  /** Of a survey. */
  kind: unknown;
  score: unknown;
}

/** What one customer bought and recommended. */
export interface CustomerKpis {
  purchases: { at: Instant; amount: number }[];
  advocacy: Instant[];
  /** Purchases in other currencies: they can't be added up. */
  foreignPurchases: number;
}

const BOUGHT = 'Order Completed';
/** What shows that somebody recommends; and a survey that says so. */
const ADVOCACY = ['Product Reviewed', 'Product Shared', 'Friend Referred'];
const SURVEY = 'Survey Answered';
const PROMOTER = 9;

/** Names of the events that {@link summarizeKpiEvents} reads. */
export const KPI_EVENT_NAMES = [BOUGHT, ...ORDER_REVERSALS, ...ADVOCACY, SURVEY];

export const NO_KPIS: CustomerKpis = { purchases: [], advocacy: [], foreignPurchases: 0 };

/**
 * What a customer's events come to. An order counts once, whatever was sent twice, and not at all once it was refunded
 * or cancelled, as the profile has it; the order of the events changes nothing. Minor units.
 * @param currency the workspace's: it holds where an event names none
 */
export function summarizeKpiEvents(events: readonly KpiEvent[], currency: string): CustomerKpis {
  const undone = new Set(
    events
      .filter(({ name }) => ORDER_REVERSALS.includes(name))
      .flatMap(({ orderId }) => toText(orderId) ?? []),
  );
  const orders = new Map<string, KpiEvent>();
  const bought = events.filter(({ name }) => name === BOUGHT);
  bought.forEach((event, i) => {
    const id = toText(event.orderId);
    if (id !== undefined && undone.has(id)) return;
    const key = id === undefined ? `#${i}` : `=${id}`;
    const known = orders.get(key);
    if (!known || event.at < known.at) orders.set(key, event);
  });
  const kept = [...orders.values()].sort((a, b) => a.at - b.at);
  const own = kept.filter((order) => (toText(order.currency) ?? currency) === currency);
  return {
    purchases: own.map((order) => ({
      at: order.at,
      amount: toMinorUnits(order.total ?? order.revenue ?? order.value) ?? 0,
    })),
    advocacy: events.filter(recommends).map(({ at }) => at),
    foreignPurchases: kept.length - own.length,
  };
}

function recommends({ name, kind, score }: KpiEvent): boolean {
  if (name === SURVEY) return kind === 'nps' && typeof score === 'number' && score >= PROMOTER;
  return ADVOCACY.includes(name);
}

/**
 * What a member of an experiment was worth from `from` to before `to`. Loyal: bought then, and had bought before, or
 * bought twice.
 * @param margin share of an order's amount that is earned
 */
export function buildCohortRow(
  member: ExperimentMember & { cohort: string },
  { purchases, advocacy }: CustomerKpis,
  { from, to }: { from: Instant; to: Instant },
  margin: number,
): CohortRow {
  const within = (at: Instant) => at >= from && at < to;
  const bought = purchases.filter(({ at }) => within(at));
  const before = purchases.some(({ at }) => at < from);
  const { customer, arm, excluded, cohort } = member;
  return {
    customer,
    arm,
    excluded,
    cohort,
    purchases: bought.length,
    loyal: bought.length > 1 || (bought.length === 1 && before),
    advocate: advocacy.some(within),
    value: margin * bought.reduce((sum, { amount }) => sum + amount, 0),
  };
}
