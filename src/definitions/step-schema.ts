import { z } from 'zod';
import { cel, choice, duration, eventName, id } from './scalars.ts';
import { channel } from './workspace-schema.ts';

const target = id.describe('Id of a step of this journey, or exit.');
const match = choice(['key', 'customer'], ['account']).describe(
  "key: the event's key property equals the enrollment's; customer: any such event of this customer. Default: key if the journey has one.",
);

/** `{ on, when, match }`, the long form of a trigger. */
export const triggerFields = {
  on: eventName.optional(),
  when: cel
    .optional()
    .describe('Must hold too, with `event` being this event (with `on`), or on its own (without).'),
  match: match.optional(),
};

/** Exactly one of the keys, or a reason that names them all. */
function exactlyOne(keys: readonly string[]) {
  return (value: Record<string, unknown>, ctx: z.RefinementCtx) => {
    const given = keys.filter((key) => value[key] !== undefined);
    if (given.length !== 1) {
      const found = given.length === 0 ? 'none' : given.join(' and ');
      ctx.addIssue({ code: 'custom', message: `needs exactly one of ${keys.join(', ')}; it has ${found}` });
    }
  };
}

/** An item of a list of conditions: by event (`on`, perhaps with `when`), by state (`when` alone), or by time (`after`). */
export function onWhenOrAfter(value: Record<string, unknown>, ctx: z.RefinementCtx): void {
  if (value.on !== undefined && value.after === undefined) return;
  if (value.on === undefined && value.match !== undefined) {
    ctx.addIssue({ code: 'custom', path: ['match'], message: 'only goes with on' });
  }
  exactlyOne(value.on === undefined ? ['when', 'after'] : ['on', 'after'])(value, ctx);
}

const until = z
  .union([
    eventName,
    z
      .strictObject({ ...triggerFields, after: duration.optional(), next: target.optional() })
      .superRefine(onWhenOrAfter),
  ])
  .describe('An event, a condition (when), or a time (after). The first that comes true ends the wait.');

const decide = z.strictObject({
  actions: z
    .array(z.string().regex(/^(tag:)?[a-z0-9-]{1,64}$/, 'must be the id of an action, or tag:x'))
    .min(1)
    .describe('Ids of actions, or tag:x for all that carry the tag. The order breaks ties.'),
  channels: z.array(channel).min(1).optional().describe('Narrows the channels of the actions.'),
  deliver: choice(['one'], ['all']).default('one'),
  hold: duration
    .default('7d')
    .describe('How long blocked actions are held and decided afresh; then the outcome is expired.'),
  // biome-ignore lint/suspicious/noThenProperty: the language's word; the value is data and never awaited
  then: z
    .record(z.string(), target)
    .default({})
    .describe(
      'Where to go after an outcome: {action}, {action}.{outcome}, nothing, expired, failed. Others go on to next.',
    ),
});

const wait = z.strictObject({
  until: z.array(until).min(1),
  since: choice(['step', 'enter'])
    .default('step')
    .describe('Which events count: those after the step began, or those of the whole enrollment.'),
});

const arm = z
  .strictObject({ when: cel.optional(), next: target.optional(), else: target.optional() })
  .superRefine((value, ctx) => {
    exactlyOne(['when', 'else'])(value, ctx);
    if (value.when !== undefined && value.next === undefined) {
      ctx.addIssue({ code: 'custom', path: ['next'], message: 'is required with when' });
    }
    if (value.else !== undefined && value.next !== undefined) {
      ctx.addIssue({ code: 'custom', path: ['next'], message: 'else names the step itself' });
    }
  })
  .describe('{ when, next } or { else }: the first that holds is taken.');

const KINDS = ['decide', 'wait', 'branch', 'goto', 'exit'] as const;

/** One step. Its kind is the one of {@link KINDS} that it has. */
export const stepSource = z
  .strictObject({
    id: id.describe('Unique within the journey.'),
    decide: decide.optional().describe('Choose among actions, carry out one, or nothing.'),
    wait: wait.optional().describe('Stand still until something happens.'),
    branch: z.array(arm).min(1).optional().describe('Go different ways.'),
    goto: target.optional().describe('Go to a step.'),
    exit: id.optional().describe('Leave the journey, for this reason.'),
    next: target.optional().describe('Step after this one; the one below if left out. Below the last: exit.'),
  })
  .superRefine((step, ctx) => {
    exactlyOne(KINDS)(step, ctx);
    if (step.next !== undefined && (step.goto !== undefined || step.exit !== undefined)) {
      ctx.addIssue({ code: 'custom', path: ['next'], message: 'goto and exit have no next' });
    }
  });

export type StepSource = z.output<typeof stepSource>;
export type UntilSource = z.output<typeof until>;
