import {
  type AttributeRead,
  dataUseOf,
  readAccountTraits,
  readTraits,
} from '../../domain/customer/attribute.ts';
import type { Bundle } from '../../domain/definition.ts';
import { readCartItems, readProperties } from '../../domain/event-properties.ts';
import { type Instant, iso } from '../../domain/time/time.ts';
import { toDecimal } from '../../domain/values/money.ts';
import type { MessageDelivery, MessageFacts } from './message-delivery.ts';
import type { MessageLinks } from './message-links.ts';

/** What the data of templates is read from. */
export interface TemplateInput {
  row: MessageDelivery;
  facts: MessageFacts;
  bundle: Bundle;
  links: MessageLinks | null;
  /** Null: the workspace has no catalogue. */
  catalogueUrl: string | null;
  now: Instant;
}

/** Builds the data that templates can read. Of the customer's attributes only those permitted for the action (C-2). */
export function buildTemplateData({
  row,
  facts,
  bundle,
  links,
  catalogueUrl,
  now,
}: TemplateInput): Record<string, unknown> {
  const { profile, tickets, account } = facts;
  const use = dataUseOf(row);
  const open = tickets.filter((ticket) => ticket.status === 'open' && ticket.ownerId === null);
  return {
    traits: readValues(readTraits(facts, use, now)),
    account: account && { ...readValues(readAccountTraits(facts, use, now)), id: account.id },
    event: { name: row.entry.name, properties: readProperties(row.entry, facts.eventTypes) },
    cart: profile.cart && {
      ...profile.cart,
      items: readCartItems(profile.cart.items),
      total: toDecimalOrNull(profile.cart),
    },
    orders: profile.orders.map((order) => ({
      ...order,
      total: toDecimalOrNull(order),
      refunded: toDecimal(order.refunded ?? 0, order.currency),
    })),
    tickets: open.map(({ id, subject, severity }) => ({ id, subject, severity })),
    coupon: readCoupon(row, facts),
    workspace: readWorkspace(bundle),
    delivery: { id: row.id },
    ...(links ? { unsubscribe_url: links.unsubscribe, preferences_url: links.preferences } : {}),
    ...(catalogueUrl === null ? {} : { catalogue_url: catalogueUrl }),
  };
}

function readWorkspace({ workspace: { id, name, currency, timezone } }: Bundle): Record<string, unknown> {
  return { id, name, currency, timezone };
}

/** Reads the coupon that this message carries, or null. */
function readCoupon(
  { couponId }: MessageDelivery,
  { coupons }: MessageFacts,
): Record<string, unknown> | null {
  const coupon = couponId === null ? undefined : coupons?.find(({ id }) => id === couponId);
  if (!coupon) return null;
  const { code, percent, expiresAt } = coupon;
  return { code, percent, expiresAt: iso(expiresAt) };
}

function readValues(reads: Map<string, AttributeRead>): Record<string, unknown> {
  return Object.fromEntries([...reads].map(([name, { value }]) => [name, value]));
}

/** Converts minor units to the decimal number that templates print. */
function toDecimalOrNull({ total, currency }: { total: number | null; currency: string }): number | null {
  return total === null ? null : toDecimal(total, currency);
}
