import { z } from 'zod';
import { timeOrNull } from '../frame/schema.ts';

export const verdict = z
  .object({
    gate: z.string(),
    rule: z
      .string()
      .optional()
      .describe(
        'Where the rule stands in the definitions: `tickets` or `caps[1]` of the workspace, `group.caps[0]`, `eligible` or `limit[0]` of the action; missing where nothing is defined',
      ),
    version: z.number().int().optional().describe('The bundle whose rule it is, where that is known'),
    pass: z.boolean(),
    code: z.string().optional(),
    observed: z.unknown().optional(),
    needed: z.unknown().optional(),
    liftsAt: timeOrNull.optional().describe('When time alone lifts it'),
    liftsOn: z.string().nullable().optional().describe('The kind of event that lifts it'),
  })
  .meta({ id: 'Verdict', description: "One rule's answer about one candidate" });
