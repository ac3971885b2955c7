import { createHmac } from 'node:crypto';

/** Crockford's base 32: no two letters look alike, and there is no U, which avoids offensive words. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Sixty bits. Among ten million coupons of a workspace, two collide with a probability of about 1 in 20,000. */
const LENGTH = 12;

/**
 * Derives a coupon's code from its id by HMAC-SHA-256. A retried decision therefore issues the same code, and without the
 * secret a code can't be guessed.
 *
 * @throws Error when THROUGHLINE_SECRET isn't set
 */
export function deriveCouponCode(id: string, secret: string | undefined): string {
  if (secret === undefined) throw new Error('coupons need THROUGHLINE_SECRET');
  const digest = createHmac('sha256', secret).update(`coupon:${id}`).digest();
  return [...digest.subarray(0, LENGTH)].map((byte) => ALPHABET[byte & 31]).join('');
}
