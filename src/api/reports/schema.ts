import { z } from 'zod';
import { money, time } from '../frame/schema.ts';

/** Which days a report is about; `periodOf` reads it. */
export const periodQuery = z.object({
  from: z.iso.date().optional().describe('First day (UTC), `YYYY-MM-DD`; default: 90 days before `to`'),
  to: z.iso
    .date()
    .optional()
    .describe('First day (UTC) that is no longer in it; default: tomorrow. At most 366 days after `from`'),
});

/** In every report, so that nobody has to guess what a default was. */
export const period = z
  .object({ from: time, to: time.describe('Not in it') })
  .meta({ id: 'ReportPeriod', description: 'From `from` to before `to`' });

export const sampleRatio = z
  .object({
    verdict: z
      .enum(['ok', 'invalid', 'too_few', 'one_arm'])
      .describe("`invalid`: the arms' sizes can't have come about by the assignment"),
    chiSquare: z.number(),
    p: z.number(),
    arms: z.array(z.object({ arm: z.string(), customers: z.number().int(), expected: z.number() })),
  })
  .meta({ id: 'SampleRatio', description: "Whether the arms' sizes are what the assignment gives" });

const customers = z.number().int();

/** @param amount how the difference is written: a number, or money */
function headlineOf<Amount extends z.ZodType>(amount: Amount) {
  const side = z.object({ customers, mean: amount });
  const difference = {
    difference: amount.describe('Treated less control, per customer'),
    low: amount.describe('Interval at 95 %'),
    high: amount,
    detectable: amount.describe('The smallest difference that these arms could be relied on to show'),
    treated: side,
    control: side,
  };
  return z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('invalid'), sampleRatio }),
    z.object({ kind: z.literal('no_control'), treated: customers }),
    z.object({ kind: z.literal('too_few'), treated: customers, control: customers, needed: customers }),
    z.object({ kind: z.literal('underpowered'), ...difference }),
    z.object({
      kind: z.literal('compared'),
      ...difference,
      lift: z.number().nullable().describe("As a share of the control's mean; null where that isn't above 0"),
      p: z.number().describe('Two-sided'),
    }),
  ]);
}

const NO_CONTROL = 'Treated against control, or why nothing can be said. Without a control there is no mean';

/** Shares of customers, or numbers per customer. */
export const headline = headlineOf(z.number()).meta({ id: 'Headline', description: NO_CONTROL });

/** Money per customer. */
export const moneyHeadline = headlineOf(money).meta({ id: 'MoneyHeadline', description: NO_CONTROL });
