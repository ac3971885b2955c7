import type { PartitionedTable } from './tables.ts';

/**
 * Whether something still needs the row `p`, in SQL. Only time makes a row needless: what is needed later was needed
 * before. So rows can be moved to the partition of kept rows page by page, and the rest be dropped after that.
 *
 * `docs/operations.md` lists the readers of the tables, and what each of them shows of what was dropped.
 */
export const NEEDED: Record<PartitionedTable, string> = {
  events: `(
    exists (
      select from customers c
      join customers root on root.id = coalesce(c.merged_into, c.id) and root.erased_at is null
      left join wakes w on w.customer_id = root.id
      left join journeys j on j.customer_id = root.id
      where c.id = p.customer_id and (
        -- It is not processed; or its customer was merged, and the other one has not adopted the enrollments yet.
        root.seq > greatest(coalesce(w.processed_seq, 0), coalesce(j.processed_seq, 0))
          and (c.merged_into is not null or p.seq > greatest(coalesce(w.processed_seq, 0), coalesce(j.processed_seq, 0)))
        -- The event opened an enrollment that is open.
        or exists (select from jsonb_array_elements(j.state -> 'enrollments') e where e #>> '{entry,id}' = p.id)
        -- A reward that is open may be paid by it.
        or exists (select from rewards r where r.customer_id in (c.id, root.id) and r.state = 'open'
          and to_timestamp(r.at / 1000.0) <= p.at + interval '1 day')))
    -- A copy of an account's event. Only it tells an erasure of its sender where the content went.
    or p.source = 'account' and exists (
      select from customers sender where sender.id = p.body #>> '{context,account,from}' and sender.erased_at is null)
    or ${ofErasure()})`,
  decisions: `(
    -- It changed something, since its customer came into an enrollment that is open.
    p.changed and exists (
      select from customers c join enrollments n on n.customer_id in (c.id, c.merged_into) and n.ended_at is null
      where c.id = p.customer_id and n.entered_at <= p.at)
    or exists (select from deliveries d where d.decision_id = p.id and d.state in ('planned', 'held', 'sending'))
    or exists (select from rewards r where r.decision_id = p.id and r.state = 'open')
    or exists (
      select from customers c where c.id = p.customer_id and (
        exists (select from agent_tasks t where t.customer_id in (c.id, c.merged_into) and t.decision_id = p.id
          and t.state in ('planned', 'open', 'acknowledged'))
        or exists (select from coupons k where k.customer_id in (c.id, c.merged_into) and k.decision_id = p.id
          and k.state = 'issued')))
    or ${ofErasure()})`,
  // An erasure deletes them with the deliveries, before it looks for anything else.
  sent_messages: 'false',
};

/** An erasure that still looks for histories finds what it has to delete by the customer's rows. */
function ofErasure(): string {
  return 'exists (select from erasures x where x.customer_id = p.customer_id and x.done_at is null)';
}
