import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../../support/paths.ts';
import type { KindVectors } from '../kind-vectors.ts';
import standardWebhooks from './standard-webhooks.ts';

const documented = standardWebhooks.documented as NonNullable<KindVectors['documented']>;

/** Svix signs as Standard Webhooks does; only the names of its headers differ. */
const toSvix = (headers: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.replace('webhook-', 'svix-'), value as string]),
  );

const vectors: KindVectors = {
  ...standardWebhooks,
  kind: 'resend',
  body: readFileSync(path.join(ROOT, 'test/sources/payloads/resend/email-bounced.json')),
  sign(body, secret, at) {
    const request = standardWebhooks.sign(body, secret, at);
    return { ...request, headers: toSvix(request.headers) };
  },
  signatureHeader: 'svix-signature',
  documented: {
    ...documented,
    request: { ...documented.request, headers: toSvix(documented.request.headers) },
  },
};

export default vectors;
