import type { z } from 'zod';
import type { JourneyVersion } from '../../../db/config/versions.ts';
import type { CustomerAtStep } from '../../../db/journeys/customers-at-step.ts';
import type { JourneyCount } from '../../../db/journeys/journey-counts.ts';
import type { ParkedCount } from '../../../db/journeys/parked-customers.ts';
import type { StepTime } from '../../../db/journeys/step-times.ts';
import { describeEntry } from '../../definitions/describe/summaries.ts';
import type { JourneyDef } from '../../domain/definition.ts';
import { iso } from '../../domain/time/time.ts';
import { WHOLE_SHARE } from '../../statistics/experiments/assignment.ts';
import type { customersAtStep, journey } from './schema.ts';

type JourneyView = z.infer<typeof journey>;

/** A journey as the list shows it. */
export function toSummary(def: JourneyDef, version: number, counts: readonly JourneyCount[]) {
  const find = (arm: JourneyCount['arm']) => counts.find((c) => c.journey === def.id && c.arm === arm);
  const of = (arm: JourneyCount['arm']) => {
    const { open = 0, ended = 0, goal = 0 } = find(arm) ?? {};
    return { open, ended, goal };
  };
  const { id, name = null, description = null, owner, stage, goal } = def;
  return {
    id,
    name,
    description,
    owner,
    class: def.class,
    stage,
    version,
    activeSince: iso(def.activeSince),
    goal: goal && { on: goal.on, kpi: goal.kpi, within: goal.within },
    holdout: def.holdout / WHOLE_SHARE,
    entries: def.enter.map(describeEntry),
    segments: def.enter.flatMap((entry) => (entry.kind === 'segment' ? [entry.segment] : [])),
    stuck: (find('treated')?.stuck ?? 0) + (find('control')?.stuck ?? 0),
    counts: { treated: of('treated'), control: of('control') },
  };
}

/** Times by step: of customers who are there, and of those who left. */
export function toTimes(now: readonly StepTime[], left: readonly StepTime[]): JourneyView['times'] {
  const find = (times: readonly StepTime[], step: string) => {
    const found = times.find((time) => time.step === step);
    return found ? { customers: found.customers, p50: found.p50, p90: found.p90 } : null;
  };
  const steps = [...new Set([...now, ...left].map(({ step }) => step))];
  return steps.map((step) => ({ step, now: find(now, step), left: find(left, step) }));
}

/** Versions of a journey, with the open enrollments that entered until the next version changed it. */
export function toVersions(
  versions: readonly JourneyVersion[],
  parked: readonly ParkedCount[],
): JourneyView['versions'] {
  return versions.map(({ until, activatedAt, ...version }) => ({
    ...version,
    activatedAt: iso(activatedAt),
    open: parked
      .filter((row) => row.version >= version.version && (until === null || row.version < until))
      .reduce((sum, { customers }) => sum + customers, 0),
  }));
}

/** A customer at a step. */
export function toCustomerView({
  id,
  since,
  enteredAt,
  ...row
}: CustomerAtStep): z.infer<typeof customersAtStep>['data'][number] {
  return { enrollmentId: id, ...row, since: iso(since), enteredAt: iso(enteredAt) };
}
