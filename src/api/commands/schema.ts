import { z } from 'zod';
import { parseDuration } from '../../domain/time/time.ts';
import { timeOrNull } from '../frame/schema.ts';

export const actor = z.string().min(1).max(200).describe('The person or system that makes the request');
const reason = z.string().min(1).max(500);
const wait = z.boolean().default(true).describe('Answer only when the journey has processed the command');
/** Text that becomes part of a key in the database. */
const keyText = z.string().min(1).max(255);

const command = { reason, actor, wait };

export const commandBody = z.object(command).meta({ id: 'Command' });

export const exitBody = z
  .object({
    ...command,
    journey: z.string().min(1).max(200).optional(),
    enrollmentId: z.string().min(1).max(200).optional(),
  })
  .meta({ id: 'ExitCommand' });

export const snoozeBody = z
  .object({
    until: z.iso
      .datetime({ offset: true })
      .nullable()
      .optional()
      .describe('RFC 3339, within a year; null ends the snooze'),
    duration: z
      .string()
      .refine((text) => parseDuration(text) !== undefined, { error: 'must be a duration such as 7d' })
      .optional()
      .describe('Instead of `until`: `12h`, `7d`, `4w`'),
    topics: z.array(keyText).min(1).max(50).optional().describe('Topics to snooze; default: all marketing'),
    ...command,
  })
  .refine((body) => (body.until === undefined) !== (body.duration === undefined), {
    error: 'name exactly one of until and duration',
    params: { code: 'exactly_one' },
    path: ['until'],
  })
  .meta({ id: 'Snooze' });

const consent = z.object({
  purpose: keyText.default('marketing'),
  channel: keyText.default('*').describe('`*`: every channel'),
  topic: keyText.default('*').describe('`*`: every topic'),
  status: z.enum(['granted', 'withdrawn']),
  source: keyText.describe('Where the customer made the statement: `call_centre`, `shop_form`'),
});

export const consentsBody = z
  .object({
    consents: z.array(consent).min(1).max(100),
    reason: reason.optional(),
    actor,
    wait,
  })
  .meta({ id: 'ConsentStatements' });

export const preferencesBody = z
  .object({
    personalisation: z.int().min(0).max(3).describe('0: no personal data is used; 3: all permitted data'),
    reason: reason.optional(),
    actor,
    wait,
  })
  .meta({ id: 'Preferences' });

export const mergeBody = z
  .object({
    into: z.string().min(1).max(600).describe('Reference to the customer who remains'),
    ...command,
  })
  .meta({ id: 'Merge' });

export const eraseBody = z.object({ reason, actor }).meta({ id: 'ErasureRequest' });

export const erasure = z
  .object({
    id: z.string(),
    ids: z
      .array(z.string())
      .describe('The id and the ids of customers that were merged into it. They are never used again'),
    historiesDeletedAt: timeOrNull.describe('When the last workflow history was deleted; null: not yet'),
  })
  .meta({ id: 'Erased', description: 'The records of this customer are erased' });

export const enrollBody = z
  .object({
    customer: z.string().min(1).max(600).describe('Reference to a customer'),
    key: keyText
      .optional()
      .describe('Distinguishes enrollments of one journey; required if the journey has a key'),
    properties: z.record(z.string(), z.unknown()).default({}).describe('Read by steps as `event.properties`'),
    reason: reason.optional(),
    actor: actor.optional(),
    wait,
  })
  .meta({ id: 'EnrollmentRequest' });

export const enrollmentResult = z
  .object({
    customerId: z.string(),
    seq: z.number().int().describe('Position of the request in the log of the customer'),
    enrollmentId: z.string().nullable().describe('Null until the journey has processed the request'),
    journey: z.string(),
    key: z.string().nullable(),
    arm: z.enum(['treated', 'control']).nullable(),
    decisionId: z.string().nullable(),
  })
  .meta({ id: 'Enrolled', description: 'The result of a request to enter a journey' });
