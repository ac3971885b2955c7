import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { expect } from 'vitest';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { findFreePort } from '../../../src/dev/ports.ts';
import { startApi } from '../../../src/service/api.ts';
import type { WebhookRequest } from '../../../src/sources/webhooks/webhook-kind.ts';
import { buildEvent } from '../../sources/payloads/stripe/objects.ts';
import { triggerBody } from '../../sources/payloads/zendesk/trigger.ts';
import resendVectors, { signSvix } from '../../sources/webhooks/vectors/resend.ts';
import shopifyVectors from '../../sources/webhooks/vectors/shopify.ts';
import stripeVectors from '../../sources/webhooks/vectors/stripe.ts';
import zendeskVectors from '../../sources/webhooks/vectors/zendesk.ts';
import { type BundleFile, treatEveryCustomer } from '../../support/bundles.ts';
import { ROOT } from '../../support/paths.ts';
import { type ResendPeer, startResend } from '../../support/peers/resend.ts';
import { startTwilioPeer, type TwilioPeer } from '../../support/peers/twilio.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';

type ResendMail = ResendPeer['mails'][number];

/** The coffee shop with Shopify, Stripe, Zendesk, Resend and Twilio connected: real webhooks in, real API calls out. */
export interface ConnectedShop {
  system: TestSystem;
  resend: ResendPeer;
  twilio: TwilioPeer;
  /** Sends a webhook of Shopify. */
  shopify(topic: string, body: object): Promise<void>;
  stripe(type: string, object: object): Promise<void>;
  /** Sends the request of our trigger at Zendesk. @param more further lines that the shop added to the template */
  ticket(values: Parameters<typeof triggerBody>[0], more?: Record<string, string>): Promise<void>;
  /** Sends what Resend reports about a mail. */
  reportMail(mail: ResendMail, type: string, data?: object): Promise<void>;
  /** The customer with this address. */
  customerOf(email: string): Promise<string>;
  /** The URL where Twilio sends messages of customers. */
  phonesUrl: string;
  /** Calls the API as the shop's own tools do. */
  get(path: string): request.Test;
  post(path: string, body: object): request.Test;
  stop(): Promise<void>;
}

const SECRETS = {
  helpdesk: zendeskVectors.secrets[0],
  shopify: shopifyVectors.secrets[0],
  stripe: stripeVectors.secrets[0],
  mail: resendVectors.secrets[0],
};

const SOURCES = `
- { id: helpdesk, kind: zendesk }
- { id: shopify, kind: shopify }
- { id: stripe, kind: stripe }
- { id: phones, kind: twilio }
- { id: mail, kind: resend }
`;

export async function startConnectedShop(
  change: (files: BundleFile[]) => BundleFile[] = (files) => files,
): Promise<ConnectedShop> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const resend = await startResend();
  const twilio = await startTwilioPeer();
  const source = (secret: string) => ({ workspace: WORKSPACE, secrets: [secret] });
  const system = await startTestSystem({
    files: (files) => change(withSources(treatEveryCustomer(files))),
    env: {
      PORT: String(port),
      PUBLIC_URL: url,
      SMTP_URL: undefined,
      CHANNELS: JSON.stringify({
        email: { kind: 'resend', apiKey: resend.apiKey, url: resend.url },
        sms: {
          kind: 'twilio',
          accountSid: twilio.accountSid,
          authToken: twilio.authToken,
          from: '+15005550006',
          source: 'phones',
          baseUrl: twilio.url,
        },
      }),
      SOURCES: JSON.stringify({
        ...Object.fromEntries(Object.entries(SECRETS).map(([id, secret]) => [id, source(secret)])),
        phones: source(twilio.authToken),
      }),
    },
  });
  const api = await startApi(system.service);
  const key = await createKey(system.db.db, {
    workspace: WORKSPACE,
    kind: 'api',
    scopes: ['read', 'act'],
    label: 'tools',
  });
  const send = async (id: string, { headers, body }: WebhookRequest) => {
    const answer = await fetch(`${url}/v1/sources/${id}`, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: new Uint8Array(body),
    });
    expect([id, answer.status, await answer.text()]).toEqual([id, 200, '{"success":true}']);
  };
  return {
    system,
    resend,
    twilio,
    async shopify(topic, content) {
      const body = Buffer.from(JSON.stringify(content));
      const { headers, ...request } = shopifyVectors.sign(body, SECRETS.shopify, Date.now());
      await send('shopify', {
        ...request,
        headers: { ...headers, 'x-shopify-topic': topic, 'x-shopify-webhook-id': randomUUID() },
      });
    },
    async stripe(type, object) {
      const event = buildEvent(type, object, { id: `evt_${randomUUID()}`, created: nowInSeconds() });
      const body = Buffer.from(JSON.stringify(event));
      await send('stripe', stripeVectors.sign(body, SECRETS.stripe, Date.now()));
    },
    async ticket(values, more) {
      const at = now();
      const body = Buffer.from(triggerBody({ updated_at: at, created_at: at, ...values }, more));
      const { headers, ...request } = zendeskVectors.sign(body, SECRETS.helpdesk, Date.now());
      await send('helpdesk', {
        ...request,
        headers: { ...headers, 'x-zendesk-webhook-invocation-id': randomUUID() },
      });
    },
    async reportMail(mail, type, data = {}) {
      const payload = JSON.parse(
        readFileSync(path.join(ROOT, `test/sources/payloads/resend/${type.replace('.', '-')}.json`), 'utf8'),
      );
      const { to, subject } = mail;
      const tags = Object.fromEntries((mail.tags ?? []).map(({ name, value }) => [name, value]));
      const at = now();
      const body = {
        ...payload,
        created_at: at,
        data: { ...payload.data, ...data, created_at: at, email_id: mail.id, to, subject, tags },
      };
      await send(
        'mail',
        signSvix(Buffer.from(JSON.stringify(body)), SECRETS.mail, Date.now(), `msg_${randomUUID()}`),
      );
    },
    async customerOf(email) {
      const [row] = await system.db.db.sql`select customer_id as id from identities where value = ${email}`;
      return row?.id as string;
    },
    phonesUrl: `${url}/v1/sources/phones`,
    get: (path) => request(url).get(path).auth(key, { type: 'bearer' }),
    post: (path, body) => request(url).post(path).auth(key, { type: 'bearer' }).send(body),
    async stop() {
      await api.stop();
      await system.stop();
      await resend.stop();
      await twilio.stop();
    },
  };
}

/** A bundle with these sources instead of its own. */
function withSources(files: BundleFile[]): BundleFile[] {
  return [...files.filter(({ path }) => path !== 'sources.yaml'), { path: 'sources.yaml', text: SOURCES }];
}

/** The present, as Stripe writes it. */
export const nowInSeconds = () => Math.floor(Date.now() / 1_000);

/**
 * The present, as the other vendors write it: in whole seconds too. What happens in one second has one time then,
 * whichever vendor reports it, and the order of arrival decides.
 */
export const now = () => new Date(nowInSeconds() * 1_000).toISOString();
