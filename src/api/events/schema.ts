import { z } from 'zod';
import { EVENT_KINDS } from '../../domain/event.ts';
import { listOf, pageQuery, time } from '../frame/schema.ts';

const rejectedEvent = z
  .object({
    id: z.string(),
    messageId: z.string().nullable(),
    at: time,
    source: z.string(),
    code: z.string(),
    reason: z.string(),
    body: z.string().describe('The body as received, if it could be stored'),
    retryable: z.boolean().describe('Whether it can be read again'),
  })
  .meta({ id: 'RejectedEvent' });

export const rejectedQuery = pageQuery.extend({
  code: z.string().max(200).optional(),
  source: z.string().max(200).optional(),
});

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
    decisions: z.array(z.string()).describe('The decisions that processed the event'),
    code: z.string().nullable(),
    reason: z.string().nullable(),
    rejections: z
      .array(z.object({ id: z.string(), at: time, code: z.string(), reason: z.string() }))
      .describe(
        'Rejected events under this message id, newest first: also other events than the accepted one',
      ),
  })
  .meta({ id: 'MessageStatus', description: 'The status of a message' });

export const note = z
  .object({ code: z.string(), field: z.string(), value: z.string().nullable() })
  .meta({ id: 'EventNote', description: 'What could not be read' });

const acceptedEvent = z
  .object({
    id: z.string(),
    messageId: z.string(),
    customerId: z.string(),
    userId: z.string().nullable().describe('One of the customer’s user ids'),
    name: z.string(),
    kind: z.enum(EVENT_KINDS),
    source: z.string(),
    at: time,
    acceptedAt: time,
    historical: z.boolean(),
    internal: z.boolean().describe('Emitted by Throughline: no sender may use its name'),
    repeats: z.string().nullable().describe('The event whose fact it repeats'),
    properties: z.record(z.string(), z.unknown()).describe('Shortened; `…` stands for what was left out'),
    isWhole: z.boolean().describe('Nothing of the properties was left out'),
    notes: z.array(note),
  })
  .meta({ id: 'AcceptedEvent' });

export const acceptedEventList = listOf(acceptedEvent).meta({
  id: 'AcceptedEventList',
  description:
    'Without echoes of other members of an account. A page looks through 2,000 events at most, so it may hold fewer than `limit`.',
});

export const acceptedEventsQuery = pageQuery.extend({
  name: z.string().min(1).max(200).optional(),
  source: z.string().min(1).max(200).optional(),
  customer: z.string().min(1).max(600).optional().describe('A reference, as in `/v1/customers/{ref}`'),
});

const noteCount = z
  .object({
    code: z.string(),
    meaning: z.string(),
    field: z.string(),
    source: z.string(),
    count: z.number().int(),
    event: z.string(),
    example: z.string().nullable(),
    firstAt: time,
    lastAt: time,
  })
  .meta({ id: 'NoteCount' });

export const noteCountList = listOf(noteCount).meta({ id: 'NoteCountList' });

export const success = z.object({ success: z.literal(true) }).meta({ id: 'Success' });

const text = z.string();
const object = z.record(z.string(), z.unknown());

/** For the document only: `src/sources/segment.ts` parses the calls, because this is the busiest path. */
export const segmentCall = z
  .object({
    writeKey: text.optional(),
    messageId: text.max(255).optional(),
    userId: text.max(512).optional(),
    anonymousId: text.max(512).optional(),
    event: text.max(200).optional().describe('Required by track'),
    name: text.optional(),
    groupId: text.optional(),
    previousId: text.optional(),
    properties: object.optional(),
    traits: object.optional(),
    context: object.optional(),
    timestamp: text.optional(),
    sentAt: text.optional(),
    historical: z.boolean().optional().describe('Backfill: updates the profile and enters no journey'),
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

/** For the document only: `src/sources/cloudevents` parses the events. */
export const cloudEvent = z
  .looseObject({
    specversion: text,
    id: text.describe('Unique together with `source`'),
    source: text,
    type: text.max(200),
    subject: text.optional(),
    time: text.optional(),
    data: z.unknown().optional(),
  })
  .meta({ id: 'CloudEvent' });
