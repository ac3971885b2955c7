import { z } from 'zod';
import { actionClass, labels, listOf, orNull, pageQuery, time } from '../frame/schema.ts';
import { countedAt } from '../reports/schema.ts';

/** Customers at one step of a journey. */
export const parkedCustomers = {
  journey: z.string(),
  step: z.string(),
  state: z.string().describe('`waiting`, `held`, `delivering`, `tasked`, `running`, `poison` or `control`'),
  version: z.number().int().describe('The version that the customers entered under'),
  pinned: z.boolean(),
  customers: z.number().int().describe('One with two enrollments there counts twice'),
};

export const appliedBy = z.string().nullable().describe('The person or key; null: the server itself');

export const journeyGraph = z
  .object({
    nodes: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        label: z.string(),
        actions: z.array(z.string()).optional(),
        class: actionClass.optional().describe('The highest class of the actions of a decide step'),
        human: z.literal(true).optional().describe('A person carries out one of its actions'),
      }),
    ),
    edges: z.array(z.object({ from: z.string(), to: z.string(), label: z.string() })),
  })
  .meta({ id: 'JourneyGraph', description: 'Entries, steps and transitions, for drawing' });

const duration = z.number().int().describe('Milliseconds');

const stepTime = z
  .object({ customers: z.number().int(), p50: duration, p90: duration })
  .meta({ id: 'StepTime', description: 'Half of the customers: at most `p50`; nine of ten: at most `p90`' });

const counts = z.object({ open: z.number().int(), ended: z.number().int(), goal: z.number().int() });

const journeySummary = z
  .object({
    id: z.string(),
    ...labels,
    owner: z.string(),
    class: z.string(),
    stage: z.string().nullable(),
    version: z.number().int(),
    activeSince: orNull(time),
    goal: orNull(z.object({ on: z.string(), kpi: z.string(), within: duration })),
    holdout: z.number().describe('Share of the control group, 0…1'),
    entries: z.array(z.string()).describe('How customers enter, in a few words'),
    segments: z.array(z.string()).describe('Those that an entry uses'),
    stuck: z.number().int().describe('Open enrollments whose definition or data failed'),
    counts: z.object({ treated: counts, control: counts }),
  })
  .meta({ id: 'JourneySummary' });

export const journeyList = z
  .object({ data: z.array(journeySummary), nextCursor: z.null(), countedAt })
  .meta({ id: 'JourneyList' });

export const journeyQuery = z.object({
  version: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('Definition and graph of an earlier version; default: the active one'),
});

export const stepQuery = pageQuery.extend({
  step: z.string().max(64).optional().describe('Only those at this step'),
});

export const customersAtStep = listOf(
  z.object({
    enrollmentId: z.string(),
    customerId: z.string(),
    customerName: z.string().nullable(),
    step: z.string(),
    state: z.string(),
    since: time,
    version: z.number().int(),
    key: z.string().nullable(),
    enteredAt: time,
  }),
).meta({ id: 'CustomersAtStep', description: 'Those first who have been at the step for longest' });

export const journey = journeySummary
  .extend({
    definition: z
      .looseObject({
        id: z.string(),
        class: z.string(),
        steps: z.array(z.looseObject({ id: z.string(), kind: z.string() })),
      })
      .describe('The compiled definition; durations in milliseconds'),
    countedAt,
    graph: journeyGraph,
    steps: z.array(z.object(parkedCustomers).omit({ journey: true })).describe('Customers by step'),
    times: z
      .array(
        z.object({
          step: z.string(),
          now: orNull(stepTime).describe('Customers who are at the step, and how long they have been'),
          left: orNull(stepTime).describe('A sample of those who left it last, and how long they stayed'),
        }),
      )
      .describe('How long customers stay at the steps; without controls'),
    versions: z
      .array(z.object({ version: z.number().int(), activatedAt: time, appliedBy, open: z.number().int() }))
      .describe(
        'Versions that added or changed the journey, newest first; `open`: open enrollments of that version',
      ),
  })
  .meta({ id: 'Journey' });
