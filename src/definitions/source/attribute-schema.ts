import { z } from 'zod';
import { choice, id, positiveDuration } from './scalars.ts';

const attribute = z.strictObject({
  source: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Only events of this source set it; any, if left out.'),
  party: choice(['first', 'second', 'third']).default('first').describe('Who collected it.'),
  sensitivity: z
    .int()
    .min(0)
    .max(3)
    .default(0)
    .describe("0 says little about a person, 3 a lot. Read up to the customer's personalisation level."),
  uses: z
    .array(choice(['marketing', 'service']))
    .min(1)
    .optional()
    .describe('What it may be used for; everything, if left out.'),
  consent: id.optional().describe('Purpose that the customer must have consented to.'),
  fresh: positiveDuration.optional().describe('Older than this it is stale, and not read.'),
  fallback: z.json().optional().describe('Read instead of a stale value. Without one it reads as missing.'),
});

/** `attributes.yaml`: where attributes of customers and accounts come from, and what they may be used for. */
export const attributesSource = z
  .record(z.string().min(1).max(100), attribute)
  .meta({ id: 'attributes', title: 'attributes.yaml' });

export type AttributesSource = z.output<typeof attributesSource>;
