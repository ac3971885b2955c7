import {
  countEnds,
  countEnrollments,
  countEntriesByArm,
  countGoals,
  countSteps,
  type EndCount,
  type EntryCount,
  type GoalCount,
  type StepCount,
} from '../../../db/reports/journeys.ts';
import type { Bundle, JourneyDef } from '../../domain/definition.ts';
import { computeControlShare, WHOLE_SHARE } from '../../statistics/experiments/assignment.ts';
import { compareRates } from '../../statistics/experiments/compare.ts';
import { buildHeadline } from '../../statistics/experiments/headline.ts';
import { checkSampleRatio } from '../../statistics/experiments/sample-ratio.ts';
import type { Period, ReportDeps } from './report-deps.ts';
import { requireAtMost } from './row-limit.ts';

const MOST_ENROLLMENTS = 300_000;

/** C-11, C-9: enrollments of the period by journey, step and arm. @throws UseCaseError `too_much` */
export async function readJourneysReport(
  { db }: ReportDeps,
  workspace: string,
  bundle: Bundle,
  period: Period,
) {
  const { sql } = db;
  const span = { workspace, ...period };
  const cameIn = await countEnrollments(sql, span, MOST_ENROLLMENTS);
  requireAtMost(MOST_ENROLLMENTS, cameIn, 'enrollments in the period');
  const entries = await countEntriesByArm(sql, span);
  const ends = await countEnds(sql, span);
  const reached = await countGoals(sql, span);
  const steps = await countSteps(sql, span);
  return buildJourneysReport(bundle, { entries, ends, reached, steps });
}

interface JourneyCounts {
  entries: EntryCount[];
  ends: EndCount[];
  reached: GoalCount[];
  steps: StepCount[];
}

/** Builds the report of counts by journey. */
export function buildJourneysReport(bundle: Bundle, { entries, ends, reached, steps }: JourneyCounts) {
  const defined = new Map(bundle.journeys.map((journey) => [journey.id, journey]));
  const ids = [...new Set([...defined.keys(), ...entries.map((row) => row.journey)])];
  const journeys = ids.map((id) => {
    const def = defined.get(id) ?? null;
    const of = (arm: 'treated' | 'control') => {
      const entry = entries.find((row) => row.journey === id && row.arm === arm);
      const { entered = 0, open = 0, goal = 0, excluded = 0 } = entry ?? {};
      const ended = ends
        .filter((row) => row.journey === id && row.arm === arm)
        .map(({ reason, ended: n }) => ({ reason, ended: n }));
      return { entered, open, goal, excluded, ended };
    };
    return {
      journey: id,
      owner: def?.owner ?? null,
      stage: def?.stage ?? null,
      treated: of('treated'),
      control: of('control'),
      goal: def && compareGoal(def, bundle, reached),
      steps: countByStep(
        def,
        steps.filter((row) => row.journey === id),
      ),
    };
  });
  return { journeys };
}

/** Shares of customers who reached the goal; null for a journey without a goal. */
function compareGoal({ id, holdout, goal }: JourneyDef, { workspace }: Bundle, reached: GoalCount[]) {
  if (goal === null) return null;
  const of = (arm: 'treated' | 'control') => {
    const { customers = 0, goal: events = 0 } =
      reached.find((row) => row.journey === id && row.arm === arm) ?? {};
    return { customers, events };
  };
  const [treated, control] = [of('treated'), of('control')];
  const share = computeControlShare(workspace.holdout, holdout);
  const ratio = checkSampleRatio([
    { arm: 'treated', customers: treated.customers, share: WHOLE_SHARE - share },
    { arm: 'control', customers: control.customers, share },
  ]);
  return buildHeadline(ratio, () => compareRates(treated, control));
}

/** In the order of the definition; removed steps come last. Enrollments that never moved are at the first step. */
function countByStep(def: JourneyDef | null, rows: StepCount[]) {
  const order = def?.steps.map((step) => step.id) ?? [];
  const steps = new Map<string, { reached: number; current: number; ended: Map<string, number> }>();
  for (const row of rows) {
    const id = row.step ?? order[0] ?? '';
    const sum = steps.get(id) ?? { reached: 0, current: 0, ended: new Map() };
    const ended = new Map(sum.ended);
    for (const [reason, n] of Object.entries(row.ended)) ended.set(reason, (ended.get(reason) ?? 0) + n);
    steps.set(id, {
      reached: sum.reached + row.reached,
      current: sum.current + row.standing,
      ended,
    });
  }
  const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  return [...steps]
    .sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1))
    .map(([step, { reached, current, ended }]) => {
      const left = [...ended].map(([reason, n]) => ({ reason, ended: n }));
      const stopped = left.reduce((sum, ending) => sum + ending.ended, 0);
      return { step, reached, movedOn: reached - current - stopped, current, ended: left };
    });
}
