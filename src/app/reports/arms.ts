import {
  countCustomers,
  countEntries,
  readCustomerSubjects,
  readEntries,
  readGlobalHoldouts,
  readHoldouts,
} from '../../../db/reports/arms.ts';
import type { Bundle, JourneyDef } from '../../domain/definition.ts';
import { isInGlobalControl } from '../../domain/holdout.ts';
import type { Instant } from '../../domain/time/time.ts';
import { groupBy } from '../../domain/values/group-by.ts';
import { computeControlShare, WHOLE_SHARE } from '../../statistics/experiments/assignment.ts';
import type { CompareOptions } from '../../statistics/experiments/compare.ts';
import type { ExperimentMember } from '../../statistics/experiments/headline.ts';
import type { Period, ReportDeps } from './report-deps.ts';
import { requireAtMost } from './row-limit.ts';

/** More rows would block the process for too long. */
const MOST_ROWS = 200_000;

/** Arms that cannot show a difference of a tenth of the mean of the controls are underpowered. */
export const COMPARE_OPTIONS: CompareOptions = { relevantShare: 0.1 };

/** Customers who entered one journey, by their first enrollment, and the expected share of controls. */
export interface JourneyArms {
  journey: JourneyDef;
  rows: (ExperimentMember & { enteredAt: Instant; goal: boolean })[];
  /** Of 10,000. */
  controlShare: number;
}

export function listMarketingJourneys({ journeys }: Bundle): JourneyDef[] {
  return journeys.filter((journey) => journey.class === 'marketing');
}

/**
 * The arms of every marketing journey. The expected share of controls follows from the bundles at entry, so that an
 * edited holdout is not reported as a sample ratio mismatch.
 * @throws UseCaseError `too_much`
 */
export async function readJourneyArms(
  { db }: ReportDeps,
  workspace: string,
  bundle: Bundle,
  period: Period,
): Promise<JourneyArms[]> {
  const { sql } = db;
  const journeys = listMarketingJourneys(bundle);
  const span = { workspace, journeys: journeys.map(({ id }) => id), ...period };
  const entered = await countEntries(sql, span, MOST_ROWS);
  requireAtMost(MOST_ROWS, entered, 'customers entered journeys within the period');
  const entries = await readEntries(sql, span);
  const byJourney = groupBy(entries, ({ journey }) => journey);
  const versions = [...new Set(entries.map(({ version }) => version))];
  const shares = new Map(
    (await readHoldouts(sql, workspace, versions)).map(({ version, journey, global, holdout }) => [
      `${version}/${journey}`,
      computeControlShare(global, holdout),
    ]),
  );
  return journeys.map((journey) => {
    const rows = byJourney.get(journey.id) ?? [];
    const kept = rows.filter((row) => !row.excluded);
    const now = computeControlShare(bundle.workspace.holdout, journey.holdout);
    const expected = kept.reduce(
      (sum, { version }) => sum + (shares.get(`${version}/${journey.id}`) ?? now),
      0,
    );
    return {
      journey,
      rows: rows.map(({ customer, arm, excluded, enteredAt, goalAt }) => ({
        customer,
        arm,
        excluded,
        enteredAt,
        goal: goalAt !== null,
      })),
      controlShare: kept.length > 0 ? expected / kept.length : now,
    };
  });
}

/** All customers, or a sample of them, by the arm of the global control. */
export interface GlobalArms {
  rows: (ExperimentMember & { knownSince: Instant })[];
  /** Of 10,000. */
  controlShare: number;
  /** Share of all customers, 0…1. */
  sample: number;
}

/**
 * All customers by the arm of the global control. Customers without events are included, because treatment causes
 * events. The arm follows from the id after merges. If the holdout was edited within the period, customers whose arm has
 * changed are excluded.
 */
export async function readGlobalArms(
  { db }: ReportDeps,
  workspace: string,
  period: Period,
): Promise<GlobalArms> {
  const { sql } = db;
  const { lowest, highest } = await readGlobalHoldouts(sql, { workspace, ...period });
  const customers = await countCustomers(sql, workspace, period.to);
  const sample = customers > MOST_ROWS ? MOST_ROWS / customers : 1;
  const people = await readCustomerSubjects(sql, { workspace, to: period.to, sample });
  const stayed = WHOLE_SHARE - (highest - lowest);
  return {
    rows: people.map(({ customer, subject, knownSince }) => {
      const always = isInGlobalControl(workspace, subject, lowest);
      const ever = always || isInGlobalControl(workspace, subject, highest);
      return { customer, knownSince, arm: always ? 'control' : 'treated', excluded: ever && !always };
    }),
    controlShare: stayed > 0 ? (lowest * WHOLE_SHARE) / stayed : 0,
    sample,
  };
}

/** How many are in each arm, and how many are left out. */
export function countArms(rows: readonly ExperimentMember[]): {
  treated: number;
  control: number;
  excluded: number;
} {
  const count = (arm: ExperimentMember['arm']) =>
    rows.filter((row) => !row.excluded && row.arm === arm).length;
  return {
    treated: count('treated'),
    control: count('control'),
    excluded: rows.filter((row) => row.excluded).length,
  };
}
