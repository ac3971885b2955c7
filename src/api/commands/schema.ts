import { z } from 'zod';
import { parseDuration } from '../../domain/time/time.ts';
import { timeOrNull } from '../frame/schema.ts';

export const actor = z.string().min(1).max(200).describe('Who asks: a person, or a system');
const reason = z.string().min(1).max(500);
const wait = z.boolean().default(true).describe('Answer when the journey has taken it');
/** Of what becomes part of a key in the database. */
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
    topics: z.array(keyText).min(1).max(50).optional().describe('Only these; all marketing if left out'),
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
  source: keyText.describe('Where the customer said so: `call_centre`, `shop_form`'),
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
    personalisation: z.int().min(0).max(3).describe('How personal it may get'),
    reason: reason.optional(),
    actor,
    wait,
  })
  .meta({ id: 'Preferences' });

export const mergeBody = z
  .object({
    into: z.string().min(1).max(600).describe('The customer who stays: any reference'),
    ...command,
  })
  .meta({ id: 'Merge' });

export const eraseBody = z.object({ reason, actor }).meta({ id: 'ErasureRequest' });

export const erasure = z
  .object({
    id: z.string(),
    ids: z.array(z.string()).describe('This and those that were merged into it: none is ever used again'),
    historiesDeletedAt: timeOrNull.describe('When the last history in Temporal was gone; null: under way'),
  })
  .meta({ id: 'Erased', description: 'Nothing is held of this customer any more' });

export const enrollBody = z
  .object({
    customer: z.string().min(1).max(600).describe('Any reference'),
    key: keyText
      .optional()
      .describe('Tells enrollments of one journey apart; needed where the journey has a key'),
    properties: z
      .record(z.string(), z.unknown())
      .default({})
      .describe('What steps read as `event.properties`'),
    reason: reason.optional(),
    actor: actor.optional(),
    wait,
  })
  .meta({ id: 'EnrollmentRequest' });

export const enrollmentResult = z
  .object({
    customerId: z.string(),
    seq: z.number().int().describe('Of the request in the customer’s log'),
    enrollmentId: z.string().nullable().describe('Null while the journey has not taken the request'),
    journey: z.string(),
    key: z.string().nullable(),
    arm: z.enum(['treated', 'control']).nullable(),
    decisionId: z.string().nullable(),
  })
  .meta({ id: 'Enrolled', description: 'What became of a request to enter a journey' });
