import type { EnrollmentContext } from '../../domain/candidate.ts';
import type { Cart, Order } from '../../domain/customer/commerce.ts';
import type { EventTypes } from '../../domain/definition/event-types.ts';
import { readCartItems, readProperties } from '../../domain/event-properties.ts';
import type { ExpressionScope } from '../../domain/facts.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { DAY, MINUTE, toDate } from '../../domain/time/time.ts';
import { localDay, minuteOfDay, type Zone } from '../../domain/time/zone.ts';
import { dropNulls } from '../../domain/values/drop-nulls.ts';
import { toDecimal } from '../../domain/values/money.ts';

/**
 * What conditions can read of the facts. Each class is a registered CEL type with a fixed list of fields. So a wrong
 * field is an error when a bundle is compiled, and a condition can reach nothing else: no prototype, no method. Fields
 * are getters, so that only what a condition reads is built. `undefined` reads as a missing key, and so
 * does null.
 */
export class EventView {
  readonly #event: ExpressionScope['event'];
  readonly #types: EventTypes | undefined;
  constructor(event: ExpressionScope['event'], types?: EventTypes) {
    this.#event = event;
    this.#types = types;
  }
  get name() {
    return this.#event?.name;
  }
  get at() {
    return instant(this.#event?.at);
  }
  get properties() {
    return this.#event ? readProperties(this.#event, this.#types) : undefined;
  }
}

export class CartView {
  readonly #cart: Cart | null;
  #items: unknown[] | undefined;
  constructor(cart: Cart | null) {
    this.#cart = cart;
  }
  get id() {
    return this.#cart?.id ?? undefined;
  }
  get total() {
    return decimal(this.#cart?.total, this.#cart?.currency);
  }
  get currency() {
    return this.#cart?.currency;
  }
  get items() {
    if (this.#cart) this.#items ??= readCartItems(this.#cart.items);
    return this.#items;
  }
  get at() {
    return instant(this.#cart?.at);
  }
}

export class OrderView {
  readonly #order: Order;
  constructor(order: Order) {
    this.#order = order;
  }
  get id() {
    return this.#order.id;
  }
  get status() {
    return this.#order.status;
  }
  get total() {
    return decimal(this.#order.total, this.#order.currency);
  }
  /** What was given back of the total. */
  get refunded() {
    return decimal(this.#order.refunded ?? 0, this.#order.currency);
  }
  get currency() {
    return this.#order.currency;
  }
  get at() {
    return instant(this.#order.at);
  }
  get problem() {
    return this.#order.problem ?? undefined;
  }
  /** Ids of the products. An order that is only known from a failed payment has none. */
  get products() {
    return this.#order.products ?? [];
  }
}

export class TicketView {
  readonly #ticket: Ticket;
  constructor(ticket: Ticket) {
    this.#ticket = ticket;
  }
  get id() {
    return this.#ticket.id;
  }
  get source() {
    return this.#ticket.source;
  }
  get severity() {
    return this.#ticket.severity;
  }
  get product() {
    return this.#ticket.product ?? undefined;
  }
  get subject() {
    return this.#ticket.subject;
  }
  get since() {
    return instant(this.#ticket.openedAt);
  }
}

export class SuppressedView {
  readonly marketing: boolean;
  readonly service: boolean;
  constructor({ marketing, service }: ExpressionScope['suppressed']) {
    this.marketing = marketing;
    this.service = service;
  }
}

export class EnrollmentView {
  readonly #enrollment: EnrollmentContext | null;
  #vars: Record<string, unknown> | undefined;
  constructor(enrollment: EnrollmentContext | null) {
    this.#enrollment = enrollment;
  }
  get id() {
    return this.#enrollment?.id;
  }
  get key() {
    return this.#enrollment?.key ?? undefined;
  }
  get enteredAt() {
    return instant(this.#enrollment?.enteredAt);
  }
  get vars() {
    this.#vars ??= dropNulls(this.#enrollment?.vars);
    return this.#vars;
  }
}

/** An instant on the customer's clock and calendar. cel-js represents CEL's int as `bigint`. */
export class LocalView {
  readonly #reading: Date;
  constructor(at: Date, zone: Zone) {
    const day = localDay(zone, at.getTime());
    this.#reading = toDate(day * DAY + minuteOfDay(zone, at.getTime()) * MINUTE);
  }
  get year() {
    return BigInt(this.#reading.getUTCFullYear());
  }
  get month() {
    return BigInt(this.#reading.getUTCMonth() + 1);
  }
  get day() {
    return BigInt(this.#reading.getUTCDate());
  }
  get hour() {
    return BigInt(this.#reading.getUTCHours());
  }
  get minute() {
    return BigInt(this.#reading.getUTCMinutes());
  }
  /** 0 is Sunday. */
  get weekday() {
    return BigInt(this.#reading.getUTCDay());
  }
  get date() {
    return this.#reading.toISOString().slice(0, 10);
  }
}

function instant(at: number | undefined): Date | undefined {
  return at === undefined ? undefined : toDate(at);
}

/** Facts store minor units, so that sums are exact. Conditions and events use decimal amounts. */
function decimal(minor: number | null | undefined, currency = ''): number | undefined {
  return minor === null || minor === undefined ? undefined : toDecimal(minor, currency);
}
