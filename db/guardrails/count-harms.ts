import type { Consent } from '../../src/domain/customer/consent.ts';
import type { Harm } from '../../src/domain/definition.ts';
import { DAY } from '../../src/domain/time/time.ts';
import type { HarmCount } from '../../src/statistics/experiments/harm-blocks.ts';
import type { Tx } from '../client.ts';
import { newFactsOf } from '../events/new-facts.ts';

export interface HarmQuery {
  workspace: string;
  action: string;
  /** Whether people carry the action out: its contacts are agent tasks. */
  byPeople: boolean;
  /** Journeys that offer the action. */
  journeys: string[];
  /** Earliest entry that counts; weeks are counted from `origin`. Journey time. */
  since: number;
  origin: number;
  /** How long after a contact a harm counts. */
  within: number;
  /** Harms that take several rows to see: that an order was given back as a whole, that a consent was taken back. */
  computed: { harm: Harm; customer: string; at: number }[];
  /** At most so many of the newest entries are read. */
  limit: number;
}

const WEEK = 7 * DAY;
/** Days. Contacts after a longer lag are too rare to wait for. */
const LONGEST_LAG = 60;

/** Customers who entered these journeys since then and of whose orders something was given back. */
export async function readReturners(
  tx: Tx,
  { workspace, journeys, since }: Pick<HarmQuery, 'workspace' | 'journeys' | 'since'>,
): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select distinct n.customer_id as id from enrollments n
    cross join ${newFactsOf(tx, tx`n.customer_id`, tx`e.name in ('Order Refunded', 'Order Updated')`)} e
    where n.workspace = ${workspace} and n.journey = any(${journeys}) and n.entered_at >= ${since}
    order by n.customer_id`;
  return rows.map(({ id }) => id);
}

/** All consents of customers who have withdrawn one of these purposes since they entered these journeys, oldest first. */
export async function readWithdrawers(
  tx: Tx,
  {
    workspace,
    journeys,
    since,
    purposes,
  }: Pick<HarmQuery, 'workspace' | 'journeys' | 'since'> & { purposes: string[] },
): Promise<(Consent & { customer: string })[]> {
  return tx<(Consent & { customer: string })[]>`
    select customer_id as customer, purpose, channel, topic, status, source, at, seq, speaker from consents
    where customer_id in (
      select n.customer_id from enrollments n join consents c on c.customer_id = n.customer_id
      where n.workspace = ${workspace} and n.journey = any(${journeys}) and n.entered_at >= ${since}
        and c.status = 'withdrawn' and c.purpose = any(${purposes}) and c.at > n.entered_at)
    order by customer_id, at, seq`;
}

/**
 * Counts harms by intention to treat: from the entry until `lag` and `within` have passed, equally for both arms. The
 * event of an entry may itself be a harm, such as a refund that enters a journey; it is not counted in either arm. Each
 * customer counts once, by the first entry.
 */
export async function countHarms(tx: Tx, query: HarmQuery): Promise<HarmCount[]> {
  const { workspace, journeys, since, origin, within, limit } = query;
  const inWindow = (at: ReturnType<Tx>) => tx`${at} > m.entered_at and ${at} < m.until`;
  const harmEvents = (harm: string, name: ReturnType<Tx>) => tx`
    select m.*, ${harm}::text as counted from windows m
    cross join ${newFactsOf(tx, tx`m.customer_id`, tx`e.name = ${name}`)} e
    where ${inWindow(tx`(extract(epoch from e.at) * 1000)::bigint`)}`;
  return tx<HarmCount[]>`
    with newest as (
      select id, customer_id, journey, arm, entered_at, excluded from enrollments
      where workspace = ${workspace} and journey = any(${journeys}) and entered_at >= ${since}
      order by entered_at desc, id limit ${limit}
    ), first as (
      select distinct on (customer_id) id, customer_id, journey, arm, entered_at, excluded from newest
      order by customer_id, entered_at, id
    ), member as (
      select f.*, (f.entered_at - ${origin}::bigint) / ${WEEK}::bigint as week,
        case when f.arm = 'treated' then ${contactedAt(tx, query)} end as contacted_at
      from first f where not f.excluded
    ), lags as (
      select journey, week, case when count(contacted_at) > 0 then least(${LONGEST_LAG}, greatest(0, ceil(
        percentile_disc(0.95) within group (order by contacted_at - entered_at) / ${DAY}::numeric)))::bigint end as days
      from member group by journey, week
    ), windows as (
      select m.customer_id, m.journey, m.week, m.arm, m.entered_at,
        m.entered_at + l.days * ${DAY}::bigint + ${within}::bigint as until
      from member m join lags l on l.journey = m.journey and l.week = m.week where l.days is not null
    ), harmed as (
      select m.*, 'ticket' as counted from windows m join tickets k on k.customer_id = m.customer_id
      where ${inWindow(tx`k.opened_at`)}
      union all ${harmEvents('complaint', tx`'Delivery Complained'`)}
      union all
      select m.*, r.harm from windows m join json_to_recordset(${JSON.stringify(query.computed)}::text::json)
        as r(harm text, customer text, at bigint) on r.customer = m.customer_id
      where ${inWindow(tx`r.at`)}
    ), counts as (
      select journey, week, arm, 'customers' as counted, count(*) as count from member group by journey, week, arm
      union all
      select journey, week, arm, 'exposed', count(contacted_at) from member group by journey, week, arm
      union all
      select journey, week, arm, counted, count(distinct customer_id) from harmed group by journey, week, arm, counted
    )
    select c.journey, c.week::int as week, c.arm, c.counted, c.count, l.days as lag
    from counts c join lags l on l.journey = c.journey and l.week = c.week
    order by c.week, c.journey, c.arm, c.counted`;
}

/** When the action first reached the customer of an enrollment `f`: when it was sent or a person completed it. */
function contactedAt(tx: Tx, { action, byPeople }: HarmQuery) {
  return byPeople
    ? tx`(select min(a.at) from agent_tasks a where a.customer_id = f.customer_id and a.enrollment_id = f.id
          and a.action = ${action} and a.state = 'resolved')`
    : tx`(select min(d.at) from deliveries d where d.enrollment_id = f.id and d.action = ${action}
          and d.state in ('sent', 'unknown'))`;
}
