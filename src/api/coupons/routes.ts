import { findCoupon } from '../../../db/coupons/coupons.ts';
import { viewCoupons } from '../../../db/coupons/list-coupons.ts';
import { readAllIds } from '../../../db/identity/merged-ids.ts';
import { readProcessedPosition } from '../../../db/journeys/processed-position.ts';
import { readActiveBundle } from '../../app/config/active-bundle.ts';
import { type DecideCouponEnd, type EndedCoupon, endCouponOnce } from '../../app/coupons/end-coupon.ts';
import { planRedemption, planRevocation } from '../../app/coupons/plan-end.ts';
import { normaliseCode } from '../../domain/coupon.ts';
import { readCurrency } from '../../domain/values/currency.ts';
import { toMinorUnits } from '../../domain/values/money.ts';
import { resolveReference } from '../customers/customer-ref.ts';
import { decodeCursor, encodeCursor, isTimeAndId, toPage } from '../frame/cursor.ts';
import { HttpError, notFound } from '../frame/http-error.ts';
import { type Api, type Call, defineOperation, type Operation, type Reply } from '../frame/operation.ts';
import { coupon, couponList, couponQuery, redeemBody, revokeBody } from './schema.ts';
import { type CouponView, toCouponView } from './view.ts';

const tag = 'Coupons';
const replies = { 200: { description: 'The coupon after the change', schema: coupon } };

/** Coupons at checkout, and their revocation by support. */
export const couponOperations: Operation[] = [
  defineOperation({
    id: 'listCustomerCoupons',
    method: 'get',
    path: '/v1/customers/{ref}/coupons',
    tag,
    summary: 'The coupons of a customer',
    scope: 'read',
    embedded: 'customer',
    query: couponQuery,
    replies: { 200: { description: 'Newest first', schema: couponList } },
    problems: [404, 410],
    async handle({ api, workspace, params, query: { limit, cursor, status } }) {
      const { sql } = api.deps.db;
      const place = decodeCursor<[string, string]>(cursor, isTimeAndId);
      const customerId = await resolveReference(api.deps.db, workspace, params.ref as string);
      const customerIds = await readAllIds(sql, customerId);
      const now = Math.max(Date.now(), (await readProcessedPosition(sql, customerId)).lastNow);
      const before = place && { created: place[0], id: place[1] };
      const rows = await viewCoupons(sql, { customerIds, status, now, limit: limit + 1, before });
      const currency = await readOwnCurrency(api, workspace);
      const body = toPage(
        rows,
        limit,
        (row) => encodeCursor(row.created, row.id),
        (row) => toCouponView(row, currency, now),
      );
      return { body };
    },
  }),
  defineOperation({
    id: 'redeemCoupon',
    method: 'post',
    path: '/v1/coupons/{code}/redeem',
    tag,
    summary: 'Redeem a coupon for one order. Repeating the call for the same order has no effect',
    scope: 'act',
    body: redeemBody,
    replies,
    problems: [404, 409, 410, 422],
    handle: (call) =>
      endCoupon(call, async () => {
        const { api, workspace, body } = call;
        const { orderId, amount, customer } = body;
        const customerId =
          customer === undefined ? null : await resolveReference(api.deps.db, workspace, customer);
        const currency = await readOwnCurrency(api, workspace);
        if (amount !== undefined && readCurrency(amount.currency, currency) !== currency)
          throw new HttpError(422, 'wrong_currency', `amounts are in ${currency} here`, {
            errors: [{ path: 'amount.currency', code: 'wrong_currency' }],
          });
        const total = amount === undefined ? null : toMinorUnits(amount.amount, currency);
        return planRedemption({ orderId, total, currency, customerId });
      }),
  }),
  defineOperation({
    id: 'revokeCoupon',
    method: 'post',
    path: '/v1/coupons/{code}/revoke',
    tag,
    summary: 'Revoke an unused coupon. Messages with it that have not been sent are cancelled',
    scope: 'act',
    body: revokeBody,
    replies,
    problems: [404, 409],
    handle(call) {
      const { reason, actor } = call.body;
      return endCoupon(call, async () => planRevocation({ reason, actor }));
    },
  }),
];

async function endCoupon(call: Call, planEnd: () => Promise<DecideCouponEnd>): Promise<Reply<CouponView>> {
  const { api, workspace, params } = call;
  const { coupon, now } = await call.once<EndedCoupon>(async (record) => {
    const decideEnd = await planEnd();
    const found = await findCoupon(api.deps.db.sql, workspace, normaliseCode(params.code as string));
    const ended = found && (await endCouponOnce(api.decisionServices, found, decideEnd, record));
    if (!ended) throw notFound('coupon');
    return ended;
  });
  api.notifyRelays();
  return { body: toCouponView(coupon, await readOwnCurrency(api, workspace), now) };
}

async function readOwnCurrency(api: Api, workspace: string): Promise<string> {
  return (await readActiveBundle(api.deps, workspace))?.workspace.currency ?? 'EUR';
}
