import { z } from 'zod';
import { money, orNull, time, timeOrNull } from '../frame/schema.ts';

const area = z.object({
  kind: z.enum(['category', 'channel', 'service']).describe('`service`: what service cost, negative'),
  name: z.string(),
  amount: money,
  share: z.number().nullable().describe('Percent of the net; null when the net is not above 0'),
});

export const valueThermometer = z
  .object({
    value: z.number().int().min(0).max(100),
    low: z.number().int().describe('If the future comes out as one of twenty does at worst'),
    high: z.number().int().describe('And at best'),
    band: z.enum(['cold', 'warm', 'hot']),
    change: z.number().int().describe('In thirty days'),
    parts: z
      .object({
        futureValue: z.number().int(),
        margin: z.number().int(),
        advocacy: z.number().int(),
        engagement: z.number().int(),
      })
      .describe('Points; they add up to the value'),
    areas: z
      .object({ category: z.array(area), channel: z.array(area) })
      .describe('The shares of each add up to 100'),
    fittedAt: time,
  })
  .meta({
    id: 'ValueThermometer',
    description: 'How much the customer means to the workspace, and where it comes from',
  });

const score = z.object({
  value: z.number().min(0).max(1),
  because: z.array(
    z.object({
      name: z.string(),
      observed: z.union([z.number(), z.string(), z.boolean(), z.null()]),
      adds: z.number().describe('What it adds to the value; 0 if it only explains'),
    }),
  ),
});

const model = z.object({ ok: z.boolean(), code: z.string().nullable(), say: z.string().nullable() });

export const scores = z
  .object({
    recency: score,
    frequency: score,
    intent: score,
    type: score,
    engagement: score,
    monetary: score,
    rfm: orNull(
      z.object({
        r: z.number().int().min(1).max(5),
        f: z.number().int().min(1).max(5),
        m: z.number().int().min(1).max(5),
        cell: z.string(),
      }),
    ),
    alive: z.number().min(0).max(1).nullable().describe('Chance that the customer still buys at all'),
    clv: orNull(
      z.object({
        value: money,
        low: money.describe('Nine of ten futures lie between low and high'),
        high: money,
        purchases: z.number(),
      }),
    ),
    why: orNull(z.object({ code: z.string(), say: z.string() })).describe('Why there is no lifetime value'),
    overdueAt: timeOrNull,
    lapsedAt: timeOrNull,
    sunsetAt: timeOrNull,
    datesFrom: z.enum(['fit', 'rhythm']).describe('`rhythm`: the customer’s own gaps, while no fit can say'),
    fit: orNull(
      z.object({ version: z.string(), at: time, customers: z.number().int(), buying: model, spend: model }),
    ).describe('The night’s fit that they rest on'),
  })
  .meta({ id: 'Scores', description: 'What conditions can name, with the reasons' });
