import { createHmac } from 'node:crypto';

/** Crockford's: nobody mistakes one of these for another, and none of them make words that offend. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Sixty bits: of ten million coupons of a workspace two are the same with a chance of 1 in 20,000. */
const LENGTH = 12;

/**
 * The code of a coupon. It follows from the coupon's id, so that a decision that is tried again issues the same; and
 * without the secret nobody can tell it. @throws Error where there is none
 */
export function deriveCouponCode(id: string, secret: string | undefined): string {
  if (secret === undefined) throw new Error('coupons need THROUGHLINE_SECRET');
  const digest = createHmac('sha256', secret).update(`coupon:${id}`).digest();
  return [...digest.subarray(0, LENGTH)].map((byte) => ALPHABET[byte & 31]).join('');
}
