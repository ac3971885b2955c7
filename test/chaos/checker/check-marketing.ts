import type { Change } from './commit-order.ts';
import { isConsented, type StatedConsent } from './consent.ts';
import type { Evidence } from './evidence.ts';
import type { Violation } from './violation.ts';

/** The caps of the bundle: marketing messages of one customer in seven days, longer than any run. */
const MAX_MARKETING = 3;
const MAX_SMS = 1;
/** After a ticket of this severity closes, marketing is silent for a second; after any other, for longer than a run. */
const MINOR = 'minor';

interface Ticket {
  customerId: string;
  status: string;
  severity: string;
}

interface Delivery {
  id: string;
  customerId: string;
  state: string;
  class: string;
  action: string;
  channel: string;
  purpose: string;
  topic: string | null;
}

/**
 * I3, and the caps: follows the changes in the order in which they took place, and judges each claim by what had been committed
 * before it.
 */
export function checkMarketing({ database }: Evidence): Violation[] {
  const tickets = new Map<string, Ticket>();
  const consents = new Map<string, StatedConsent & { customerId: string }>();
  const silenced = new Map<string, { paused: boolean; snoozedUntil: number }>();
  const deliveries = new Map<string, Delivery>();
  const violations: Violation[] = [];
  const judge = (delivery: Delivery, n: number) => {
    const { customerId, channel, topic, purpose } = delivery;
    const late = (why: string) =>
      violations.push({
        kind: 'late',
        rule: 'claim',
        subject: delivery.id,
        detail: `${delivery.action} began ${why} (change ${n} of ${customerId})`,
      });
    const silence = silenced.get(customerId);
    if (silence?.paused && delivery.class !== 'transactional' && delivery.class !== 'mandatory')
      late('after a pause');
    if (delivery.class !== 'marketing') return;
    if (silence && silence.snoozedUntil > Date.now()) late('in a snooze');
    const own = [...tickets.values()].filter((ticket) => ticket.customerId === customerId);
    if (own.some(({ status }) => status === 'open')) late('while a ticket was open');
    else if (own.some(({ severity }) => severity !== MINOR)) late('while a ticket was cooling down');
    const stated = [...consents.values()].filter((consent) => consent.customerId === customerId);
    if (!isConsented(stated, { purpose, channel, topic })) late('without a consent');
    const others = [...deliveries.values()].filter(
      (other) =>
        other.id !== delivery.id &&
        other.customerId === customerId &&
        other.class === 'marketing' &&
        ['sending', 'sent', 'unknown'].includes(other.state),
    );
    const over = (cap: string, max: number, count: number) =>
      count >= max &&
      violations.push({
        kind: 'other',
        rule: 'cap',
        subject: delivery.id,
        detail: `${delivery.action} to ${customerId} is number ${count + 1} of ${max} (${cap})`,
      });
    over('in 7 days', MAX_MARKETING, others.length);
    if (channel === 'sms')
      over('text messages in 7 days', MAX_SMS, others.filter((other) => other.channel === 'sms').length);
  };
  for (const { n, table, before, after } of database.changes) {
    if (table === 'tickets')
      follow(
        tickets,
        before,
        after,
        ({ customer_id, source, id }) => `${customer_id} ${source} ${id}`,
        toTicket,
      );
    else if (table === 'consents') follow(consents, before, after, keyOfConsent, toConsent);
    else if (table === 'customers' && after)
      silenced.set(String(after.id), {
        paused: after.paused === true,
        snoozedUntil: Number((after.snoozed as { until?: number } | null)?.until ?? 0),
      });
    else if (table === 'deliveries') {
      const delivery = after && toDelivery(after);
      if (delivery && isClaim(before, after)) judge(delivery, n);
      follow(deliveries, before, after, ({ id }) => String(id), toDelivery);
    }
  }
  return violations;
}

/** A claim takes the delivery to `sending` under a new fencing token. */
function isClaim(before: Change['before'], after: Record<string, unknown>): boolean {
  return after.state === 'sending' && after.fence !== before?.fence;
}

function follow<T>(
  rows: Map<string, T>,
  before: Change['before'],
  after: Change['after'],
  key: (row: Record<string, unknown>) => string,
  convert: (row: Record<string, unknown>) => T,
): void {
  if (before) rows.delete(key(before));
  if (after) rows.set(key(after), convert(after));
}

function toTicket(row: Record<string, unknown>): Ticket {
  return {
    customerId: String(row.customer_id),
    status: String(row.status),
    severity: String(row.severity),
  };
}

function keyOfConsent({ customer_id, seq, purpose, channel, topic, at }: Record<string, unknown>): string {
  return [customer_id, seq, purpose, channel, topic, at].join(' ');
}

function toConsent(row: Record<string, unknown>): StatedConsent & { customerId: string } {
  return {
    customerId: String(row.customer_id),
    purpose: String(row.purpose),
    channel: String(row.channel),
    topic: String(row.topic),
    status: String(row.status),
    at: Number(row.at),
    seq: Number(row.seq),
  };
}

function toDelivery(row: Record<string, unknown>): Delivery {
  return {
    id: String(row.id),
    customerId: String(row.customer_id),
    state: String(row.state),
    class: String(row.class),
    action: String(row.action),
    channel: String(row.channel),
    purpose: String(row.purpose),
    topic: row.topic === null ? null : String(row.topic),
  };
}
