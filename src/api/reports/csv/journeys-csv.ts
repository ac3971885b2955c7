import type { z } from 'zod';
import type { journeysReportSchema } from '../journeys-schema.ts';
import type { CsvRow } from './csv.ts';
import { HEADLINE_COLUMNS, toHeadlineCells } from './headline-cells.ts';

export const JOURNEY_COLUMNS = [
  'journey',
  'section',
  'arm',
  'step',
  'reason',
  'enrollments',
  'open',
  'goal',
  'moved_on',
  ...HEADLINE_COLUMNS,
];

/** Per journey: one row per arm, per step, and per reason for which enrollments ended; and the comparison of the goal. */
export function toJourneyRows({ journeys }: z.infer<typeof journeysReportSchema>): CsvRow[] {
  return journeys.flatMap((view) => {
    const { journey, goal, steps } = view;
    const arms = (['treated', 'control'] as const).flatMap((arm) => {
      const { entered, open, goal: reached, ended } = view[arm];
      return [
        { journey, section: 'arm', arm, enrollments: entered, open, goal: reached },
        ...ended.map(({ reason, ended: n }) => ({ journey, section: 'end', arm, reason, enrollments: n })),
      ];
    });
    const walked = steps.flatMap(({ step, reached, movedOn, current, ended }) => [
      { journey, section: 'step', step, enrollments: reached, moved_on: movedOn, open: current },
      ...ended.map(({ reason, ended: n }) => ({
        journey,
        section: 'step_end',
        step,
        reason,
        enrollments: n,
      })),
    ]);
    const compared = goal ? [{ journey, section: 'goal', ...toHeadlineCells(goal) }] : [];
    return [...arms, ...walked, ...compared];
  });
}
