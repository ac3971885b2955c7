import { z } from 'zod';
import {
  cel,
  choice,
  description,
  displayName,
  eventName,
  id,
  percent,
  positiveDuration,
  signedDuration,
  text,
  timeOfDay,
} from './scalars.ts';
import { requireOnWhenOrAfter, stepSource, stepTarget, triggerFields } from './step-schema.ts';

/** The kinds of entries: an entry has exactly one of these keys. */
const ENTRY_KINDS = ['on', 'segment', 'schedule', 'date', 'api'] as const;
/** Keys that go with each kind, to name a key that doesn't fit. `segment` has an `on` of its own. */
const GOES_WITH: Record<string, readonly string[]> = {
  event: ['when', 'match', 'maxAge'],
  segment: ['backfill'],
  schedule: ['where'],
  date: ['offset', 'at', 'repeat', 'leapDay', 'grace'],
  api: [],
};

const entryFields = z
  .strictObject({
    on: eventName.optional().describe('Name of the event; with segment: enter or leave.'),
    when: cel.optional().describe('Must hold for the event to enter.'),
    match: choice(['customer', 'account'])
      .optional()
      .describe('account: the event may be of any member of the same account.'),
    maxAge: positiveDuration.optional().describe('An older event does not enter the customer. Default: 24h.'),
    segment: id.optional().describe('By entering this segment (on: enter) or leaving it (on: leave).'),
    backfill: z
      .boolean()
      .optional()
      .describe('Customers who are already inside the segment when the journey is first applied enter too.'),
    schedule: z
      .string()
      .max(100)
      .optional()
      .describe("Five fields of cron, in the workspace's zone: minute hour day month weekday."),
    where: id.optional().describe('Only customers of this segment. Without it: all customers.'),
    date: cel.optional().describe('A date of the customer: YYYY-MM-DD or an instant.'),
    offset: signedDuration.optional().describe('-60d: sixty days before the date.'),
    at: timeOfDay.optional().describe('Default: "09:00".'),
    repeat: choice(['once', 'year']).optional().describe('Default: once.'),
    leapDay: choice(['feb28', 'mar1'])
      .optional()
      .describe('The day that stands for 29 February in other years. Default: feb28.'),
    grace: positiveDuration
      .optional()
      .describe('A date that is past by more than this is skipped. Default: 6h.'),
    api: z.literal(true, 'must be true').optional().describe('By POST /v1/journeys/{id}/enrollments.'),
  })
  .superRefine((value, ctx) => {
    const presentKinds = ENTRY_KINDS.filter((kind) => value[kind] !== undefined);
    const kinds = presentKinds.includes('segment')
      ? presentKinds.filter((kind) => kind !== 'on')
      : presentKinds;
    if (kinds.length !== 1) {
      const actual = kinds.length === 0 ? 'none' : kinds.join(' and ');
      const message = `needs exactly one of ${ENTRY_KINDS.join(', ')}; it has ${actual}`;
      ctx.addIssue({ code: 'custom', message });
      return;
    }
    const kind = kinds[0] === 'on' ? 'event' : (kinds[0] as string);
    for (const [other, keys] of Object.entries(GOES_WITH)) {
      if (other === kind) continue;
      for (const key of keys) {
        if (value[key as keyof typeof value] === undefined) continue;
        const word = other === 'event' ? 'on' : other;
        ctx.addIssue({
          code: 'custom',
          path: [key],
          message: `only goes with ${word}, but this entry has ${kinds[0]}`,
        });
      }
    }
    if (kind === 'segment' && value.on !== 'enter' && value.on !== 'leave') {
      const message =
        value.on === undefined
          ? 'is required with segment: enter or leave'
          : `segment and on: ${value.on} can't be combined: use on: enter or leave, or enter by event`;
      ctx.addIssue({ code: 'custom', path: ['on'], message });
    }
    if (value.leapDay !== undefined && value.repeat !== 'year') {
      ctx.addIssue({ code: 'custom', path: ['leapDay'], message: 'only goes with repeat: year' });
    }
  });

const entry = z
  .union([eventName, entryFields])
  .describe('How customers enter: by event (on), segment, schedule, date, or API.');

const exit = z
  .union([
    eventName,
    z
      .strictObject({ ...triggerFields, after: positiveDuration.optional() })
      .superRefine(requireOnWhenOrAfter),
  ])
  .describe('An event, a condition (when), or a time since entering (after).');

const goal = z
  .strictObject({
    ...triggerFields,
    on: eventName,
    within: positiveDuration.describe('Counts from entering.'),
    kpi: text(/^[a-z0-9_-]{1,64}$/, 'must be the name of a KPI: a-z, 0-9, _ and -').describe(
      'The measure of success: repeat_rate, recovered_margin… Opens and clicks are refused.',
    ),
    exit: z.boolean().default(true).describe('Whether reaching the goal ends the enrollment.'),
  })
  .describe('The purpose of the journey. It is counted for the holdout too.');

/** A journey: when customers enter, what it waits for, which actions it proposes, its goal and its exits. */
export const journeySource = z
  .strictObject({
    id: id.describe('Id of the journey.'),
    name: displayName,
    description,
    owner: id.describe('The role that is responsible for it.'),
    class: choice(['marketing', 'service']).default('marketing'),
    stage: id.optional().describe('For reports: one of the stages of workspace.yaml.'),
    goal: goal.optional(),
    holdout: percent
      .optional()
      .describe(
        'Share of customers who are observed but not treated, for comparison. Required for marketing.',
      ),
    enter: z.union([entry, z.array(entry).min(1)]).describe('How customers enter: one way, or a list.'),
    key: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Event property that distinguishes enrollments: one open enrollment per value.'),
    reenter: z
      .union([choice(['never', 'always']), z.strictObject({ after: positiveDuration })])
      .optional()
      .describe(
        'Whether an ended enrollment can be followed by another. Default: never with a key or a date entry, otherwise always.',
      ),
    whileOpen: choice(['ignore', 'restart'])
      .default('ignore')
      .describe('What a second entry does while one is open.'),
    exit: z.array(exit).min(1).describe('At least one exit, so that no customer stays forever.'),
    limit: z.int().min(1).optional().describe('Open enrollments per customer at once.'),
    versions: choice(['follow', 'pin'])
      .default('follow')
      .describe(
        'follow: customers inside continue under the edited version. pin: they finish under the version that they entered.',
      ),
    moved: z
      .record(id, stepTarget)
      .default({})
      .describe('Where customers at a removed step continue: {old: new}, or {old: exit}.'),
    steps: z.array(stepSource).min(1).max(300),
  })
  .meta({ id: 'journey', title: 'A journey' });

export type JourneySource = z.output<typeof journeySource>;
export type EntrySource = z.output<typeof entry>;
export type ExitSource = z.output<typeof exit>;
