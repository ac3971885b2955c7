import { setImmediate } from 'node:timers/promises';
import {
  countTouches,
  type ExperimentRow,
  readConversions,
  readEnrolled,
  readSubjects,
  readTouches,
} from '../../../db/queries/report-attribution.ts';
import {
  ATTRIBUTION_MODELS,
  type AttributionModel,
  attribute,
  type Credit,
} from '../../decisioning/attribution/attribute.ts';
import { type Caused, causedBy } from '../../decisioning/attribution/caused.ts';
import { conversionsOf } from '../../decisioning/attribution/conversions.ts';
import { TooManyStates } from '../../decisioning/attribution/markov.ts';
import {
  type Conversion,
  type Path,
  pathsOf,
  type Touch,
  type TouchpointKind,
} from '../../decisioning/attribution/paths.ts';
import { type AttributionReport, reportOf } from '../../decisioning/attribution/report.ts';
import { controlShare } from '../../decisioning/experiments/assignment.ts';
import type { Bundle, JourneyDef } from '../../domain/definition.ts';
import { inGlobalControl } from '../../domain/holdout.ts';
import { DAY } from '../../domain/time.ts';
import { HttpError } from '../http-error.ts';
import type { Api } from '../operation.ts';
import type { Period } from '../period.ts';

/** Above these a report would keep the API from its other work. */
export const MOST = { customers: 200_000, touches: 1_000_000, conversions: 1_000_000, members: 500_000 };

export interface AttributionWanted {
  period: Period;
  event: string;
  by: TouchpointKind;
  models: readonly AttributionModel[];
  journey: JourneyDef | null;
  lookbackDays: number;
  bundle: Bundle;
}

interface Both {
  conversions: Caused;
  value: Caused;
}

export interface Attributed {
  report: AttributionReport;
  /** Conversions caused, beside the value that the report has. */
  conversions: { total: Caused; byTouchpoint: ReadonlyMap<string, Caused> };
  refused: { model: AttributionModel; reason: string }[];
  touched: number;
  converted: number;
  foreign: number;
}

/** C-10: who gets credit for what happened in the period, and what was caused. @throws HttpError 422 `too_much` */
export async function attributionOf(
  { deps }: Api,
  workspace: string,
  wanted: AttributionWanted,
): Promise<Attributed> {
  const { period, event, bundle, journey } = wanted;
  const { sql } = deps.db;
  const lookback = wanted.lookbackDays * DAY;
  const span = { workspace, from: period.from - lookback, to: period.to };
  const counted = await countTouches(sql, span, MOST.touches);
  bounded(counted.customers, MOST.customers, 'customers were touched');
  bounded(counted.touches, MOST.touches, 'contacts');
  const [touches, said, members] = await Promise.all([
    readTouches(sql, span),
    readConversions(sql, { ...span, event }, MOST.conversions),
    readEnrolled(
      sql,
      { workspace, from: journey ? 0 : period.from, to: period.to },
      watched(wanted),
      MOST.members,
    ),
  ]);
  bounded(said.length, MOST.conversions, 'events');
  bounded(members.length, MOST.members, 'enrollments');
  const { currency } = bundle.workspace;
  const { byCustomer, foreign } = conversionsOf(said, { event, currency });
  const own = journey ? within(byCustomer, members) : byCustomer;

  const paths = pathsFrom(touches, own, wanted, lookback);
  const { credits, refused } = await creditsOf(paths, wanted.models);
  const byJourney = journeysCaused(wanted, members, byCustomer);
  const total = journey
    ? (byJourney.get(journey.id) ?? NO_CONTROL)
    : await globallyCaused(deps.db.sql, workspace, wanted, byCustomer);
  const touchpoints = wanted.by === 'journey' ? byJourney : new Map<string, Both>();
  const of = (what: keyof Both) => new Map([...touchpoints].map(([id, both]) => [id, both[what]]));
  return {
    report: reportOf(paths, { total: total.value, byTouchpoint: of('value') }, credits),
    conversions: { total: total.conversions, byTouchpoint: of('conversions') },
    refused,
    touched: new Set(touches.map((touch) => touch.customer)).size,
    converted: [...own.values()].filter((list) => list.some((one) => one.at >= period.from)).length,
    foreign,
  };
}

const NO_CONTROL: Both = {
  conversions: { kind: 'no_control', treated: 0 },
  value: { kind: 'no_control', treated: 0 },
};

function bounded(found: number, most: number, what: string): void {
  if (found <= most) return;
  const detail = `more than ${most} ${what} in the period and its look-back: choose a shorter one`;
  throw new HttpError(422, 'too_much', detail);
}

/** Journeys whose experiments are looked at. */
function watched({ journey, by, bundle }: AttributionWanted): string[] {
  if (journey) return [journey.id];
  if (by !== 'journey') return [];
  return bundle.journeys.filter((one) => one.class === 'marketing').map((one) => one.id);
}

/** What customers did once they were in the journey. */
function within(
  byCustomer: ReadonlyMap<string, Conversion[]>,
  members: readonly ExperimentRow[],
): Map<string, Conversion[]> {
  return new Map(
    members.map(({ customer, enteredAt }) => [
      customer,
      (byCustomer.get(customer) ?? []).filter((one) => one.at >= enteredAt),
    ]),
  );
}

function pathsFrom(
  touches: readonly {
    customer: string;
    channel: string;
    action: string;
    journey: string | null;
    at: number;
  }[],
  conversions: ReadonlyMap<string, Conversion[]>,
  { by, journey, period }: AttributionWanted,
  lookback: number,
): Path[] {
  const byCustomer = new Map<string, Touch[]>();
  for (const { customer, ...touch } of touches) {
    if (journey && touch.journey !== journey.id) continue;
    const list = byCustomer.get(customer);
    if (list) list.push(touch);
    else byCustomer.set(customer, [touch]);
  }
  const customers = new Set([...byCustomer.keys(), ...conversions.keys()]);
  // What lies before the period only settles which conversion a touch had led to.
  return [...customers].flatMap((customer) =>
    pathsOf(byCustomer.get(customer) ?? [], conversions.get(customer) ?? [], { by, lookback }).filter(
      ({ convertedAt, touches: its }) => (convertedAt ?? its.at(-1)?.at ?? 0) >= period.from,
    ),
  );
}

/** One model after the other, so that other calls are answered in between. */
async function creditsOf(paths: Path[], models: readonly AttributionModel[]) {
  const credits = new Map<AttributionModel, Credit[]>();
  const refused: Attributed['refused'] = [];
  for (const model of ATTRIBUTION_MODELS.filter((one) => models.includes(one))) {
    await setImmediate();
    try {
      credits.set(model, attribute(paths, model));
    } catch (error) {
      if (!(error instanceof TooManyStates)) throw error;
      refused.push({ model, reason: error.message });
    }
  }
  return { credits, refused };
}

/** A journey's holdout has withheld this journey alone. Only who came into it within the period can tell. */
function journeysCaused(
  { bundle, period }: AttributionWanted,
  members: readonly ExperimentRow[],
  conversions: ReadonlyMap<string, Conversion[]>,
): Map<string, Both> {
  const byJourney = new Map<string, ExperimentRow[]>();
  for (const one of members.filter(({ enteredAt }) => enteredAt >= period.from)) {
    const list = byJourney.get(one.journey);
    if (list) list.push(one);
    else byJourney.set(one.journey, [one]);
  }
  return new Map(
    [...byJourney].map(([id, rows]) => {
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
async function globallyCaused(
  sql: Api['deps']['db']['sql'],
  workspace: string,
  { bundle, period }: AttributionWanted,
  conversions: ReadonlyMap<string, Conversion[]>,
): Promise<Both> {
  const { holdout } = bundle.workspace;
  if (holdout === 0) return NO_CONTROL;
  const subjects = await readSubjects(sql, workspace, period.to, MOST.members);
  bounded(subjects.length, MOST.members, 'customers to compare');
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
