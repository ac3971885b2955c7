import { z } from 'zod';
import { HARMS } from '../../domain/definition.ts';
import { actor } from '../commands/schema.ts';
import {
  actionClass,
  cursorQuery,
  labels,
  limitQuery,
  listOf,
  money,
  orNull,
  time,
  timeOrNull,
} from '../frame/schema.ts';
import { probabilities } from '../reports/decisions-schema.ts';
import { countedAt, period, periodQuery } from '../reports/schema.ts';

const side = z.object({ customers: z.number().int(), harmed: z.number().int() });

const reading = z
  .object({
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
  })
  .meta({ id: 'GuardrailReading' });

const pauseCause = z
  .object({
    harm: z.enum([...HARMS, 'by_hand']),
    reason: z.string().nullable(),
    actor: z.string().nullable(),
    reading: orNull(reading.omit({ harm: true }).meta({ id: 'PausingReading' })).describe(
      'The reading that made the guardrail pause the action',
    ),
  })
  .meta({ id: 'PauseCause' });

export const action = z
  .object({
    id: z.string(),
    ...labels,
    class: actionClass,
    mode: z.enum(['auto', 'human']),
    channels: z.array(z.string()),
    offeredBy: z.object({ journeys: z.array(z.string()), placements: z.array(z.string()) }),
    recent: z
      .object({ chosen: z.number().int(), explored: z.number().int() })
      .describe('As in `choices`, of the last 28 days'),
    state: z.enum(['active', 'paused']),
    pausedSince: timeOrNull,
    pauseCause: orNull(pauseCause).describe('Why the action is paused'),
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

/** The period of which choices count. */
export const actionQuery = periodQuery.omit({ format: true });

export const actionsQuery = z.object({ limit: limitQuery, cursor: cursorQuery });

export const pauseBody = z
  .object({ reason: z.string().min(1).max(500), actor })
  .meta({ id: 'ActionCommand' });

const count = z.number().int();

export const actionDetail = action
  .extend({
    purpose: z.string(),
    topic: z.string().nullable(),
    priority: z.number().int(),
    lever: z.number(),
    reward: orNull(
      z.object({ on: z.string(), withinSeconds: z.number(), unit: z.enum(['share', 'money']) }),
    ).describe('The event that shows success, and how long after the decision it counts'),
    countedAt,
    period,
    choices: z
      .object({
        chosen: count,
        explored: count.describe('Of those, drawn for a customer of the exploration share'),
        meanPropensity: z.number().nullable(),
        leastPropensity: z.number().nullable(),
        rewards: z.array(z.object({ state: z.string(), count })),
      })
      .describe('Arbitrations of the period that chose the action; only of an action with a reward'),
    calibration: z.object({
      probabilities: orNull(probabilities),
      amounts: orNull(z.object({ cases: count, predicted: money, observed: money })),
    }),
    pauses: z
      .array(
        z.object({ since: time, cause: pauseCause, liftedAt: timeOrNull, liftedBy: z.string().nullable() }),
      )
      .describe('The newest pauses'),
  })
  .meta({ id: 'ActionDetail', description: 'An action with what its choices came to' });

export const arbitrationSettings = z
  .object({
    version: z.number().int().describe('Of the active bundle'),
    mode: z.enum(['uplift', 'pcvl']),
    off: z.array(z.string()).describe('Factors that are not used'),
    fatigue: money.describe('Cost of each contact of the last seven days'),
    explore: z.number().describe('Share of customers whose decisions are drawn uniformly'),
    actions: z.array(
      z.object({ action: z.string(), class: actionClass, priority: z.number().int(), lever: z.number() }),
    ),
  })
  .meta({ id: 'ArbitrationSettings', description: 'How actions are weighed against each other' });
