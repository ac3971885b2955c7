import { z } from 'zod';
import { HARMS } from '../../domain/definition.ts';
import { actor } from '../commands/schema.ts';
import { actionClass, cursorQuery, limitQuery, listOf, orNull, timeOrNull } from '../frame/schema.ts';

const side = z.object({ customers: z.number().int(), harmed: z.number().int() });

const reading = z.object({
  harm: z.enum(HARMS),
  verdict: z.enum(['pause', 'clear', 'no_control']),
  p: z
    .number()
    .describe(
      'Anytime-valid p-value: it may be read at any time. The guardrail is breached at or below alpha',
    ),
  alpha: z.number(),
  tolerance: z.number().describe('Tolerated odds ratio against the controls'),
  ratio: z
    .number()
    .nullable()
    .describe('Rate of the treated divided by the rate of the controls; null if that is 0'),
  treated: side,
  control: side,
});

export const action = z
  .object({
    id: z.string(),
    class: actionClass,
    state: z.enum(['active', 'paused']),
    pausedSince: timeOrNull,
    pauseCause: orNull(
      z.object({
        harm: z.enum([...HARMS, 'by_hand']),
        reason: z.string().nullable(),
        actor: z.string().nullable(),
        reading: orNull(reading.omit({ harm: true })).describe(
          'The reading that made the guardrail pause the action',
        ),
      }),
    ).describe('Why the action is paused'),
    exposed: z
      .number()
      .int()
      .nullable()
      .describe('Customers who received the action; null: no guardrail watches it'),
    guardrails: z
      .array(reading)
      .describe('Current readings, one per harm: all treated customers against all controls'),
  })
  .meta({ id: 'Action', description: 'An action, its state, and its guardrails' });

export const actionList = listOf(action).meta({ id: 'ActionList' });

export const actionsQuery = z.object({ limit: limitQuery, cursor: cursorQuery });

export const pauseBody = z
  .object({ reason: z.string().min(1).max(500), actor })
  .meta({ id: 'ActionCommand' });
