import { z } from 'zod';
import { timeOrNull } from '../frame/schema.ts';

const fact = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]);

export const verdict = z
  .object({
    gate: z.string(),
    rule: z
      .string()
      .optional()
      .describe(
        'Path of the rule: `tickets` or `caps[1]` of the workspace, `group.caps[0]`, `eligible` or `limit[0]` of the action; missing for built-in rules',
      ),
    version: z.number().int().optional().describe('Version of the bundle that defines the rule, if recorded'),
    pass: z.boolean(),
    code: z.string().optional(),
    observed: z
      .union([fact, z.object({ harm: z.string(), since: timeOrNull })])
      .optional()
      .describe('What the rule found; a time as text. Of a pause: its harm and since when'),
    needed: fact.optional().describe('What would pass, such as a limit, a condition or a time'),
    liftsAt: timeOrNull.optional().describe('When the reason ends by itself'),
    liftsOn: z.string().nullable().optional().describe('Name of the event that ends the reason'),
    windowSeconds: z.number().int().nullable().optional().describe('Window of a cap or limit, if known'),
  })
  .meta({ id: 'Verdict', description: 'The result of one gate for one candidate' });
