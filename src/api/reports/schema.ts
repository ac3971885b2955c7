import { z } from 'zod';
import { money, time } from '../frame/schema.ts';

/** The days that a report covers; `parsePeriod` reads them. */
export const periodQuery = z.object({
  from: z.iso.date().optional().describe('First day (UTC), `YYYY-MM-DD`; default: 90 days before `to`'),
  to: z.iso
    .date()
    .optional()
    .describe('First day (UTC) after the period; default: tomorrow. At most 366 days after `from`'),
  format: z.enum(['json', 'csv']).optional().describe('Default: as `Accept` asks, and JSON otherwise'),
});

/** The age of a report. */
export const countedAt = time.describe('When the numbers were counted');

/** Every report states its period, because the query may leave it to the default. */
export const period = z
  .object({ from: time, to: time.describe('Exclusive') })
  .meta({ id: 'ReportPeriod', description: 'From `from` (inclusive) to `to` (exclusive)' });

export const sampleRatio = z
  .object({
    verdict: z
      .enum(['ok', 'invalid', 'too_few', 'one_arm'])
      .describe('`invalid`: the sizes of the arms contradict the assignment'),
    chiSquare: z.number(),
    p: z.number(),
    arms: z.array(z.object({ arm: z.string(), customers: z.number().int(), expected: z.number() })),
  })
  .meta({ id: 'SampleRatio', description: 'Whether the sizes of the arms match the assignment' });

const customers = z.number().int();

export const invalidComparison = z
  .object({ kind: z.literal('invalid'), sampleRatio })
  .meta({ id: 'InvalidComparison', description: 'The sizes of the arms contradict the assignment' });

export const noControl = z
  .object({ kind: z.literal('no_control'), treated: customers })
  .meta({ id: 'NoControl' });

export const tooFewCustomers = z
  .object({ kind: z.literal('too_few'), treated: customers, control: customers, needed: customers })
  .meta({ id: 'TooFewCustomers' });

const armMean = z.object({ customers, mean: z.number() }).meta({ id: 'ArmMean' });
const moneyArmMean = z.object({ customers, mean: money }).meta({ id: 'MoneyArmMean' });

/**
 * @param amount how amounts are written: as numbers or as money
 * @param prefix of the names of its schemas
 */
function headlineOf<Amount extends z.ZodType, Side extends z.ZodType>(
  amount: Amount,
  side: Side,
  prefix: string,
) {
  const difference = {
    difference: amount.describe('Treated minus control, per customer'),
    low: amount.describe('Lower end of the 95 % interval'),
    high: amount,
    detectable: amount.describe('The smallest difference that these arms can reliably show'),
    treated: side,
    control: side,
  };
  return z.discriminatedUnion('kind', [
    invalidComparison,
    noControl,
    tooFewCustomers,
    z.object({ kind: z.literal('underpowered'), ...difference }).meta({ id: `${prefix}Underpowered` }),
    z
      .object({
        kind: z.literal('compared'),
        ...difference,
        lift: z
          .number()
          .nullable()
          .describe('Share of the mean of the controls; null if that is not above 0'),
        p: z.number().describe('Two-sided p-value'),
      })
      .meta({ id: `${prefix}Compared` }),
  ]);
}

const NO_CONTROL =
  'Treated against control, or why they cannot be compared. Without a control no mean is shown';

/** Shares of customers, or numbers per customer. */
export const headline = headlineOf(z.number(), armMean, '').meta({ id: 'Headline', description: NO_CONTROL });

/** Money per customer. */
export const moneyHeadline = headlineOf(money, moneyArmMean, 'Money').meta({
  id: 'MoneyHeadline',
  description: NO_CONTROL,
});
