import { readOrderStatus } from '../../domain/customer/order-status.ts';
import { toText } from '../../domain/event.ts';
import { readTicketStatus } from '../../domain/ticket-status.ts';
import { iso } from '../../domain/time/time.ts';
import { isAbsent } from '../../domain/values/read-number.ts';
import type { Mapping } from './mapping.ts';
import { type Notation, readFileNumber, readFileTime } from './read-values.ts';
import { FieldReader, type Unit, type Values } from './unit.ts';

/** Why a row becomes nothing. */
export class RowProblem extends Error {}

/** Makes calls in Segment's form out of a unit. @throws RowProblem */
export type CallBuilder = (unit: Unit) => Values[];

export function createCallBuilder(mapping: Mapping, notation: Notation): CallBuilder {
  if (mapping.kind === 'calls') return ({ rows: [row = {}] }) => [pickCall(row)];
  const builder = new Builder(mapping, notation);
  switch (mapping.kind) {
    case 'orders':
      return (unit) => builder.order(unit);
    case 'customers':
      return (unit) => builder.customer(unit);
    case 'tickets':
      return (unit) => builder.ticket(unit);
    default:
      return (unit) => builder.event(unit);
  }
}

const CALL_FIELDS = [
  ...['type', 'event', 'name', 'userId', 'anonymousId', 'previousId', 'groupId', 'messageId'],
  ...['properties', 'traits', 'context', 'timestamp', 'originalTimestamp'],
];

/** A row that is a call already; what was flattened beside it is left out. */
function pickCall(row: Values): Values {
  return Object.fromEntries(
    CALL_FIELDS.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])),
  );
}

const TEXTS = ['currency', 'coupon', 'channel'] as const;
const AMOUNTS = ['discount', 'tax', 'shipping'] as const;

class Builder {
  private readonly fields: FieldReader;
  private readonly notation: Notation;

  constructor(mapping: Mapping, notation: Notation) {
    this.fields = new FieldReader(mapping);
    this.notation = notation;
  }

  order(unit: Unit): Values[] {
    const who = this.who(unit);
    const orderId = this.id(unit, 'order_id');
    const timestamp = this.time(unit, 'timestamp');
    const products = this.products(unit);
    const amounts = Object.fromEntries(AMOUNTS.map((field) => [field, this.amount(unit, field)]));
    const properties = dropAbsent({
      order_id: orderId,
      total: this.amount(unit, 'total') ?? sumProducts(products, amounts.shipping),
      ...amounts,
      ...Object.fromEntries(TEXTS.map((field) => [field, this.fields.one(unit, field)])),
      products: products.length > 0 ? products : undefined,
      ...this.fields.kept(unit),
    });
    const track = (event: string, at: unknown, more: Values) => ({
      type: 'track',
      event,
      timestamp: at,
      properties: more,
      ...who,
    });
    const calls: Values[] = [track('Order Completed', timestamp, properties)];
    const status = readOrderStatus(this.fields.one(unit, 'status'));
    const cancelledAt = this.optionalTime(unit, 'cancelled_at');
    const refunded = this.amount(unit, 'refunded');
    const refundedAt = this.optionalTime(unit, 'refunded_at') ?? timestamp;
    if (status === 'cancelled' || cancelledAt !== undefined)
      calls.push(track('Order Cancelled', cancelledAt ?? timestamp, { order_id: orderId }));
    else if (refunded !== undefined && refunded !== 0)
      calls.push(
        track(
          'Order Refunded',
          refundedAt,
          dropAbsent({ order_id: orderId, total: refunded, currency: properties.currency }),
        ),
      );
    else if (status === 'refunded') calls.push(track('Order Refunded', refundedAt, { order_id: orderId }));
    return calls;
  }

  customer(unit: Unit): Values[] {
    const { userId, anonymousId, context } = this.who(unit) as {
      userId?: unknown;
      anonymousId?: unknown;
      context: Values;
    };
    const names = ['birthday', 'locale', 'timezone', 'country', 'city'];
    const traits = {
      ...(context.traits as Values | undefined),
      ...dropAbsent(Object.fromEntries(names.map((field) => [field, this.fields.one(unit, field)]))),
      ...this.fields.kept(unit),
    };
    const { traits: _, ...rest } = context;
    const { undated } = this.notation;
    const timestamp =
      this.optionalTime(unit, 'timestamp') ?? (undated === undefined ? undefined : iso(undated));
    return [dropAbsent({ type: 'identify', userId, anonymousId, timestamp, traits, context: rest })];
  }

  ticket(unit: Unit): Values[] {
    const who = this.who(unit);
    const ticketId = this.id(unit, 'ticket_id');
    const opened = this.time(unit, 'timestamp');
    const closed = this.optionalTime(unit, 'closed_at');
    const status = this.fields.one(unit, 'status');
    const isClosed = closed !== undefined || readTicketStatus(status) === 'closed';
    const about = dropAbsent({
      ticket_id: ticketId,
      ...Object.fromEntries(
        ['subject', 'severity', 'product'].map((field) => [field, this.fields.one(unit, field)]),
      ),
      ...this.fields.kept(unit),
    });
    const calls: Values[] = [
      {
        type: 'track',
        event: 'Ticket Opened',
        timestamp: opened,
        properties: dropAbsent({ ...about, status: isClosed ? 'open' : status }),
        ...who,
      },
    ];
    if (isClosed)
      calls.push({
        type: 'track',
        event: 'Ticket Closed',
        timestamp: closed ?? opened,
        properties: dropAbsent({ ticket_id: ticketId, status }),
        ...who,
      });
    return calls;
  }

  event(unit: Unit): Values[] {
    const event = toText(this.fields.one(unit, 'event'));
    if (event === undefined) throw new RowProblem('names no event');
    const timestamp = this.time(unit, 'timestamp');
    return [{ type: 'track', event, timestamp, properties: this.fields.kept(unit), ...this.who(unit) }];
  }

  private who(unit: Unit): Values {
    const text = (field: string) => toText(this.fields.one(unit, field));
    const traits = dropAbsent(
      Object.fromEntries(
        ['email', 'phone', 'firstName', 'lastName', 'name'].map((field) => [field, text(field)]),
      ),
    );
    const externalIds = this.fields.named('ext:').flatMap((field) => {
      const id = text(field);
      return id === undefined ? [] : [{ type: field.slice('ext:'.length), id }];
    });
    const purposes = this.fields.named('consent:').flatMap((field) => {
      const word = this.fields.one(unit, field);
      return isAbsent(word) ? [] : [[field.slice('consent:'.length), word]];
    });
    return dropAbsent({
      userId: text('userId'),
      anonymousId: text('anonymousId'),
      context: {
        ...(externalIds.length > 0 ? { externalIds } : {}),
        ...(Object.keys(traits).length > 0 ? { traits } : {}),
        ...(purposes.length > 0 ? { consent: { categoryPreferences: Object.fromEntries(purposes) } } : {}),
      },
    });
  }

  private products(unit: Unit): Values[] {
    return this.fields.products(unit).flatMap((product) => {
      const line = dropAbsent({
        product_id: toText(product.product_id),
        sku: toText(product.sku),
        name: toText(product.product_name),
        category: toText(product.category),
        price: this.number('price', product.price),
        quantity: this.number('quantity', product.quantity) ?? 1,
      });
      return Object.keys(line).length > 1 ? [line] : [];
    });
  }

  private amount(unit: Unit, field: string): number | undefined {
    const values = this.fields.all(unit, field);
    const counted = this.fields.isJoined(unit, field) ? values : values.slice(0, 1);
    if (counted.length === 0) return undefined;
    return sum(counted.map((value) => this.number(field, value) ?? 0));
  }

  private number(field: string, value: unknown): number | undefined {
    if (isAbsent(value)) return undefined;
    const number = readFileNumber(value, this.notation);
    if (number === null)
      throw new RowProblem(`has ${field} ${quote(value)}, which is no plain number: see --decimal`);
    return number;
  }

  private id(unit: Unit, field: string): string {
    const id = toText(this.fields.one(unit, field));
    if (id === undefined) throw new RowProblem(`has no ${field}`);
    return id;
  }

  private time(unit: Unit, field: string): string {
    const time = this.optionalTime(unit, field);
    if (time === undefined) throw new RowProblem(`has no ${field}`);
    return time;
  }

  private optionalTime(unit: Unit, field: string): string | undefined {
    const value = this.fields.one(unit, field);
    if (isAbsent(value)) return undefined;
    const at = readFileTime(value, this.notation);
    if (at === undefined)
      throw new RowProblem(`has ${field} ${quote(value)}, which is no time: use ISO 8601, or see --dates`);
    return iso(at);
  }
}

/** What the products cost, with the shipping; undefined if a price is unknown. */
function sumProducts(products: Values[], shipping: unknown): number | undefined {
  if (products.length === 0 || products.some(({ price }) => price === undefined)) return undefined;
  const each = products.map(({ price, quantity }) => (price as number) * (quantity as number));
  return sum([...each, (shipping as number | undefined) ?? 0]);
}

/** Sums decimals without the errors of binary fractions. */
function sum(values: number[]): number {
  return values.reduce((total, value) => total + Math.round(value * 1e4), 0) / 1e4;
}

function dropAbsent(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isAbsent(value)));
}

function quote(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? 'nothing';
}
