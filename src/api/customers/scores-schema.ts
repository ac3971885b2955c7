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
    low: z.number().int().describe('5th percentile over the possible futures'),
    high: z.number().int().describe('95th percentile'),
    band: z.enum(['cold', 'warm', 'hot']),
    change: z.number().int().describe('Change over the last thirty days'),
    parts: z
      .object({
        futureValue: z.number().int(),
        margin: z.number().int(),
        advocacy: z.number().int(),
        engagement: z.number().int(),
      })
      .describe('Points per part; they add up to the value'),
    areas: z
      .object({ category: z.array(area), channel: z.array(area) })
      .describe('The shares of each list add up to 100'),
    fittedAt: time,
  })
  .meta({
    id: 'ValueThermometer',
    description: 'The value of the customer to the workspace, and its parts',
  });

const score = z
  .object({
    value: z.number().min(0).max(1),
    factors: z.array(
      z.object({
        name: z.string(),
        observed: z.union([z.number(), z.string(), z.boolean(), z.null()]),
        contribution: z.number().describe('What the factor adds to the value; 0: it only explains'),
      }),
    ),
  })
  .meta({ id: 'Score' });

const model = z
  .object({ ok: z.boolean(), code: z.string().nullable(), message: z.string().nullable() })
  .meta({ id: 'FittedModel' });

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
    alive: z.number().min(0).max(1).nullable().describe('Probability that the customer will buy again'),
    clv: orNull(
      z.object({
        value: money,
        low: money.describe('Lower end of the 90 % interval'),
        high: money,
        purchases: z.number(),
      }),
    ),
    clvUnavailable: orNull(z.object({ code: z.string(), message: z.string() })).describe(
      'Why there is no lifetime value',
    ),
    overdueAt: timeOrNull,
    lapsedAt: timeOrNull,
    sunsetAt: timeOrNull,
    datesFrom: z
      .enum(['fit', 'rhythm'])
      .describe('`fit`: from the nightly fit; `rhythm`: from the gaps between the customer’s own purchases'),
    fit: orNull(
      z.object({ version: z.string(), at: time, customers: z.number().int(), buying: model, spend: model }),
    ).describe('The nightly fit that the scores use'),
  })
  .meta({ id: 'Scores', description: 'The scores that conditions can use, with the factors behind each' });
