import { z } from 'zod';
import { time } from '../frame/schema.ts';

const withheld = z.enum(['source', 'use', 'sensitivity', 'consent', 'stale']).nullable();

export const attribute = z
  .object({
    name: z.string(),
    value: z.unknown(),
    source: z.string().describe('Source of the value'),
    device: z
      .boolean()
      .optional()
      .describe('True: a setting of the device, which applies only while nothing else was stated'),
    unproven: z.literal(true).optional().describe('An address that only a browser key has stated'),
    party: z.enum(['first', 'second', 'third']).describe('Whose data it is'),
    at: time.describe('When the source reported it'),
    stale: z.boolean().describe('Older than the declared maximum age'),
    fallback: z
      .unknown()
      .optional()
      .describe('The declared fallback that is read instead, because the value is stale'),
    sensitivity: z.number().int(),
    uses: z.array(z.enum(['marketing', 'service'])).describe('Permitted uses'),
    consent: z.string().nullable().describe('Consent purpose that must be granted before the value is read'),
    withheld: z
      .object({ marketing: withheld, service: withheld })
      .optional()
      .describe('Why conditions and content of that class cannot read the value now; null: they can'),
  })
  .meta({ id: 'Attribute', description: 'One attribute of a customer or an account, with its source' });
