import { minor } from '../../domain/commerce.ts';
import { TAKEN_BACK, textOf } from '../../domain/event.ts';
import type { Instant } from '../../domain/time.ts';
import type { CohortRow } from './cohort-report.ts';
import type { Member } from './headline.ts';

/** An event of the log, as far as reports read it. Properties as they were sent. */
export interface DeedEvent {
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
export interface Deeds {
  purchases: { at: Instant; amount: number }[];
  advocacy: Instant[];
  /** Purchases in other currencies: they can't be added up. */
  foreign: number;
}

const BOUGHT = 'Order Completed';
/** What shows that somebody recommends; and a survey that says so. */
const ADVOCACY = ['Product Reviewed', 'Product Shared', 'Friend Referred'];
const SURVEY = 'Survey Answered';
const PROMOTER = 9;

/** Names of the events that {@link deedsOf} reads. */
export const DEEDS = [BOUGHT, ...TAKEN_BACK, ...ADVOCACY, SURVEY];

export const NO_DEEDS: Deeds = { purchases: [], advocacy: [], foreign: 0 };

/**
 * What a customer's events come to. An order counts once, whatever was sent twice, and not at all once it was refunded
 * or cancelled, as the profile has it; the order of the events changes nothing. Minor units.
 * @param currency the workspace's: it holds where an event names none
 */
export function deedsOf(events: readonly DeedEvent[], currency: string): Deeds {
  const undone = new Set(
    events.filter(({ name }) => TAKEN_BACK.includes(name)).flatMap(({ orderId }) => textOf(orderId) ?? []),
  );
  const orders = new Map<string, DeedEvent>();
  const bought = events.filter(({ name }) => name === BOUGHT);
  bought.forEach((event, i) => {
    const id = textOf(event.orderId);
    if (id !== undefined && undone.has(id)) return;
    const key = id === undefined ? `#${i}` : `=${id}`;
    const known = orders.get(key);
    if (!known || event.at < known.at) orders.set(key, event);
  });
  const kept = [...orders.values()].sort((a, b) => a.at - b.at);
  const own = kept.filter((order) => (textOf(order.currency) ?? currency) === currency);
  return {
    purchases: own.map((order) => ({
      at: order.at,
      amount: minor(order.total ?? order.revenue ?? order.value) ?? 0,
    })),
    advocacy: events.filter(recommends).map(({ at }) => at),
    foreign: kept.length - own.length,
  };
}

function recommends({ name, kind, score }: DeedEvent): boolean {
  if (name === SURVEY) return kind === 'nps' && typeof score === 'number' && score >= PROMOTER;
  return ADVOCACY.includes(name);
}

/**
 * What a member of an experiment was worth from `from` to before `to`. Loyal: bought then, and had bought before, or
 * bought twice.
 * @param margin share of an order's amount that is earned
 */
export function worthOf(
  member: Member & { cohort: string },
  { purchases, advocacy }: Deeds,
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
