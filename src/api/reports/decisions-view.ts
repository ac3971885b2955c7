import type { z } from 'zod';
import type { readDecisionsReport } from '../../app/reports/decisions.ts';
import { toMoney } from '../frame/format.ts';
import type { decisionsReportSchema } from './decisions-schema.ts';

type DecisionsReport = Awaited<ReturnType<typeof readDecisionsReport>>;

/** The report without its period. */
export function toDecisionsReportView(
  { outcomes, policies, calibration, ...report }: DecisionsReport,
  currency: string,
): Omit<z.infer<typeof decisionsReportSchema>, 'period' | 'countedAt'> {
  const { amounts, probabilities } = calibration;
  return {
    ...report,
    outcomes,
    policies: policies.map(({ nothing, refused, ...policy }) => ({
      ...policy,
      doNothing: nothing,
      withExclusions: refused,
    })),
    calibration: {
      ...calibration,
      probabilities: probabilities,
      amounts: amounts && {
        cases: amounts.cases,
        predicted: toMoney(amounts.predicted, currency),
        observed: toMoney(amounts.observed, currency),
      },
    },
  };
}
