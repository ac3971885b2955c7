import { z } from 'zod';
import { choice, id, positiveDuration } from './scalars.ts';

const attribute = z.strictObject({
  source: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Only events of this source set it. Without it: events of any source.'),
  party: choice(['first', 'second', 'third']).default('first').describe('Who collected it.'),
  sensitivity: z
    .int()
    .min(0)
    .max(3)
    .default(0)
    .describe(
      "0 says little about a person, 3 a lot. Attributes above the customer's personalisation level are not read.",
    ),
  uses: z
    .array(choice(['marketing', 'service']))
    .min(1)
    .optional()
    .describe('What it may be used for. Without it: everything.'),
  consent: id.optional().describe('Purpose that the customer must have consented to.'),
  fresh: positiveDuration.optional().describe('A value older than this is stale and is not read.'),
  fallback: z
    .json()
    .optional()
    .describe('Is read instead of a stale value. Without it a stale value reads as missing.'),
});

/** `attributes.yaml`: where attributes of customers and accounts come from, and what they may be used for. */
export const attributesSource = z
  .record(z.string().min(1).max(100), attribute)
  .meta({ id: 'attributes', title: 'attributes.yaml' });

export type AttributesSource = z.output<typeof attributesSource>;
