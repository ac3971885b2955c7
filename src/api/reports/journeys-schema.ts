import { z } from 'zod';
import { orNull } from '../frame/schema.ts';
import { countedAt, headline, period } from './schema.ts';

const count = z.number().int();
const reasons = z.array(z.object({ reason: z.string(), ended: count }));

const arm = z.object({
  entered: count,
  open: count,
  goal: count.describe('Enrollments that reached the goal; see `goal` of the journey for the comparison'),
  excluded: count.describe('Excluded from the comparison: a merge brought two arms together'),
  ended: reasons,
});

export const journeysReportSchema = z
  .object({
    countedAt,
    period,
    journeys: z.array(
      z.object({
        journey: z.string(),
        owner: z.string().nullable(),
        stage: z.string().nullable(),
        treated: arm,
        control: arm,
        goal: orNull(headline).describe(
          'Share of customers who reached the goal; null for a journey without a goal',
        ),
        steps: z
          .array(
            z.object({
              step: z.string(),
              reached: count.describe('Enrollments that ever reached the step'),
              movedOn: count,
              current: count.describe('Enrollments at the step now'),
              ended: reasons.describe('Enrollments that ended at the step'),
            }),
          )
          .describe('Treated enrollments, in the order of the definition; removed steps come last'),
      }),
    ),
  })
  .meta({ id: 'JourneysReport', description: 'Enrollments that began within the period' });
