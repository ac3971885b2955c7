import type { z } from 'zod';
import type { decisionsReportSchema } from '../decisions-schema.ts';
import type { CsvRow } from './csv.ts';

export const DECISION_COLUMNS = [
  'section',
  'day',
  'name',
  'code',
  'rule',
  'decisions',
  'customers',
  'judged',
  'chosen',
  'outranked',
  'allowed',
  'blocked',
  'blocked_alone',
];

/**
 * One row per outcome, rule, action, stage and policy of the whole period; and per day: one for all candidates, and one
 * per gate and reason that blocked some.
 */
export function toDecisionRows(view: z.infer<typeof decisionsReportSchema>): CsvRow[] {
  return [
    ...view.outcomes.map(({ kind, outcome, decisions, customers }) => ({
      section: 'outcome',
      name: kind,
      code: outcome,
      decisions,
      customers,
    })),
    ...view.rules.map(({ gate, code, rule, blocked, alone, withoutAction }) => ({
      section: 'rule',
      name: gate,
      code,
      rule,
      blocked,
      blocked_alone: alone,
      decisions: withoutAction.decisions,
      customers: withoutAction.customers,
    })),
    ...view.actions.map(({ action, ...counts }) => ({ section: 'action', name: action, ...counts })),
    ...view.stages.map(({ stage, ...counts }) => ({ section: 'stage', name: stage, ...counts })),
    ...view.policies.map(({ policy, autonomy, decisions }) => ({
      section: 'policy',
      name: policy,
      code: autonomy,
      decisions,
    })),
    ...view.days.flatMap(({ day, decisions, reasons, ...counts }) => [
      { section: 'day', day, decisions, ...counts },
      ...reasons.map(({ gate, code, blocked, alone }) => ({
        section: 'day_reason',
        day,
        name: gate,
        code,
        blocked,
        blocked_alone: alone,
      })),
    ]),
  ];
}
