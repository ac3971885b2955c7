import { z } from 'zod';
import { AUTONOMY } from '../../domain/definition.ts';
import {
  cel,
  channel,
  choice,
  duration,
  eventName,
  id,
  percent,
  positiveDuration,
  signedDuration,
  timeOfDay,
} from './scalars.ts';

export const stepTarget = id.describe('Id of a step of this journey, or exit.');
const match = choice(['key', 'customer', 'account']).describe(
  "key: the event's key property equals the enrollment's; customer: any such event of this customer; account: of any member of the same account. Default: key if the journey has one, otherwise customer.",
);

/** `{ on, when, match }`: the long form of a trigger. */
export const triggerFields = {
  on: eventName.optional(),
  when: cel
    .optional()
    .describe('With `on`: must also hold, and `event` is that event. Without `on`: a condition on its own.'),
  match: match.optional(),
};

/** Refuses a mapping that doesn't have exactly one of the keys. */
function exactlyOne(keys: readonly string[]) {
  return (value: Record<string, unknown>, ctx: z.RefinementCtx) => {
    const presentKeys = keys.filter((key) => value[key] !== undefined);
    if (presentKeys.length !== 1) {
      const actual = presentKeys.length === 0 ? 'none' : presentKeys.join(' and ');
      ctx.addIssue({ code: 'custom', message: `needs exactly one of ${keys.join(', ')}; it has ${actual}` });
    }
  };
}

/** An exit or goal: by event (`on`, optionally with `when`), by state (`when` alone), or by time (`after`). */
export function requireOnWhenOrAfter(value: Record<string, unknown>, ctx: z.RefinementCtx): void {
  if (value.on !== undefined && value.after === undefined) return;
  if (value.on === undefined && value.match !== undefined) {
    ctx.addIssue({ code: 'custom', path: ['match'], message: 'only goes with on' });
  }
  exactlyOne(value.on === undefined ? ['when', 'after'] : ['on', 'after'])(value, ctx);
}

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const UNTIL_KINDS = ['on', 'when', 'after', 'at', 'date'] as const;

const untilFields = z
  .strictObject({
    ...triggerFields,
    for: positiveDuration
      .optional()
      .describe('The condition must have held for this long without interruption.'),
    after: duration.optional(),
    at: timeOfDay.optional().describe("The next time the customer's clock reads this."),
    days: z.array(choice(WEEKDAYS)).min(1).optional().describe('Only on these weekdays.'),
    date: cel
      .optional()
      .describe('A date of the customer: YYYY-MM-DD or an instant. A date in the past ends the wait.'),
    offset: signedDuration.optional().describe('-60d: sixty days before the date.'),
    next: stepTarget.optional(),
  })
  .superRefine((value, ctx) => {
    if (value.on === undefined && value.match !== undefined) {
      ctx.addIssue({ code: 'custom', path: ['match'], message: 'only goes with on' });
    }
    for (const [key, kind] of [
      ['for', 'when'],
      ['days', 'at'],
      ['offset', 'date'],
    ] as const) {
      if (
        value[key] === undefined ||
        (value[kind] !== undefined && (key !== 'for' || value.on === undefined))
      )
        continue;
      ctx.addIssue({ code: 'custom', path: [key], message: `only goes with ${kind}` });
    }
    exactlyOne(value.on === undefined ? UNTIL_KINDS : ['on', 'after', 'at', 'date'])(value, ctx);
  });

const until = z
  .union([eventName, untilFields])
  .describe(
    'An event, a condition (when), or a time (after, at, date). The first that becomes true ends the wait.',
  );

/** The actions that a decide step or a placement offers. */
export const offeredActions = z
  .array(z.string().regex(/^(tag:)?[a-z0-9-]{1,64}$/, 'must be the id of an action, or tag:x'))
  .min(1)
  .describe('Ids of actions, or tag:x for all actions with the tag. The order breaks ties.');

const decide = z.strictObject({
  actions: offeredActions,
  channels: z.array(channel).min(1).optional().describe('Narrows the channels of the actions.'),
  deliver: choice(['one', 'all'])
    .default('one')
    .describe('all: the chosen action is sent through every allowed channel.'),
  about: cel
    .optional()
    .describe("The id of the ticket or order that it is about. Default: the enrollment's key."),
  autonomy: choice(AUTONOMY).optional().describe('Who ranks: rules, a model within them, or a model alone.'),
  hold: duration
    .default('7d')
    .describe('How long a blocked decision is held and decided again. After that the outcome is expired.'),
  // biome-ignore lint/suspicious/noThenProperty: the language's word; the value is data and never awaited
  then: z
    .record(z.string(), stepTarget)
    .default({})
    .describe(
      'Where to go after an outcome: {action}, {action}.{outcome}, nothing, expired, failed. Other outcomes continue to next.',
    ),
});

const wait = z.strictObject({
  until: z.array(until).min(1),
  since: choice(['step', 'enter'])
    .default('step')
    .describe('Which events count: those after the step began, or those of the whole enrollment.'),
});

const arm = z
  .strictObject({
    when: cel.optional(),
    share: percent
      .optional()
      .describe('Share of customers, always the same ones. All shares must sum to 100%.'),
    salt: id
      .optional()
      .describe("Steps with the same salt divide customers in the same way. Default: the step's id."),
    next: stepTarget.optional(),
    else: stepTarget.optional(),
  })
  .superRefine((value, ctx) => {
    exactlyOne(['when', 'share', 'else'])(value, ctx);
    const kind = value.when !== undefined ? 'when' : 'share';
    if (value.else === undefined && value.next === undefined) {
      ctx.addIssue({ code: 'custom', path: ['next'], message: `is required with ${kind}` });
    }
    if (value.else !== undefined && value.next !== undefined) {
      ctx.addIssue({ code: 'custom', path: ['next'], message: 'else already names the step: remove next' });
    }
    if (value.salt !== undefined && value.share === undefined) {
      ctx.addIssue({ code: 'custom', path: ['salt'], message: 'only goes with share' });
    }
  })
  .describe('{ when, next }, { share, next } or { else }. The first that holds is taken.');

const set = z
  .record(z.string().regex(/^(vars|traits)\.[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be vars.x or traits.x'), cel)
  .refine((value) => Object.keys(value).length > 0, 'must not be empty')
  .describe('{ vars.x: CEL } sets a variable of the enrollment, { traits.x: CEL } a trait of the profile.');

const emit = z
  .strictObject({
    event: eventName,
    properties: z
      .record(z.string().min(1).max(100), z.union([cel, z.number(), z.boolean()]))
      .default({})
      .describe('By name: a CEL expression, a number, or true or false.'),
  })
  .describe("Appends an event to the customer's log.");

const KINDS = ['decide', 'wait', 'branch', 'set', 'emit', 'goto', 'exit'] as const;

/** One step. Its kind is the one of {@link KINDS} that it has. */
export const stepSource = z
  .strictObject({
    id: id.describe('Unique within the journey.'),
    decide: decide.optional().describe('Choose one of the actions, or nothing, and carry it out.'),
    wait: wait.optional().describe('Wait until something happens.'),
    branch: z.array(arm).min(1).optional().describe('Continue at different steps.'),
    set: set.optional(),
    emit: emit.optional(),
    goto: stepTarget.optional().describe('Go to a step.'),
    exit: id.optional().describe('Leave the journey, for this reason.'),
    next: stepTarget.optional().describe('The next step. Default: the step below; after the last one, exit.'),
  })
  .superRefine((step, ctx) => {
    exactlyOne(KINDS)(step, ctx);
    if (step.next !== undefined && (step.goto !== undefined || step.exit !== undefined)) {
      ctx.addIssue({ code: 'custom', path: ['next'], message: 'goto and exit have no next' });
    }
  });

export type StepSource = z.output<typeof stepSource>;
export type UntilSource = z.output<typeof until>;
export type ArmSource = z.output<typeof arm>;
