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

/** What was caused, in numbers and in minor units. */
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

/** A journey's holdout has withheld this journey alone. Only who came into it within the period can tell. */
export function computeJourneyEffects(
  { bundle, period }: Compared,
  members: readonly ExperimentEntry[],
  conversions: ReadonlyMap<string, Conversion[]>,
): Map<string, CausedOutcomes> {
  const entered = members.filter(({ enteredAt }) => enteredAt >= period.from);
  return new Map(
    [...groupBy(entered, ({ journey }) => journey)].map(([id, rows]) => {
      const holdout = bundle.journeys.find((one) => one.id === id)?.holdout ?? 0;
      const outcomes = rows.map(({ enteredAt, ...member }) => ({
        ...member,
        ...sumOf(conversions.get(member.customer), enteredAt, period.to),
      }));
      return [id, computeIncrementalEffect(outcomes, computeControlShare(bundle.workspace.holdout, holdout))];
    }),
  );
}

/** All marketing together, against those whom none of it treats. */
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
    ...sumOf(conversions.get(customer), period.from, period.to),
  }));
  return computeIncrementalEffect(outcomes, holdout);
}

function sumOf(conversions: readonly Conversion[] | undefined, from: number, to: number) {
  const counted = (conversions ?? []).filter((one) => one.at >= from && one.at < to);
  return { conversions: counted.length, value: counted.reduce((sum, one) => sum + one.value, 0) };
}
