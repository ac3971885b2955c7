import type postgres from 'postgres';
import { ALL_PURPOSES, PREFERENCE_PAGE_SOURCE } from '../../src/domain/customer/consent.ts';
import type { Tx } from '../client.ts';

type Fragment = postgres.Fragment;

/** Tickets that are read of a customer: open ones, closed ones that still suppress, and others. */
const READ_TICKETS = { open: 200, cooling: 200, past: 100 };

/** The traits that say the name of the customer `c` (`readCustomerName`). */
export function nameTraits(tx: Tx) {
  const names = ['name', 'firstName', 'first_name', 'lastName', 'last_name'];
  return tx`(select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(c.profile -> 'traits')
    where key = any(${names}))`;
}

/**
 * Tickets of the customer `c` as ordered JSON, so that equal rows give equal decisions and views.
 *
 * @param now when a cool-down has ended: SQL, milliseconds since 1970
 */
export function ticketsJson(tx: Tx, now: Fragment) {
  const own = tx`select k.*, null::text as owner_id from tickets k where k.customer_id = c.id`;
  return tx`(select coalesce(json_agg(${ticketJson(tx, tx`null::text`)} order by k.id, k.source), '[]')
       from ${limitTickets(tx, own, now)} k)`;
}

/**
 * Not more tickets of a customer than a decision can read. What suppresses comes first: one ticket of each severity and
 * product, then the others, those that have been open longest and those that cool down longest.
 *
 * @param tickets `select` with the columns of `tickets` and `owner_id`
 * @param named ids that are read in any case: a `select`
 */
export function limitTickets(tx: Tx, tickets: Fragment, now: Fragment, named: Fragment = tx`select ''`) {
  const { open, cooling, past } = READ_TICKETS;
  return tx`(
    select * from (
      select p.*, row_number() over (partition by part, owner_id is null
        order by place, position, owner_id, id, source) as n
      from (
        select s.*, row_number() over (partition by part, owner_id is null, severity, product
          order by position, owner_id, id, source) as place
        from (
          select t.*,
            case when status = 'open' then ${open}::int
              when quiet_until is null or quiet_until > ${now} then ${cooling}::int + 1
              else ${past}::int end as part,
            case when status = 'open' then opened_at else -coalesce(quiet_until, 9007199254740991) end as position
          from (${tickets}) t) s) p) ranked
    where n <= part or id in (${named}))`;
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

/** Beyond so many statements of consent, only those are read that decide. */
const ALL_CONSENTS = 500;
const MOST_CONSENTS = 1_000;

/**
 * Statements of consent of the customer `c` as ordered JSON.
 *
 * @param names see {@link limitConsents}
 * @param from the statements; by default as many as can be read
 */
export function consentsJson(
  tx: Tx,
  names: readonly string[] | null = null,
  from: Fragment = limitConsents(tx, tx`select * from consents where customer_id = c.id`, names),
) {
  return tx`(select coalesce(json_agg(json_build_object('purpose', purpose, 'channel', channel, 'topic', topic,
         'status', status, 'source', source, 'at', at, 'seq', seq, 'speaker', speaker)
         order by at, seq, purpose, channel, topic), '[]')
       from ${from} k)`;
}

/**
 * Statements of consent of one customer. Where there are very many, those from which `resolveConsent` computes the same:
 * of each purpose, channel and topic the newest withdrawal and the newest grant that repeats nothing, and those of the
 * preference page.
 *
 * @param names purposes, channels and topics that definitions ask for. These come first, and withdrawals before grants
 */
export function limitConsents(tx: Tx, consents: Fragment, names: readonly string[] | null) {
  const isNamed =
    names === null
      ? tx`false`
      : tx`(purpose = any(${[...names]}::text[]) and channel = any(${[...names]}::text[]) and topic = any(${[...names]}::text[]))`;
  return tx`(
    select * from (
      select s.*, row_number() over (order by ${isNamed} desc, status = 'withdrawn' desc, at desc, seq desc) as n from (
        select r.*, row_number() over (partition by purpose, channel, topic, status, source = ${PREFERENCE_PAGE_SOURCE}
          order by at desc, seq desc) as place
        from (
          select k.*, count(*) over () as total,
            lag(status) over (partition by speaker, purpose, channel, topic order by at, seq) as before
          from (${consents}) k) r
        where total <= ${ALL_CONSENTS}
          or not (coalesce(speaker, '') <> '' and status = 'granted' and coalesce(before, '') = 'granted')
      ) s where total <= ${ALL_CONSENTS} or place = 1) ranked
    where n <= ${MOST_CONSENTS})`;
}

/** Names by which definitions may ask for a consent, with those that stand for all. */
export function listConsentNames(names: Iterable<string>): string[] {
  return [...new Set([...names, ...ALL_PURPOSES, '*'])].sort();
}

const READ_COUPONS = 1_000;

/** The newest coupons of the customer `c`. A coupon that was not communicated yet can be given again. */
export function couponsJson(tx: Tx) {
  return tx`(select coalesce(json_agg(json_build_object('id', k.id, 'code', k.code, 'action', k.action, 'once', k.once,
       'percent', k.percent, 'state', k.state, 'expiresAt', k.expires_at, 'isCommunicated', exists (
         select 1 from deliveries d where d.customer_id = k.customer_id and d.coupon_id = k.id
           and d.state in ('planned', 'sending', 'sent', 'unknown'))) order by k.issued_at, k.id), '[]')
     from (select * from coupons where customer_id = c.id order by issued_at desc, id desc limit ${READ_COUPONS}) k)`;
}
