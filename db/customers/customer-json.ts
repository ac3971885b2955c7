import type { Tx } from '../client.ts';

/** Tickets of the customer `c` as ordered JSON, so that equal rows give equal decisions and views. */
export function ticketsJson(tx: Tx) {
  return tx`(select coalesce(json_agg(${ticketJson(tx, tx`null::text`)} order by k.id, k.source), '[]')
       from tickets k where k.customer_id = c.id)`;
}

/**
 * One row of `tickets k`. `ownerId` is an SQL expression: the customer who owns it, or null for the customer's own
 * ticket.
 */
export function ticketJson(tx: Tx, ownerId: ReturnType<Tx>) {
  return tx`json_build_object('id', k.id, 'source', k.source, 'status', k.status, 'rawStatus', k.raw_status,
         'severity', k.severity, 'product', k.product, 'ownerId', ${ownerId}, 'subject', k.subject,
           'version', k.version,
         'seq', k.seq, 'openedAt', k.opened_at, 'closedAt', k.closed_at, 'quietUntil', k.quiet_until,
         'stated', k.stated)`;
}

export function consentsJson(tx: Tx) {
  return tx`(select coalesce(json_agg(json_build_object('purpose', purpose, 'channel', channel, 'topic', topic,
         'status', status, 'source', source, 'at', at, 'seq', seq, 'speaker', speaker)
         order by at, seq, purpose, channel, topic), '[]')
       from consents where customer_id = c.id)`;
}

/** Every coupon of the customer `c`. A coupon that was not communicated yet can be given again. */
export function couponsJson(tx: Tx) {
  return tx`(select coalesce(json_agg(json_build_object('id', k.id, 'code', k.code, 'action', k.action, 'once', k.once,
       'percent', k.percent, 'state', k.state, 'expiresAt', k.expires_at, 'isCommunicated', exists (
         select 1 from deliveries d where d.customer_id = k.customer_id and d.coupon_id = k.id
           and d.state in ('planned', 'sending', 'sent', 'unknown'))) order by k.issued_at, k.id), '[]')
     from coupons k where k.customer_id = c.id)`;
}
