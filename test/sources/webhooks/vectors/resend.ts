import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Instant } from '../../../../src/domain/time/time.ts';
import type { WebhookRequest } from '../../../../src/sources/webhooks/webhook-kind.ts';
import { ROOT } from '../../../support/paths.ts';
import type { KindVectors } from '../kind-vectors.ts';
import standardWebhooks, { signStandardWebhook } from './standard-webhooks.ts';

const documented = standardWebhooks.documented as NonNullable<KindVectors['documented']>;

/** Svix signs as Standard Webhooks does; only the names of its headers differ. */
const toSvix = (headers: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.replace('webhook-', 'svix-'), value as string]),
  );

/** A request as Resend sends it. @param id of the report, which is part of what is signed */
export function signSvix(body: Buffer, secret: string, at: Instant, id?: string): WebhookRequest {
  const request = signStandardWebhook(body, secret, at, id);
  return { ...request, headers: toSvix(request.headers) };
}

const vectors: KindVectors = {
  ...standardWebhooks,
  kind: 'resend',
  body: readFileSync(path.join(ROOT, 'test/sources/payloads/resend/email-bounced.json')),
  sign: (body, secret, at) => signSvix(body, secret, at),
  signatureHeader: 'svix-signature',
  documented: {
    ...documented,
    request: { ...documented.request, headers: toSvix(documented.request.headers) },
  },
};

export default vectors;
