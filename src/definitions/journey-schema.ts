import { z } from 'zod';
import { cel, choice, eventName, id, percent, positiveDuration } from './scalars.ts';
import { onWhenOrAfter, stepSource, triggerFields } from './step-schema.ts';

const entry = z
  .union([
    eventName,
    z.strictObject({
      on: eventName,
      when: cel.optional().describe('Must hold for the event to enter.'),
      maxAge: positiveDuration.default('24h').describe('An event that happened longer ago enters nobody.'),
    }),
  ])
  .describe('An event that customers enter by.');

const exit = z
  .union([
    eventName,
    z.strictObject({ ...triggerFields, after: positiveDuration.optional() }).superRefine(onWhenOrAfter),
  ])
  .describe('An event, a condition (when), or a time since entering (after).');

const goal = z
  .strictObject({
    ...triggerFields,
    on: eventName,
    within: positiveDuration.describe('Counts from entering.'),
    kpi: z
      .string()
      .regex(/^[a-z0-9_-]{1,64}$/, 'must be the name of a KPI: a-z, 0-9, _ and -')
      .describe('What success is measured by: repeat_rate, recovered_margin… Opens and clicks are refused.'),
    exit: z.boolean().default(true).describe('Whether reaching the goal ends the enrollment.'),
  })
  .describe('What the journey is for. Counted for the holdout too.');

/** A journey: when customers enter, what it waits for, which actions it proposes, its goal and its exits. */
export const journeySource = z
  .strictObject({
    id: id.describe('Id of the journey.'),
    owner: id.describe('The role that answers for it.'),
    class: choice(['marketing', 'service']).default('marketing'),
    stage: id.optional().describe('For reports: one of the stages of workspace.yaml.'),
    goal: goal.optional(),
    holdout: percent
      .optional()
      .describe('Share of customers who are only watched, to compare with. Marketing journeys need it.'),
    enter: z.union([entry, z.array(entry).min(1)]).describe('How customers enter: one event, or a list.'),
    key: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Event property that tells enrollments apart: one open enrollment per value.'),
    reenter: z
      .union([choice(['never', 'always']), z.strictObject({ after: positiveDuration })])
      .optional()
      .describe(
        'Whether an ended enrollment can be followed by another. Default: never if keyed, else always.',
      ),
    whileOpen: choice(['ignore', 'restart'])
      .default('ignore')
      .describe('What a second entry does while one is open.'),
    exit: z.array(exit).min(1).describe('At least one way out, so that nobody stays for ever.'),
    limit: z.int().min(1).optional().describe('Open enrollments per customer at once.'),
    steps: z.array(stepSource).min(1).max(200),
  })
  .meta({ id: 'journey', title: 'A journey' });

export type JourneySource = z.output<typeof journeySource>;
export type EntrySource = z.output<typeof entry>;
export type ExitSource = z.output<typeof exit>;
