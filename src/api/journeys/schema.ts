import { z } from 'zod';
import { orNull, time } from '../frame/schema.ts';

/** Customers at one step of a journey. */
export const parkedCustomers = {
  journey: z.string(),
  step: z.string(),
  state: z.string().describe('`waiting`, `held`, `delivering`, `tasked`, `running`, `poison` or `control`'),
  version: z.number().int().describe('The version that the customers entered under'),
  pinned: z.boolean(),
  customers: z.number().int(),
};

const counts = z.object({ open: z.number().int(), ended: z.number().int(), goal: z.number().int() });

const journeySummary = z
  .object({
    id: z.string(),
    owner: z.string(),
    class: z.string(),
    stage: z.string().nullable(),
    version: z.number().int(),
    activeSince: orNull(time),
    counts: z.object({ treated: counts, control: counts }),
  })
  .meta({ id: 'JourneySummary' });

export const journeyList = z
  .object({ data: z.array(journeySummary), nextCursor: z.null() })
  .meta({ id: 'JourneyList' });

export const journey = journeySummary
  .extend({
    definition: z
      .looseObject({
        id: z.string(),
        class: z.string(),
        steps: z.array(z.looseObject({ id: z.string(), kind: z.string() })),
      })
      .describe('The compiled definition; durations in milliseconds'),
    graph: z
      .object({
        nodes: z.array(z.object({ id: z.string(), kind: z.string(), label: z.string() })),
        edges: z.array(z.object({ from: z.string(), to: z.string(), label: z.string() })),
      })
      .describe('Entries, steps and transitions, for drawing'),
    steps: z.array(z.object(parkedCustomers).omit({ journey: true })).describe('Customers by step'),
    versions: z
      .array(z.object({ version: z.number().int(), activatedAt: time, open: z.number().int() }))
      .describe(
        'Versions that added or changed the journey, newest first; `open`: open enrollments of that version',
      ),
  })
  .meta({ id: 'Journey' });
