import { z } from 'zod';
import { listOf, time } from '../frame/schema.ts';

const rejectedEvent = z
  .object({
    id: z.string(),
    messageId: z.string().nullable(),
    at: time,
    source: z.string(),
    code: z.string(),
    reason: z.string(),
    body: z.string().describe('As it came, as far as it could be kept'),
  })
  .meta({ id: 'RejectedEvent' });

export const rejectedList = listOf(rejectedEvent).meta({ id: 'RejectedList' });

export const messageStatus = z
  .object({
    messageId: z.string(),
    status: z.enum(['accepted', 'rejected']),
    customerId: z.string().nullable(),
    eventId: z.string().nullable(),
    seq: z.number().int().nullable(),
    name: z.string().nullable(),
    at: time,
    acceptedAt: time.nullable(),
    decisions: z.array(z.string()).describe('The decisions that took it; none yet, or nothing refers to it'),
    code: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'MessageStatus', description: 'What became of a message' });

export const success = z.object({ success: z.literal(true) }).meta({ id: 'Success' });

const text = z.string();
const object = z.record(z.string(), z.unknown());

/** For the document only: on the hot path a hand-written parser reads them (`src/sources/segment.ts`). */
export const segmentCall = z
  .object({
    writeKey: text.optional(),
    messageId: text.max(255).optional(),
    userId: text.max(512).optional(),
    anonymousId: text.max(512).optional(),
    event: text.max(200).optional().describe('Needed by track'),
    name: text.optional(),
    groupId: text.optional(),
    previousId: text.optional(),
    properties: object.optional(),
    traits: object.optional(),
    context: object.optional(),
    timestamp: text.optional(),
    sentAt: text.optional(),
    historical: z.boolean().optional().describe('Backfill: folds the profile, enters no journey'),
  })
  .meta({ id: 'SegmentCall' });

export const segmentBatch = z
  .object({
    writeKey: text.optional(),
    sentAt: text.optional(),
    historical: z.boolean().optional(),
    batch: z.array(object).max(2_500),
  })
  .meta({ id: 'SegmentBatch' });
