import { setImmediate } from 'node:timers/promises';
import {
  countTouches,
  type ExperimentEntry,
  readConversions,
  readExperimentEntries,
  readTouches,
} from '../../../db/reports/attribution.ts';
import type { Bundle, JourneyDef } from '../../domain/definition.ts';
import { DAY } from '../../domain/time/time.ts';
import { groupBy } from '../../domain/values/group-by.ts';
import {
  ATTRIBUTION_MODELS,
  type AttributionModel,
  attributeConversions,
  type Credit,
} from '../../statistics/attribution/attribute.ts';
import {
  type AttributionReport,
  buildAttributionReport,
} from '../../statistics/attribution/attribution-report.ts';
import { collectConversions } from '../../statistics/attribution/conversions.ts';
import type { IncrementalEffect } from '../../statistics/attribution/incremental-effect.ts';
import { TooManyStates } from '../../statistics/attribution/markov.ts';
import {
  type AttributionTouch,
  buildPaths,
  type Conversion,
  type TouchPath,
  type TouchpointKind,
} from '../../statistics/attribution/touch-paths.ts';
import { listMarketingJourneys } from './arms.ts';
import { type CausedOutcomes, computeGlobalEffect, computeJourneyEffects, NO_CONTROL } from './caused.ts';
import type { Period, ReportDeps } from './report-deps.ts';
import { requireAtMost } from './row-limit.ts';

/** Above these limits a report would block the process for too long. */
export const ATTRIBUTION_LIMITS = {
  customers: 200_000,
  touches: 1_000_000,
  conversions: 1_000_000,
  members: 500_000,
};

/** The time that the limits are about. */
const WHEN = 'in the period and its look-back';

export interface AttributionRequest {
  period: Period;
  event: string;
  by: TouchpointKind;
  models: readonly AttributionModel[];
  journey: JourneyDef | null;
  lookbackDays: number;
  bundle: Bundle;
}

export interface AttributionResult {
  report: AttributionReport;
  /** Incremental conversions; the report has the incremental value. */
  conversions: { total: IncrementalEffect; byTouchpoint: ReadonlyMap<string, IncrementalEffect> };
  refused: { model: AttributionModel; reason: string }[];
  touched: number;
  converted: number;
  foreign: number;
}

/** C-10: credit for the conversions of the period, and the incremental effect. @throws UseCaseError `too_much` */
export async function readAttribution(
  { db }: ReportDeps,
  workspace: string,
  request: AttributionRequest,
): Promise<AttributionResult> {
  const { period, event, bundle, journey } = request;
  const { sql } = db;
  const lookback = request.lookbackDays * DAY;
  const span = { workspace, from: period.from - lookback, to: period.to };
  const sizes = await countTouches(sql, span, ATTRIBUTION_LIMITS.touches);
  requireAtMost(ATTRIBUTION_LIMITS.customers, sizes.customers, `customers were touched ${WHEN}`);
  requireAtMost(ATTRIBUTION_LIMITS.touches, sizes.touches, `contacts ${WHEN}`);
  const [touches, events, members] = await Promise.all([
    readTouches(sql, span),
    readConversions(sql, { ...span, event }, ATTRIBUTION_LIMITS.conversions),
    readExperimentEntries(
      sql,
      { workspace, from: journey ? 0 : period.from, to: period.to },
      listWatchedJourneys(request),
      ATTRIBUTION_LIMITS.members,
    ),
  ]);
  requireAtMost(ATTRIBUTION_LIMITS.conversions, events.length, `events ${WHEN}`);
  requireAtMost(ATTRIBUTION_LIMITS.members, members.length, `enrollments ${WHEN}`);
  const { currency } = bundle.workspace;
  const { byCustomer, otherCurrency: foreign } = collectConversions(events, { event, currency });
  const own = journey ? limitToMembers(byCustomer, members) : byCustomer;

  const paths = buildContactPaths(touches, own, request, lookback);
  const { credits, refused } = await computeCredits(paths, request.models);
  const byJourney = computeJourneyEffects(request, members, byCustomer);
  const total = journey
    ? (byJourney.get(journey.id) ?? NO_CONTROL)
    : await computeGlobalEffect(sql, workspace, request, byCustomer);
  const touchpoints = request.by === 'journey' ? byJourney : new Map<string, CausedOutcomes>();
  const of = (what: keyof CausedOutcomes) => new Map([...touchpoints].map(([id, both]) => [id, both[what]]));
  return {
    report: buildAttributionReport(paths, { total: total.value, byTouchpoint: of('value') }, credits),
    conversions: { total: total.conversions, byTouchpoint: of('conversions') },
    refused,
    touched: new Set(touches.map((touch) => touch.customer)).size,
    converted: [...own.values()].filter((list) => list.some((item) => item.at >= period.from)).length,
    foreign,
  };
}

/** Journeys whose experiments the report reads. */
function listWatchedJourneys({ journey, by, bundle }: AttributionRequest): string[] {
  if (journey) return [journey.id];
  if (by !== 'journey') return [];
  return listMarketingJourneys(bundle).map(({ id }) => id);
}

/** Conversions of customers after they entered the journey. */
function limitToMembers(
  byCustomer: ReadonlyMap<string, Conversion[]>,
  members: readonly ExperimentEntry[],
): Map<string, Conversion[]> {
  return new Map(
    members.map(({ customer, enteredAt }) => [
      customer,
      (byCustomer.get(customer) ?? []).filter((item) => item.at >= enteredAt),
    ]),
  );
}

function buildContactPaths(
  touches: readonly (AttributionTouch & { customer: string })[],
  conversions: ReadonlyMap<string, Conversion[]>,
  { by, journey, period }: AttributionRequest,
  lookback: number,
): TouchPath[] {
  const contacts = journey ? touches.filter((touch) => touch.journey === journey.id) : touches;
  const byCustomer = groupBy(contacts, ({ customer }) => customer);
  const customers = new Set([...byCustomer.keys(), ...conversions.keys()]);
  // Contacts before the period only decide which conversion a contact led to.
  return [...customers].flatMap((customer) =>
    buildPaths(byCustomer.get(customer) ?? [], conversions.get(customer) ?? [], { by, lookback }).filter(
      ({ convertedAt, touches: path }) => (convertedAt ?? path.at(-1)?.at ?? 0) >= period.from,
    ),
  );
}

/** One model after the other, so that the process answers other requests in between. */
async function computeCredits(paths: TouchPath[], models: readonly AttributionModel[]) {
  const credits = new Map<AttributionModel, Credit[]>();
  const refused: AttributionResult['refused'] = [];
  for (const model of ATTRIBUTION_MODELS.filter((item) => models.includes(item))) {
    await setImmediate();
    try {
      credits.set(model, attributeConversions(paths, model));
    } catch (error) {
      if (!(error instanceof TooManyStates)) throw error;
      refused.push({ model, reason: error.message });
    }
  }
  return { credits, refused };
}
