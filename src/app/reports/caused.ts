import type { Tx } from '../../../db/client.ts';
import { type ExperimentEntry, readExperimentSubjects } from '../../../db/reports/attribution.ts';
import type { Bundle } from '../../domain/definition.ts';
import { isInGlobalControl } from '../../domain/holdout.ts';
import { groupBy } from '../../domain/values/group-by.ts';
import {
  computeIncrementalEffect,
  type IncrementalEffect,
} from '../../statistics/attribution/incremental-effect.ts';
import type { Conversion } from '../../statistics/attribution/touch-paths.ts';
import { computeControlShare } from '../../statistics/experiments/assignment.ts';
import type { Period } from './report-deps.ts';
import { requireAtMost } from './row-limit.ts';

const MOST_SUBJECTS = 500_000;

/** Incremental conversions, and their value in minor units. */
export interface CausedOutcomes {
  conversions: IncrementalEffect;
  value: IncrementalEffect;
}

export const NO_CONTROL: CausedOutcomes = {
  conversions: { kind: 'no_control', treated: 0 },
  value: { kind: 'no_control', treated: 0 },
};

interface Compared {
  bundle: Bundle;
  period: Period;
}

/** The effect of each journey against its holdout, over the customers who entered within the period. */
export function computeJourneyEffects(
  { bundle, period }: Compared,
  members: readonly ExperimentEntry[],
  conversions: ReadonlyMap<string, Conversion[]>,
): Map<string, CausedOutcomes> {
  const entered = members.filter(({ enteredAt }) => enteredAt >= period.from);
  return new Map(
    [...groupBy(entered, ({ journey }) => journey)].map(([id, rows]) => {
      const holdout = bundle.journeys.find((conversion) => conversion.id === id)?.holdout ?? 0;
      const outcomes = rows.map(({ enteredAt, ...member }) => ({
        ...member,
        ...sumConversions(conversions.get(member.customer), enteredAt, period.to),
      }));
      return [id, computeIncrementalEffect(outcomes, computeControlShare(bundle.workspace.holdout, holdout))];
    }),
  );
}

/** The effect of all marketing against the global control. */
export async function computeGlobalEffect(
  sql: Tx,
  workspace: string,
  { bundle, period }: Compared,
  conversions: ReadonlyMap<string, Conversion[]>,
): Promise<CausedOutcomes> {
  const { holdout } = bundle.workspace;
  if (holdout === 0) return NO_CONTROL;
  const subjects = await readExperimentSubjects(sql, workspace, period.to, MOST_SUBJECTS);
  requireAtMost(MOST_SUBJECTS, subjects.length, 'customers to compare in the period');
  const outcomes = subjects.map(({ customer, subject }) => ({
    customer,
    arm: isInGlobalControl(workspace, subject, holdout) ? ('control' as const) : ('treated' as const),
    excluded: false,
    ...sumConversions(conversions.get(customer), period.from, period.to),
  }));
  return computeIncrementalEffect(outcomes, holdout);
}

function sumConversions(conversions: readonly Conversion[] | undefined, from: number, to: number) {
  const inTime = (conversions ?? []).filter((conversion) => conversion.at >= from && conversion.at < to);
  return { conversions: inTime.length, value: inTime.reduce((sum, conversion) => sum + conversion.value, 0) };
}
