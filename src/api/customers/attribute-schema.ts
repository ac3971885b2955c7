import { z } from 'zod';
import { time } from '../frame/schema.ts';

const withheld = z.enum(['source', 'use', 'sensitivity', 'consent', 'stale']).nullable();

export const attribute = z
  .object({
    name: z.string(),
    value: z.unknown(),
    source: z.string().describe('Who said it'),
    party: z.enum(['first', 'second', 'third']).describe('Whose data it is'),
    at: time.describe('When it was said'),
    stale: z.boolean().describe('Older than its declaration allows'),
    fallback: z.unknown().optional().describe('Read in its place, since it is stale'),
    sensitivity: z.number().int(),
    uses: z.array(z.enum(['marketing', 'service'])).describe('What it may be used for'),
    consent: z.string().nullable().describe('Purpose that must be granted before it is read'),
    withheld: z
      .object({ marketing: withheld, service: withheld })
      .optional()
      .describe('Why conditions and content of that class find nothing there now; null: they read it'),
  })
  .meta({ id: 'Attribute', description: 'Something known about a customer or an account, and from where' });
