import { z } from 'zod';
import { HARMS } from '../../domain/definition.ts';
import { actor } from '../commands/schema.ts';
import { actionClass, cursorQuery, limitQuery, listOf, orNull, timeOrNull } from '../frame/schema.ts';

const side = z.object({ customers: z.number().int(), harmed: z.number().int() });

const reading = z.object({
  harm: z.enum(HARMS),
  verdict: z.enum(['pause', 'clear', 'no_control']),
  p: z.number().describe('Always valid: it may be looked at at any time. Breached at or below alpha'),
  alpha: z.number(),
  tolerance: z.number().describe('Odds against the controls that are borne'),
  ratio: z.number().nullable().describe("Rate of the treated over the controls'; null where that is zero"),
  treated: side,
  control: side,
});

export const action = z
  .object({
    id: z.string(),
    class: actionClass,
    state: z.enum(['active', 'paused']),
    since: timeOrNull.describe('Of the pause'),
    because: orNull(
      z.object({
        harm: z.enum([...HARMS, 'by_hand']),
        reason: z.string().nullable(),
        by: z.string().nullable(),
        reading: orNull(reading.omit({ harm: true })).describe('As it was when the guardrail paused it'),
      }),
    ).describe('Why it is paused'),
    exposed: z.number().int().nullable().describe('Customers to whom it went out; null where nobody watches'),
    guardrails: z
      .array(reading)
      .describe('As of now, one per harm: all who were assigned to treatment against all controls'),
  })
  .meta({ id: 'Action', description: 'An action, and how its customers fare against the controls' });

export const actionList = listOf(action).meta({ id: 'ActionList' });

export const actionsQuery = z.object({ limit: limitQuery, cursor: cursorQuery });

export const pauseBody = z.object({ reason: z.string().min(1).max(500), actor });
