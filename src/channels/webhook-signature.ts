import { createHmac } from 'node:crypto';

/**
 * Signs a request as Standard Webhooks has it (standardwebhooks.com): HMAC-SHA256 over id, time and body. A secret
 * that begins with `whsec_` carries its key in base64; any other is the key itself. `at` is in seconds since 1970.
 */
export function signWebhook(secret: string, id: string, at: number, body: string): Record<string, string> {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` };
}
