import { z } from 'zod';
import { LOCALE_FALLBACKS } from '../../domain/values/locale.ts';
import { configBody } from '../config/schema.ts';
import { orNull, time } from '../frame/schema.ts';

const variables = z.record(z.string(), z.unknown());

export const previewBody = z
  .object({
    action: z.string().min(1),
    channel: z.string().optional().describe("Default: the action's first"),
    customer: z.string().optional().describe('A reference such as `user:helen`. Without it nobody is known'),
    locale: z.string().optional().describe("In any spelling. Default: the customer's own"),
    variant: z.string().optional().describe("Test variant. Default: the customer's own"),
    sample: z
      .object({
        traits: variables.optional(),
        event: z.object({ name: z.string().optional(), properties: variables.optional() }).optional(),
      })
      .default({})
      .describe('Invented data, in the place of what is known'),
    files: configBody.shape.files
      .optional()
      .describe('A changed bundle, which is not applied. It needs the scope `configure`, too'),
  })
  .meta({ id: 'ContentPreviewRequest' });

export const testSendBody = previewBody
  .extend({ to: z.string().describe('One of the addresses that the operator permits in TEST_RECIPIENTS') })
  .meta({ id: 'TestSendRequest' });

export const contentPreview = z
  .object({
    action: z.string(),
    channel: z.string(),
    bundleVersion: z.number().int(),
    subject: z.string().nullable(),
    html: z.string().nullable(),
    text: z.string(),
    locale: z.string(),
    requestedLocale: z.string().nullable(),
    localeFallback: z.enum(LOCALE_FALLBACKS),
    variant: z.string().nullable(),
    blocks: z
      .array(z.object({ block: z.string(), locale: z.string().nullable(), segment: z.string().nullable() }))
      .describe('The blocks that it is made of, and for which segment'),
    dataUsed: z.array(
      z.object({
        attribute: z.string(),
        permission: z.string(),
        source: z.string(),
        party: z.string(),
        at: time,
        stale: z.boolean(),
      }),
    ),
    missing: z.array(z.string()).describe('What it reads and the customer lacks, as paths'),
    warnings: z.array(z.string()),
    bytes: z.number().int().describe('Of HTML and text'),
    segments: orNull(z.object({ segments: z.number().int(), beyondGsm: z.array(z.string()) })).describe(
      'Parts of a text message, and the characters that make it longer; null for mails',
    ),
  })
  .meta({ id: 'ContentPreview', description: 'A message as the customer would get it. Nothing was sent' });

export const testSent = z.object({ to: z.string(), subject: z.string() }).meta({ id: 'TestSent' });
