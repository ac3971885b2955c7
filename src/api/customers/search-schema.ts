import { z } from 'zod';
import { flagQuery, listOf, pageQuery, time } from '../frame/schema.ts';
import { identity } from './schema.ts';

const customerSummary = z
  .object({
    id: z.string(),
    name: z.string().nullable().describe('As senders have stated it'),
    createdAt: time,
    eventSeq: z.number().int(),
    identities: z.array(identity).describe('At most 5 of them'),
    stage: z.string().nullable(),
    paused: z.boolean(),
    parked: z.boolean(),
    openTickets: z.number().int(),
    suppressed: z.boolean().describe('Tickets suppress messages: open, cooling down, or of others'),
  })
  .meta({ id: 'CustomerSummary' });

export const customerList = listOf(customerSummary).meta({ id: 'CustomerList' });

export const searchQuery = pageQuery.extend({
  q: z
    .string()
    .max(512)
    .default('')
    .describe(
      'The beginning of an id, a user id, an anonymous id, an external id, an e-mail address, a telephone number, a name or a last name; or a whole order number, ticket number, coupon code or account id. At most 1,000 matches of each kind are considered',
    ),
  parked: flagQuery.describe('Only those with `poison`'),
  ticketOpen: flagQuery.describe('Only those with an open ticket'),
  stage: z.string().min(1).max(200).optional().describe('Only those in this stage'),
  journey: z.string().min(1).max(200).optional().describe('Only those who are in this journey'),
  segment: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Only those who are in this segment, which the entry of a journey uses'),
  account: z.string().min(1).max(512).optional().describe('Only members of this account'),
  suppressed: flagQuery.describe('Only those to whom tickets suppress messages now'),
});

export const lookupBody = z
  .object({
    email: z.string().min(1).max(320).optional(),
    phone: z.string().min(1).max(50).optional(),
    externalId: z.string().min(1).max(512).optional(),
    userId: z.string().min(1).max(512).optional(),
  })
  .refine((body) => Object.values(body).filter((value) => value !== undefined).length === 1, {
    error: 'name exactly one of email, phone, externalId and userId',
    params: { code: 'exactly_one' },
  })
  .meta({ id: 'CustomerLookup' });
