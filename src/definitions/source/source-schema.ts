import { z } from 'zod';
import { CALL_TYPES } from '../../domain/event.ts';
import { WEBHOOK_KIND_IDS } from '../../sources/webhooks/kinds.ts';
import { cel, choice, eventName, id } from './scalars.ts';

const HEADER = /^[A-Za-z0-9-]{1,64}$/;

const header = z.string().regex(HEADER, 'must be the name of a header');
const expressions = z.record(z.string().min(1).max(100), cel);

/** Whom an event is about. */
const customerFields = {
  userId: cel.optional(),
  anonymousId: cel.optional(),
  email: cel.optional(),
  phone: cel.optional(),
  externalIds: z
    .record(z.string().regex(/^[^:]{1,64}$/, 'must be the name of a system, without a colon'), cel)
    .refine((ids) => Object.keys(ids).length <= 10, 'may have 10 ids')
    .optional()
    .describe('Ids in other systems, by the name of the system: `{shopify: payload.customer.id}`.'),
};

const token = z.strictObject({
  header: header.describe('The header that holds the secret.'),
  prefix: z.string().max(64).default('').describe('What stands before the secret: `Bearer `.'),
});

const hmac = z.strictObject({
  header: header.describe('The header that holds the signature.'),
  algorithm: choice(['sha256', 'sha1']).default('sha256'),
  encoding: choice(['hex', 'base64']).default('hex'),
  prefix: z.string().max(64).default('').describe('What stands before the signature: `sha256=`.'),
  timestamp: header
    .optional()
    .describe('The header with the signed time. A request older than five minutes is refused then.'),
  separator: z.string().max(8).default('.').describe('Between the time and the body, of what is signed.'),
});

const verify = z
  .union([z.literal('standard-webhooks'), z.strictObject({ token }), z.strictObject({ hmac })])
  .describe('How a request is verified: `standard-webhooks`, `{token: …}` or `{hmac: …}`.');

const message = z
  .strictObject({
    when: cel.optional().describe('The payload must meet it. Without it: every payload.'),
    type: choice(CALL_TYPES).default('track'),
    event: z
      .union([eventName, z.strictObject({ from: cel })])
      .optional()
      .describe('Of a track: its name, or `{from: CEL}`.'),
    messageId: cel.optional().describe('Default: a digest of the payload.'),
    timestamp: cel.optional().describe('When it happened. Default: when it is received.'),
    groupId: cel.optional(),
    previousId: cel.optional(),
    ...customerFields,
    properties: z.union([cel, expressions]).default({}).describe('`{name: CEL}`, or one expression.'),
    traits: z.union([cel, expressions]).default({}).describe('`{name: CEL}`, or one expression.'),
  })
  .describe('What a payload becomes: a call in the form of Segment.');

const source = z.strictObject({
  id: id.describe('Id of the source: the last part of its URL, and the source of its events.'),
  kind: choice(WEBHOOK_KIND_IDS).describe('What sends: it decides how a request is verified and read.'),
  customer: z
    .strictObject(customerFields)
    .default({})
    .describe(
      'Whom an event is about, by CEL over `payload` and `headers`. It goes before what the kind reads.',
    ),
  settings: z.record(z.string(), z.json()).default({}).describe('What only its kind reads.'),
  verify: verify.optional(),
  each: cel.optional().describe('The list of payloads in the body.'),
  messages: z.array(message).min(1).max(100).optional().describe('The first that fits a payload is used.'),
  otherwise: choice(['ignored', 'unreadable'])
    .optional()
    .describe('A payload that no message fits: ignored, or kept on the rejected list. Default: unreadable.'),
});

/** sources.yaml: sources of webhooks. */
export const webhookSourcesSource = z
  .array(source)
  .min(1)
  .max(200)
  .meta({ id: 'sources', title: 'sources.yaml' });

export type WebhookSourcesSource = z.output<typeof webhookSourcesSource>;
