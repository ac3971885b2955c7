import { createHmac } from 'node:crypto';

/**
 * Signs a request according to Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over id, time and body.
 *
 * @param secret `whsec_` followed by the key in base64, or the key itself
 * @param at seconds since 1970
 * @returns the three signature headers
 */
export function signWebhook(secret: string, id: string, at: number, body: string): Record<string, string> {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` };
}
