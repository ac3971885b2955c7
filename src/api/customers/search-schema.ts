import { z } from 'zod';
import { flagQuery, listOf, pageQuery, time } from '../frame/schema.ts';
import { identity } from './schema.ts';

const customerSummary = z
  .object({
    id: z.string(),
    createdAt: time,
    eventSeq: z.number().int(),
    identities: z.array(identity),
    paused: z.boolean(),
    parked: z.boolean(),
    openTickets: z.number().int(),
  })
  .meta({ id: 'CustomerSummary' });

export const customerList = listOf(customerSummary).meta({ id: 'CustomerList' });

export const searchQuery = pageQuery.extend({
  q: z.string().max(512).default(''),
  parked: flagQuery.describe('Only those with `poison`'),
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
