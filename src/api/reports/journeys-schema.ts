import { z } from 'zod';
import { orNull } from '../frame/schema.ts';
import { headline, period } from './schema.ts';

const count = z.number().int();
const reasons = z.array(z.object({ reason: z.string(), ended: count }));

const arm = z.object({
  entered: count,
  open: count,
  goal: count.describe('Enrollments that reached the goal; whether that is good only the comparison says'),
  excluded: count.describe('Left out of the comparison: two arms met in a merge'),
  ended: reasons,
});

export const journeysReportSchema = z
  .object({
    period,
    journeys: z.array(
      z.object({
        journey: z.string(),
        owner: z.string().nullable(),
        stage: z.string().nullable(),
        treated: arm,
        control: arm,
        goal: orNull(headline).describe('Share of customers that reached it; null for a journey without one'),
        steps: z
          .array(
            z.object({
              step: z.string(),
              reached: count.describe('Enrollments that ever stood there'),
              movedOn: count,
              standing: count,
              ended: reasons.describe('Of those that got no further'),
            }),
          )
          .describe('The treated, in the order of the definition; steps that are gone come last'),
      }),
    ),
  })
  .meta({ id: 'JourneysReport', description: 'Of who came in within the period' });
