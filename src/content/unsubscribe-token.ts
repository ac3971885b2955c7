import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * An opaque token that names a delivery, and that nobody can make without the secret: what its holder may do is choose
 * for the customer of that delivery (unsubscribe, preferences). No personal data is in it.
 */
export function createUnsubscribeToken(deliveryId: string, secret: string): string {
  return `${Buffer.from(deliveryId).toString('base64url')}.${sign(deliveryId, secret)}`;
}

/** The delivery that the token names, or null if it wasn't made by us. */
export function readUnsubscribeToken(token: string, secret: string): string | null {
  const [id, signature] = token.split('.');
  if (!id || !signature) return null;
  const deliveryId = Buffer.from(id, 'base64url').toString();
  const expected = Buffer.from(sign(deliveryId, secret));
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given) ? deliveryId : null;
}

function sign(deliveryId: string, secret: string): string {
  return createHmac('sha256', secret).update(`unsubscribe:${deliveryId}`).digest('base64url').slice(0, 32);
}
