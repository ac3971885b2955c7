import { describeVerdict } from './describe-verdict.ts';
import { type Message, message } from './message.ts';
import type { EventMessages } from './messages.ts';
import { listParam, type MoneyParam, type PartsParam, timeParam } from './param.ts';
import { readInstant, readNumber, readObject, readText, readTexts } from './read-value.ts';

/** The properties of an event, read as texts, times and lists. What has another form counts as absent. */
class EventReader {
  readonly #data: Record<string, unknown>;

  constructor(data: Record<string, unknown>) {
    this.#data = data;
  }

  text(...names: string[]): string | null {
    for (const name of names) {
      const text = readText(this.#data[name]);
      if (text !== null) return text;
    }
    return null;
  }

  flag = (name: string) => this.#data[name] === true;
  number = (name: string) => readNumber(this.#data[name]);
  time = (name: string) => timeParam(readInstant(this.#data[name]));
  list = (name: string) => listParam(readTexts(this.#data[name]));

  /** Without a currency, as it was sent. */
  amount(): MoneyParam | string | null {
    const money = this.text('total', 'value', 'revenue', 'amount');
    const currency = this.text('currency');
    return money === null || currency === null ? money : { money, currency };
  }

  products() {
    const { products } = this.#data;
    const items = Array.isArray(products) ? products.map(readObject) : [];
    return listParam(items.flatMap((item) => readText(item.product_id) ?? readText(item.name) ?? []));
  }

  /** The verdicts that a claim recorded: directly, or inside of its refusal. */
  verdicts(): PartsParam | null {
    const { verdict } = this.#data;
    const refusals = Array.isArray(verdict) ? verdict : readObject(verdict).refusals;
    if (!Array.isArray(refusals)) return null;
    const channel = this.text('channel');
    const parts = refusals.map(readObject).map(({ gate, code, rule, observed, needed }) =>
      describeVerdict(
        {
          gate: readText(gate) ?? '?',
          code: readText(code) ?? '',
          observed,
          needed,
          ...(typeof rule === 'string' ? { rule } : {}),
        },
        { channel },
      ),
    );
    return parts.length > 0 ? { parts } : null;
  }

  /** The names of the traits that it states. */
  traits() {
    return listParam(Object.keys(readObject(this.#data.traits)));
  }

  /** The first plain properties: `product_id espresso`. */
  details() {
    const plain = Object.entries(this.#data).flatMap(([name, value]) => {
      const text = typeof value === 'boolean' ? String(value) : readText(value);
      return text === null ? [] : [`${name} ${text}`];
    });
    return listParam(plain.slice(0, SHOWN_DETAILS));
  }
}

const SHOWN_DETAILS = 3;

type Describe<C extends keyof EventMessages> = (event: EventReader) => EventMessages[C];

const ticket = (e: EventReader) => e.text('ticket_id', 'ticketId');
const command = (e: EventReader) => ({ actor: e.text('actor'), reason: e.text('reason') });
const delivery = (e: EventReader) => ({ action: e.text('action'), channel: e.text('channel') });
const failure = (e: EventReader) => ({ ...delivery(e), error: e.text('error') });
const click = (e: EventReader) => ({ ...delivery(e), url: e.text('url') });
const outcome = (e: EventReader) => ({ action: e.text('action'), placement: e.text('placement') });
const task = (e: EventReader) => ({ action: e.text('action'), actor: e.text('actor') });
const segment = (e: EventReader) => ({ segment: e.text('segment') });

/** How each event with a meaning of its own is read. */
const EVENTS: { [C in Exclude<keyof EventMessages, 'event.other'>]: Describe<C> } = {
  'event.Ticket Opened': (e) => ({
    ticket: ticket(e),
    subject: e.text('subject'),
    severity: e.text('severity'),
  }),
  'event.Ticket Updated': (e) => ({
    ticket: ticket(e),
    status: e.text('status'),
    severity: e.text('severity'),
  }),
  'event.Ticket Closed': (e) => ({ ticket: ticket(e) }),
  'event.Ticket Moved': (e) => ({ ticket: ticket(e) }),
  'event.Ticket Overdue': (e) => ({ ticket: ticket(e), since: e.time('since') }),
  'event.Consent Changed': (e) => {
    const status = e.text('status');
    const granted = status === 'granted' ? true : status === 'withdrawn' ? false : null;
    return {
      granted,
      purpose: e.text('purpose'),
      topic: e.text('topic'),
      channel: e.text('channel'),
      actor: e.text('actor'),
    };
  },
  'event.Payment Failed': (e) => ({
    order: e.text('order_id'),
    amount: e.amount(),
    cause: e.text('code', 'reason', 'error'),
  }),
  'event.Order Completed': (e) => ({
    order: e.text('order_id'),
    amount: e.amount(),
    products: e.products(),
  }),
  'event.Order Updated': (e) => ({ order: e.text('order_id'), amount: e.amount() }),
  'event.Order Refunded': (e) => ({ order: e.text('order_id'), amount: e.amount() }),
  'event.Order Cancelled': (e) => ({ order: e.text('order_id') }),
  'event.Checkout Started': (e) => ({ amount: e.amount(), products: e.products() }),
  'event.Customer Paused': command,
  'event.Customer Resumed': command,
  'event.Enrollment Exit Requested': (e) => ({
    ...command(e),
    journey: e.text('journey'),
    enrollment: e.text('enrollment_id'),
  }),
  'event.Enrollment Requested': (e) => ({ journey: e.text('journey') }),
  'event.Entry Due': (e) => ({ journey: e.text('journey') }),
  'event.Customer Snoozed': (e) => ({
    until: e.time('until'),
    topics: e.list('topics'),
    actor: e.text('actor'),
  }),
  'event.Preferences Changed': (e) => ({ level: e.text('personalisation'), actor: e.text('actor') }),
  'event.Customer Merged': (e) => ({ from: e.text('from'), into: e.text('into'), reason: e.text('reason') }),
  'event.Customer Unmerged': (e) => ({
    lost: e.text('lost'),
    into: e.text('into'),
    reason: e.text('reason'),
  }),
  'event.Stage Changed': (e) => ({ from: e.text('from'), to: e.text('to') }),
  'event.Segment Entered': segment,
  'event.Segment Left': segment,
  'event.Delivery Sent': delivery,
  'event.Delivery Failed': failure,
  'event.Delivery Unknown': failure,
  'event.Delivery Delivered': delivery,
  'event.Delivery Opened': delivery,
  'event.Delivery Opened Automatically': delivery,
  'event.Delivery Clicked': click,
  'event.Delivery Clicked Automatically': click,
  'event.Delivery Bounced': (e) => ({
    ...delivery(e),
    permanent: e.flag('permanent'),
    reason: e.text('reason'),
  }),
  'event.Delivery Complained': delivery,
  'event.Delivery Unsubscribed': delivery,
  'event.Delivery Held': (e) => ({ ...delivery(e), reasons: e.verdicts() }),
  'event.Delivery Repeated': (e) => ({ ...delivery(e), ...command(e) }),
  'event.Delivery Dismissed': delivery,
  'event.Action Shown': outcome,
  'event.Action Clicked': outcome,
  'event.Action Accepted': outcome,
  'event.Action Rejected': outcome,
  'event.Task Opened': (e) => ({ action: e.text('action'), queue: e.text('queue') }),
  'event.Task Acknowledged': task,
  'event.Task Released': task,
  'event.Task Snoozed': (e) => ({ ...task(e), until: e.time('until'), reason: e.text('reason') }),
  'event.Task Escalated': (e) => ({ action: e.text('action'), queue: e.text('queue') }),
  'event.Task Resolved': (e) => ({ ...task(e), outcome: e.text('outcome') }),
  'event.Task Withdrawn': (e) => ({
    action: e.text('action'),
    reason: e.text('reason'),
    reasons: e.verdicts(),
  }),
  'event.Task Expired': (e) => ({ action: e.text('action') }),
  'event.Coupon Issued': (e) => ({
    action: e.text('action'),
    percent: e.number('percent'),
    until: e.time('expires_at'),
  }),
  'event.Coupon Redeemed': (e) => ({ action: e.text('action'), order: e.text('order_id') }),
  'event.Coupon Expired': (e) => ({ action: e.text('action') }),
  'event.Coupon Revoked': (e) => ({ action: e.text('action'), reason: e.text('reason') }),
  'event.Catalogue Viewed': (e) => ({ action: e.text('action'), products: e.list('products') }),
  'event.Customer Identified': (e) => ({ traits: e.traits() }),
  'event.Page Viewed': (e) => ({ page: e.text('title', 'path', 'url', 'name') }),
  'event.Screen Viewed': (e) => ({ screen: e.text('name', 'title') }),
  'event.Group Joined': (e) => ({ account: e.text('groupId', 'group_id', 'name') }),
  'event.Alias Made': () => ({}),
};

/** An event of the log, in one sentence. @param data its properties, and its traits under `traits` */
export function describeEvent(name: string, data: Record<string, unknown>): Message {
  const event = new EventReader(data);
  const code = `event.${name}`;
  if (!Object.hasOwn(EVENTS, code)) return message('event.other', { name, details: event.details() });
  const read = EVENTS[code as keyof typeof EVENTS];
  return { code, params: read(event) } as Message;
}
