import type { ActionDef } from '../../src/domain/definition.ts';
import { EVENT } from '../../src/domain/event.ts';
import { iso } from '../../src/domain/time/time.ts';
import type { PlannedDelivery } from '../../src/engine/journey/plan.ts';
import type { Tx } from '../client.ts';
import type { OutboxRow } from '../events/outbox.ts';

/** The customer and the decision that the coupons are issued for. */
export interface CouponIssuer {
  customerId: string;
  workspace: string;
  decisionId: string;
  now: number;
  action(id: string, version: number): ActionDef | undefined;
  /** Derives the code of a coupon from its id. */
  couponCode(id: string): string;
}

/**
 * Issues the coupons of a decision in its transaction: one per action and `once`, however often the decision is retried
 * and by however many channels the messages are sent. A coupon of this customer that was never communicated is issued
 * again under its code. A coupon that another customer has stays theirs, and the planned messages have none. The events
 * are written to the outbox, whose rows are returned. Coupons are locked in the order of action and `once`, so that two
 * decisions cannot deadlock.
 */
export async function issueCoupons(
  tx: Tx,
  deliveries: PlannedDelivery[],
  issuer: CouponIssuer,
): Promise<OutboxRow[]> {
  const rows = listPlannedCoupons(deliveries, issuer);
  const { customerId, workspace, decisionId, now } = issuer;
  return tx<OutboxRow[]>`
    with planned as (
      select * from json_to_recordset(${JSON.stringify(rows)}::text::json) as t(
        id text, code text, action text, once text, enrollment text, percent double precision, until bigint,
          "untilText" text)
    ), issued as (
      insert into coupons as k (id, workspace, code, customer_id, action, once, decision_id, enrollment_id, percent,
                                issued_at, expires_at)
      select id, ${workspace}, code, ${customerId}, action, once, ${decisionId}, enrollment, percent, ${now}, until
      from planned order by action, once
      on conflict (workspace, action, once) do update
        set state = 'issued', decision_id = excluded.decision_id, enrollment_id = excluded.enrollment_id,
            percent = excluded.percent, issued_at = excluded.issued_at, expires_at = excluded.expires_at
        where k.customer_id = excluded.customer_id and k.state in ('issued', 'expired')
      returning k.id, k.action, k.once, k.enrollment_id, k.percent
    )
    insert into outbox (workspace, message_id, customer_id, event)
    select ${workspace}, 'throughline/coupon/' || i.id || '/issued', ${customerId}, jsonb_build_object(
      'messageId', 'throughline/coupon/' || i.id || '/issued', 'type', 'track', 'name', ${EVENT.couponIssued}::text,
      'source', 'throughline', 'traits', '{}'::jsonb, 'properties', jsonb_build_object('coupon_id', i.id,
        'action', i.action,
        'enrollment_id', i.enrollment_id, 'percent', i.percent, 'expires_at', w."untilText"))
    from issued i join planned w using (action, once) order by i.id
    on conflict (workspace, message_id) do update set at = outbox.at
    returning workspace, customer_id as "customerId", event, (extract(epoch from at) * 1000)::bigint as at`;
}

function listPlannedCoupons(deliveries: PlannedDelivery[], issuer: CouponIssuer) {
  const ref = issuer.decisionId.replace(/^dec_/, '');
  const planned = new Map<string, PlannedDelivery & { couponOnce: string }>();
  for (const delivery of deliveries) {
    const { action, couponOnce } = delivery;
    const key = JSON.stringify([action, couponOnce]);
    if (couponOnce !== null && !planned.has(key)) planned.set(key, { ...delivery, couponOnce });
  }
  return [...planned.values()].flatMap(({ action, bundleVersion, couponOnce, enrollmentId }, n) => {
    const coupon = issuer.action(action, bundleVersion)?.coupon;
    if (!coupon) return [];
    const id = `cpn_${ref}_${n}`;
    const until = issuer.now + coupon.validFor;
    const { percent } = coupon;
    const code = issuer.couponCode(id);
    return [
      {
        id,
        code,
        action,
        once: couponOnce,
        enrollment: enrollmentId,
        percent,
        until,
        untilText: iso(until),
      },
    ];
  });
}
