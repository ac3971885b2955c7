import type { Tx } from '../../../db/client.ts';
import { type ExperimentRow, readSubjects } from '../../../db/queries/report-attribution.ts';
import { type Caused, causedBy } from '../../decisioning/attribution/caused.ts';
import type { Conversion } from '../../decisioning/attribution/paths.ts';
import { controlShare } from '../../decisioning/experiments/assignment.ts';
import type { Bundle } from '../../domain/definition.ts';
import { groupBy } from '../../domain/group-by.ts';
import { inGlobalControl } from '../../domain/holdout.ts';
import type { Period } from '../period.ts';
import { atMost } from './too-much.ts';

const MOST_SUBJECTS = 500_000;

/** What was caused, in numbers and in minor units. */
export interface Both {
  conversions: Caused;
  value: Caused;
}

export const NO_CONTROL: Both = {
  conversions: { kind: 'no_control', treated: 0 },
  value: { kind: 'no_control', treated: 0 },
};

interface Compared {
  bundle: Bundle;
  period: Period;
}

/** A journey's holdout has withheld this journey alone. Only who came into it within the period can tell. */
export function journeysCaused(
  { bundle, period }: Compared,
  members: readonly ExperimentRow[],
  conversions: ReadonlyMap<string, Conversion[]>,
): Map<string, Both> {
  const entered = members.filter(({ enteredAt }) => enteredAt >= period.from);
  return new Map(
    [...groupBy(entered, ({ journey }) => journey)].map(([id, rows]) => {
      const holdout = bundle.journeys.find((one) => one.id === id)?.holdout ?? 0;
      const outcomes = rows.map(({ enteredAt, ...member }) => ({
        ...member,
        ...sumOf(conversions.get(member.customer), enteredAt, period.to),
      }));
      return [id, causedBy(outcomes, controlShare(bundle.workspace.holdout, holdout))];
    }),
  );
}

/** All marketing together, against those whom none of it treats. */
export async function globallyCaused(
  sql: Tx,
  workspace: string,
  { bundle, period }: Compared,
  conversions: ReadonlyMap<string, Conversion[]>,
): Promise<Both> {
  const { holdout } = bundle.workspace;
  if (holdout === 0) return NO_CONTROL;
  const subjects = await readSubjects(sql, workspace, period.to, MOST_SUBJECTS);
  atMost(MOST_SUBJECTS, subjects.length, 'customers to compare in the period');
  const outcomes = subjects.map(({ customer, subject }) => ({
    customer,
    arm: inGlobalControl(workspace, subject, holdout) ? ('control' as const) : ('treated' as const),
    excluded: false,
    ...sumOf(conversions.get(customer), period.from, period.to),
  }));
  return causedBy(outcomes, holdout);
}

function sumOf(conversions: readonly Conversion[] | undefined, from: number, to: number) {
  const counted = (conversions ?? []).filter((one) => one.at >= from && one.at < to);
  return { conversions: counted.length, value: counted.reduce((sum, one) => sum + one.value, 0) };
}
