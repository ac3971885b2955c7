import { type Message, message } from './message.ts';
import { timeParam } from './param.ts';
import { readInstant, readNumber, readText } from './read-value.ts';

/** A coupon, as the API shows it. */
export interface CouponView {
  state: string;
  percent: number;
  expiresAt: string;
  redeemedAt: string | null;
  orderId: string | null;
}

/** A coupon and its state, in one sentence. */
export function describeCoupon({ state, percent, expiresAt, redeemedAt, orderId }: CouponView): Message {
  const until = timeParam(readInstant(expiresAt));
  switch (state) {
    case 'issued':
      return message('coupon.issued', { percent: readNumber(percent), until });
    case 'redeemed':
      return message('coupon.redeemed', {
        order: readText(orderId),
        at: timeParam(readInstant(redeemedAt)),
      });
    case 'expired':
      return message('coupon.expired', { until });
    case 'revoked':
      return message('coupon.revoked', {});
    default:
      return message('reason.text', { text: state });
  }
}
