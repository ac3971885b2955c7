import type { Tx } from '../client.ts';

/** Tickets and consents of the customer `c` as JSON, ordered: the same rows read the same for a decision and for the view. */
export function ticketsJson(tx: Tx) {
  return tx`(select coalesce(json_agg(json_build_object('id', id, 'source', source, 'status', status, 'rawStatus', raw_status,
         'severity', severity, 'subject', subject, 'version', version, 'seq', seq, 'openedAt', opened_at,
         'closedAt', closed_at, 'quietUntil', quiet_until) order by id), '[]')
       from tickets where customer_id = c.id)`;
}

export function consentsJson(tx: Tx) {
  return tx`(select coalesce(json_agg(json_build_object('purpose', purpose, 'channel', channel, 'topic', topic,
         'status', status, 'source', source, 'at', at, 'seq', seq) order by at, seq, purpose), '[]')
       from consents where customer_id = c.id)`;
}
