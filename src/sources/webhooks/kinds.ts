import { dsn } from './dsn.ts';
import { freshdesk } from './freshdesk.ts';
import { intercom } from './intercom.ts';
import { mapped } from './mapped.ts';
import { postmark } from './postmark.ts';
import { resend } from './resend.ts';
import { sendgrid } from './sendgrid.ts';
import { shopify } from './shopify.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import { twilio } from './twilio.ts';
import type { WebhookKind } from './webhook-kind.ts';
import { woocommerce } from './woocommerce.ts';
import { zendesk } from './zendesk.ts';

/** The kinds of webhook sources. A new kind is a file of this folder and a line here. */
const KINDS: readonly WebhookKind[] = [
  dsn,
  freshdesk,
  intercom,
  mapped,
  postmark,
  resend,
  sendgrid,
  shopify,
  standardWebhooks,
  stripe,
  twilio,
  woocommerce,
  zendesk,
];

const BY_ID = new Map(KINDS.map((kind) => [kind.id, kind]));

/** The ids of all kinds, for messages and schemas. */
export const WEBHOOK_KIND_IDS: readonly string[] = KINDS.map(({ id }) => id);

export function findWebhookKind(id: string): WebhookKind | undefined {
  return BY_ID.get(id);
}
