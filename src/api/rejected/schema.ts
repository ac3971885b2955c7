import { z } from 'zod';

export const retryResult = z
  .object({
    status: z.enum(['accepted', 'repeated', 'ignored', 'rejected']),
    code: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'RetryResult', description: 'What became of a rejected event that was read again' });

export const retryBody = z
  .strictObject({
    code: z.string().optional().describe('Only those that were rejected with it'),
    source: z.string().optional().describe('Only those of this source'),
    after: z.string().optional().describe('`next` of the call before'),
  })
  .meta({ id: 'RetryQuery' });

export const retryCounts = z
  .object({
    accepted: z.number().int(),
    repeated: z.number().int(),
    ignored: z.number().int(),
    rejected: z.number().int(),
    next: z.string().nullable().describe('Continue after it; null if that was all'),
  })
  .meta({ id: 'RetryCounts' });
