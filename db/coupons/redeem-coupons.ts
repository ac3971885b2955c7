import type { UsedCoupon } from '../../src/domain/coupon.ts';
import { EVENT } from '../../src/domain/event.ts';
import { minorUnitsOf } from '../../src/domain/values/money.ts';
import type { Tx } from '../client.ts';
import type { OutboxRow } from '../events/outbox.ts';
import { redeemedMessageId } from './coupons.ts';

/**
 * Redeems the coupons that the orders among the decision's events have used, in its transaction. A coupon that was
 * redeemed meanwhile stays as it is. The events are written to the outbox, whose rows are returned.
 */
export async function redeemUsedCoupons(
  tx: Tx,
  owner: { customerId: string; workspace: string },
  used: UsedCoupon[],
  currency: string,
): Promise<OutboxRow[]> {
  const { customerId, workspace } = owner;
  const rows = used.map((coupon) => ({ ...coupon, messageId: redeemedMessageId(coupon.id) }));
  return tx<OutboxRow[]>`
    with used as (
      update coupons k set state = 'redeemed', redeemed_at = to_timestamp(t.at / 1000.0), order_id = t."orderId",
        discount = t.discount
      from json_to_recordset(${JSON.stringify(rows)}::text::json)
        as t(id text, "orderId" text, discount bigint, at bigint, "messageId" text)
      where k.id = t.id and k.customer_id = ${customerId} and k.state in ('issued', 'expired')
      returning k.id, k.action, k.enrollment_id, k.percent, k.order_id, k.discount, t."messageId"
    )
    insert into outbox (workspace, message_id, customer_id, event)
    select ${workspace}, "messageId", ${customerId}, jsonb_build_object('messageId', "messageId", 'type', 'track',
      'name', ${EVENT.couponRedeemed}::text, 'source', 'throughline', 'traits', '{}'::jsonb,
      'properties', jsonb_strip_nulls(jsonb_build_object('coupon_id', id, 'action', action,
        'enrollment_id', enrollment_id,
        'order_id', order_id, 'percent', percent, 'discount', discount / ${minorUnitsOf(currency)}::numeric)))
    from used order by id
    on conflict (workspace, message_id) do update set at = outbox.at
    returning workspace, customer_id as "customerId", event, (extract(epoch from at) * 1000)::bigint as at`;
}
