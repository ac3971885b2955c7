import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Creates the token of unsubscribe and preference links: a delivery's id and its signature. The holder of the link may
 * choose for the customer of that delivery. The token contains no personal data and can't be made without the secret.
 */
export function createUnsubscribeToken(deliveryId: string, secret: string): string {
  return `${Buffer.from(deliveryId).toString('base64url')}.${sign(deliveryId, secret)}`;
}

/** The id of the token's delivery. Null for a token that wasn't made with this secret. */
export function readUnsubscribeToken(token: string, secret: string): string | null {
  const [id, signature] = token.split('.');
  if (!id || !signature) return null;
  const deliveryId = Buffer.from(id, 'base64url').toString();
  const expected = Buffer.from(sign(deliveryId, secret));
  const actual = Buffer.from(signature);
  return expected.length === actual.length && timingSafeEqual(expected, actual) ? deliveryId : null;
}

function sign(deliveryId: string, secret: string): string {
  return createHmac('sha256', secret).update(`unsubscribe:${deliveryId}`).digest('base64url').slice(0, 32);
}
