import { setImmediate } from 'node:timers/promises';
import { readDeeds, readEngaged, readSpend, readSpendOnAll } from '../../../db/queries/report-value.ts';
import {
  type CohortReport,
  type CohortRow,
  cohortReport,
} from '../../decisioning/experiments/cohort-report.ts';
import type { Comparison } from '../../decisioning/experiments/compare.ts';
import { DEEDS, type Deeds, deedsOf, NO_DEEDS, worthOf } from '../../decisioning/experiments/deeds.ts';
import { type Efficiency, efficiency } from '../../decisioning/experiments/efficiency.ts';
import type { Headline } from '../../decisioning/experiments/headline.ts';
import { incremental } from '../../decisioning/experiments/incremental.ts';
import { type LifecycleReport, lifecycleReport } from '../../decisioning/experiments/lifecycle-report.ts';
import type { Bundle, JourneyDef } from '../../domain/definition.ts';
import { iso } from '../../domain/time.ts';
import type { Api } from '../operation.ts';
import type { Period } from '../period.ts';
import { armSizes, COMPARING, type GlobalArms, readGlobalArms, readJourneyArms } from './arms.ts';

/** What treatment was worth, per customer, and what it cost. */
export interface Worth {
  sizes: { treated: number; control: number; excluded: number };
  all: CohortReport;
  /** By the month in which they entered, or have been known since. */
  cohorts: CohortReport[];
  efficiency: Efficiency;
}

export interface ValueReport {
  global: Worth & { sample: number; lifecycle: LifecycleReport };
  journeys: (Worth & { journey: JourneyDef })[];
  /** Purchases in other currencies: left out. */
  foreign: number;
}

/** Customers whose logs are read at once: what comes back is parsed in one go, and other calls wait for that. */
const CHUNK = 2_500;

/**
 * B-4, B-5, C-9, C-12, D-18: what customers are worth because of what was done, never per campaign. Arms as assigned,
 * whoever was sent anything. @throws HttpError 422 `too_much`
 */
export async function readValue(
  api: Api,
  workspace: string,
  bundle: Bundle,
  period: Period,
): Promise<ValueReport> {
  const { sql } = api.deps.db;
  const { currency, worth } = bundle.workspace;
  const journeys = await readJourneyArms(api, workspace, bundle, period);
  const global = await readGlobalArms(api, workspace, period);
  const members = [...journeys.flatMap(({ rows }) => rows), ...global.rows];
  const customers = [...new Set(members.map((row) => row.customer))];
  const deeds = await deedsOfAll(api, customers, period, currency);
  const of = (customer: string) => deeds.get(customer) ?? NO_DEEDS;
  const rowOf = (member: (typeof members)[number], from: number, since: number) =>
    worthOf(
      { ...member, cohort: iso(since).slice(0, 7) },
      of(member.customer),
      { from, to: period.to },
      worth.margin,
    );

  const spent = new Map(
    (await readSpend(sql, { workspace, journeys: journeys.map(({ journey }) => journey.id), ...period })).map(
      (row) => [row.journey, row],
    ),
  );
  const found: ValueReport['journeys'] = [];
  for (const { journey, rows, controlShare } of journeys) {
    // Other calls are answered in between.
    await setImmediate();
    const worths = rows.map((row) => rowOf(row, row.enteredAt, row.enteredAt));
    const spend = spent.get(journey.id) ?? { contacts: 0, spend: 0 };
    found.push({ journey, ...worthReport(worths, controlShare, spend) });
  }
  const actions = bundle.actions.filter((action) => action.class === 'marketing').map(({ id }) => id);
  const spend = await readSpendOnAll(sql, { workspace, actions, ...period, sample: global.sample });
  const worths = global.rows.map((row) => rowOf(row, Math.max(period.from, row.knownSince), row.knownSince));
  return {
    global: {
      ...worthReport(worths, global.controlShare, spend),
      sample: global.sample,
      lifecycle: await lifecycleOf(api, global, period, of),
    },
    journeys: found,
    foreign: [...deeds.values()].reduce((sum, its) => sum + its.foreign, 0),
  };
}

function worthReport(
  rows: readonly CohortRow[],
  controlShare: number,
  { contacts, spend }: { contacts: number; spend: number },
): Worth {
  const { all, cohorts } = cohortReport(rows, controlShare, COMPARING);
  return {
    sizes: armSizes(rows),
    all,
    cohorts,
    efficiency: efficiency(contacts, spend, incremental(comparable(all.value))),
  };
}

/** Arms of wrong sizes are no control: nothing is reckoned from them. */
function comparable(headline: Headline): Comparison {
  if (headline.kind !== 'invalid') return headline;
  const treated = headline.sampleRatio.arms.find(({ arm }) => arm === 'treated')?.customers ?? 0;
  return { kind: 'no_control', treated };
}

/** In parts, so that no statement takes long and no result is large. */
async function deedsOfAll(
  { deps }: Api,
  customers: string[],
  period: Period,
  currency: string,
): Promise<Map<string, Deeds>> {
  const found = new Map<string, Deeds>();
  for (let at = 0; at < customers.length; at += CHUNK) {
    const part = customers.slice(at, at + CHUNK);
    const rows = await readDeeds(deps.db.sql, part, { names: DEEDS, to: period.to });
    // They come by customer.
    for (let first = 0; first < rows.length; ) {
      const customer = (rows[first] as (typeof rows)[number]).customer;
      let next = first;
      while (rows[next]?.customer === customer) next++;
      found.set(customer, deedsOf(rows.slice(first, next), currency));
      first = next;
    }
  }
  return found;
}

async function lifecycleOf(
  { deps }: Api,
  { rows, controlShare }: GlobalArms,
  period: Period,
  of: (customer: string) => Deeds,
): Promise<LifecycleReport> {
  const engaged = new Set<string>();
  for (let at = 0; at < rows.length; at += CHUNK) {
    const part = rows.slice(at, at + CHUNK).map(({ customer }) => customer);
    for (const id of await readEngaged(deps.db.sql, part, period)) engaged.add(id);
  }
  const lives = rows.map((row) => ({
    ...row,
    purchases: of(row.customer).purchases.map(({ at }) => at),
    engagements: engaged.has(row.customer) ? [Math.max(period.from, row.knownSince)] : [],
  }));
  return lifecycleReport(lives, period, controlShare, COMPARING);
}
