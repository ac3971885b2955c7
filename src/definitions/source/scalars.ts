import { z } from 'zod';
import { suggestName } from '../../content/nearest-name.ts';
import { parseDuration } from '../../domain/time/time.ts';
import { parseTimeOfDay } from '../../domain/time/zone.ts';
import { isCurrency, readCurrency } from '../../domain/values/currency.ts';

/** Words with a meaning in `then` and `next`. Steps, actions and outcomes can't have them as ids. */
export const RESERVED_IDS = ['exit', 'nothing', 'expired', 'failed'];

const ID = /^[a-z0-9-]{1,64}$/;
const DURATION = /^\d{1,6}[smhdw]$/;
const SIGNED_DURATION = /^-?\d{1,6}[smhdw]$/;
const CHANNEL = /^[a-z][a-z0-9_]{0,31}$/;
const REASON_CODE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const PERCENT = /^\d{1,3}(\.\d{1,2})?%$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * A text of this form. A value of another type gets the same message: `holdout: 10` should mention the percent sign,
 * not of texts.
 */
export function text(form: RegExp, message: string) {
  return z.string({ error: ({ input }) => (input === undefined ? undefined : message) }).regex(form, message);
}

export const id = text(ID, 'must be an id: 1 to 64 of a-z, 0-9 and -').describe(
  'Lower case letters, digits and hyphens. Never reuse one for a different thing.',
);

/** What people read where the id would stand: in the console and in its reports. */
export const displayName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'must be one line')
  .optional()
  .describe('What people read instead of the id. It may change at any time.');

export const description = z
  .string()
  .trim()
  .min(1)
  .max(1_000)
  .optional()
  .describe('What it is for, for people who read about it in the console.');

/** Shown by the API next to the codes of verdicts, so written alike. */
export const reasonCode = text(REASON_CODE, 'must be a code such as value_high: a-z, 0-9 and _')
  .max(64)
  .describe('Lower case, words joined by underscores.');

export const duration = text(DURATION, 'must be a duration such as 90s, 15m, 2h, 3d or 2w').describe(
  '90s, 15m, 2h, 3d or 2w; a day is always 24 hours.',
);

export const positiveDuration = duration.refine(
  (text) => (parseDuration(text) ?? 1) > 0,
  'must be longer than 0s',
);

/** An offset from a date: `-60d` is sixty days before it. */
export const signedDuration = text(
  SIGNED_DURATION,
  'must be a duration such as 3d, or -60d for sixty days before',
).describe('90s, 15m, 2h, 3d or 2w; with a minus, before.');

/** Whether the channel exists is checked against workspace.yaml. */
export const channel = text(CHANNEL, 'must be the id of a channel: a-z, 0-9 and _').describe(
  'email, agent_desk, or a channel declared in workspace.yaml.',
);

export const percent = text(PERCENT, 'must be a percentage such as 10%')
  .refine((text) => !PERCENT.test(text) || Number.parseFloat(text) <= 100, 'must be at most 100%')
  .describe('For example 10%.');

export const timeOfDay = text(TIME, 'must be a time of day such as "21:00"').describe(
  '"HH:MM", in the customer\'s time zone; without one, in the workspace\'s.',
);

const CURRENCY_MESSAGE = 'must be a currency code such as EUR';

/** In any spelling that events may use, too. Compiles to the code. */
export const currency = z
  .string({ error: ({ input }) => (input === undefined ? undefined : CURRENCY_MESSAGE) })
  .transform((text, { addIssue }) => {
    const code = readCurrency(text, '');
    if (code !== undefined && isCurrency(code)) return code;
    addIssue(CURRENCY_MESSAGE);
    return z.NEVER;
  });

const CEL_MESSAGE = 'must be a CEL expression';

export const cel = z
  .string({ error: ({ input }) => (input === undefined ? undefined : `${CEL_MESSAGE}: put it in quotes`) })
  .min(1, CEL_MESSAGE)
  .max(4_000)
  .describe('A CEL expression.');

/** Amounts are summed in minor units, which stay exact up to 2 ** 53. */
export const LARGEST_AMOUNT = 1_000_000_000_000;

export const celMoney = z
  .union([cel, z.number().min(-LARGEST_AMOUNT).max(LARGEST_AMOUNT)])
  .describe("An amount in the workspace's currency: a number, or a CEL expression.");

export const eventName = z
  .string()
  .min(1, 'must name an event')
  .max(200)
  .describe('Name of an event, exactly as it is sent: "Order Completed".');

/** One of the values. */
export function choice<const T extends string>(values: readonly T[]) {
  return z.enum(values, {
    error: ({ input }) =>
      `must be one of ${values.join(', ')}${typeof input === 'string' ? suggestName(input, values) : ''}`,
  });
}

/** To milliseconds. Only for texts that passed {@link duration} or {@link signedDuration}. */
export function toMillis(text: string): number {
  return text.startsWith('-') ? -toMillis(text.slice(1)) : (parseDuration(text) ?? 0);
}

/** To minutes since midnight. Only for texts that passed {@link timeOfDay}. */
export function toMinutes(text: string): number {
  return parseTimeOfDay(text) ?? 0;
}

/** To hundredths of a percent. Only for texts that passed {@link percent}. */
export function toHundredths(text: string): number {
  return Math.round(Number.parseFloat(text) * 100);
}

/** To a number from 0 to 1. Only for texts that passed {@link percent}. */
export function toFraction(text: string): number {
  return toHundredths(text) / 10_000;
}
