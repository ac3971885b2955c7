import { setImmediate } from 'node:timers/promises';
import {
  countTouches,
  type ExperimentRow,
  readConversions,
  readEnrolled,
  readTouches,
} from '../../../db/queries/report-attribution.ts';
import {
  ATTRIBUTION_MODELS,
  type AttributionModel,
  attribute,
  type Credit,
} from '../../decisioning/attribution/attribute.ts';
import type { Caused } from '../../decisioning/attribution/caused.ts';
import { conversionsOf } from '../../decisioning/attribution/conversions.ts';
import { TooManyStates } from '../../decisioning/attribution/markov.ts';
import {
  type Conversion,
  type Path,
  pathsOf,
  type Touch,
  type TouchpointKind,
} from '../../decisioning/attribution/paths.ts';
import { type AttributionReport, attributionReport } from '../../decisioning/attribution/report.ts';
import type { Bundle, JourneyDef } from '../../domain/definition.ts';
import { groupBy } from '../../domain/group-by.ts';
import { DAY } from '../../domain/time.ts';
import type { Api } from '../operation.ts';
import type { Period } from '../period.ts';
import { marketingJourneys } from './arms.ts';
import { type Both, globallyCaused, journeysCaused, NO_CONTROL } from './caused.ts';
import { atMost } from './too-much.ts';

/** Above these a report would keep the API from its other work. */
export const MOST = { customers: 200_000, touches: 1_000_000, conversions: 1_000_000, members: 500_000 };

/** What is too much, in which time. */
const WHEN = 'in the period and its look-back';

export interface AttributionWanted {
  period: Period;
  event: string;
  by: TouchpointKind;
  models: readonly AttributionModel[];
  journey: JourneyDef | null;
  lookbackDays: number;
  bundle: Bundle;
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
  atMost(MOST.customers, counted.customers, `customers were touched ${WHEN}`);
  atMost(MOST.touches, counted.touches, `contacts ${WHEN}`);
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
  atMost(MOST.conversions, said.length, `events ${WHEN}`);
  atMost(MOST.members, members.length, `enrollments ${WHEN}`);
  const { currency } = bundle.workspace;
  const { byCustomer, foreign } = conversionsOf(said, { event, currency });
  const own = journey ? within(byCustomer, members) : byCustomer;

  const paths = pathsFrom(touches, own, wanted, lookback);
  const { credits, refused } = await creditsOf(paths, wanted.models);
  const byJourney = journeysCaused(wanted, members, byCustomer);
  const total = journey
    ? (byJourney.get(journey.id) ?? NO_CONTROL)
    : await globallyCaused(sql, workspace, wanted, byCustomer);
  const touchpoints = wanted.by === 'journey' ? byJourney : new Map<string, Both>();
  const of = (what: keyof Both) => new Map([...touchpoints].map(([id, both]) => [id, both[what]]));
  return {
    report: attributionReport(paths, { total: total.value, byTouchpoint: of('value') }, credits),
    conversions: { total: total.conversions, byTouchpoint: of('conversions') },
    refused,
    touched: new Set(touches.map((touch) => touch.customer)).size,
    converted: [...own.values()].filter((list) => list.some((one) => one.at >= period.from)).length,
    foreign,
  };
}

/** Journeys whose experiments are looked at. */
function watched({ journey, by, bundle }: AttributionWanted): string[] {
  if (journey) return [journey.id];
  if (by !== 'journey') return [];
  return marketingJourneys(bundle).map(({ id }) => id);
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
  touches: readonly (Touch & { customer: string })[],
  conversions: ReadonlyMap<string, Conversion[]>,
  { by, journey, period }: AttributionWanted,
  lookback: number,
): Path[] {
  const its = journey ? touches.filter((touch) => touch.journey === journey.id) : touches;
  const byCustomer = groupBy(its, ({ customer }) => customer);
  const customers = new Set([...byCustomer.keys(), ...conversions.keys()]);
  // What lies before the period only settles which conversion a touch had led to.
  return [...customers].flatMap((customer) =>
    pathsOf(byCustomer.get(customer) ?? [], conversions.get(customer) ?? [], { by, lookback }).filter(
      ({ convertedAt, touches: path }) => (convertedAt ?? path.at(-1)?.at ?? 0) >= period.from,
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
