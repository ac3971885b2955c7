import type { Tx } from '../../../../db/client.ts';
import { decodeRecord } from '../../../../db/decisions/record/decision-record.ts';
import { readKeptSince } from '../../../../db/partitions/kept-since.ts';
import {
  type EnrollmentRow,
  type FamilyRow,
  type LogRow,
  readActiveDays,
  readDecisionsSince,
  readDeliveriesOf,
  readEnrollmentsOf,
  readKpiLog,
  readRewardsOf,
  readTasksOf,
} from '../../../../db/reports/counts/counted-rows.ts';
import type { CountedCustomer, CountState } from '../../../../db/reports/counts/counts.ts';
import { readJourneysOf } from '../../../../db/reports/decisions.ts';
import { readMoneyActions } from '../../../../db/reports/money-actions.ts';
import { readBuyersAmong } from '../../../../db/reports/retention.ts';
import type { CountedFacts, StoredCells } from '../../../../db/schema/json.ts';
import { isInGlobalControl } from '../../../domain/holdout.ts';
import { MINUTE } from '../../../domain/time/time.ts';
import { groupBy } from '../../../domain/values/group-by.ts';
import { type KpiEvent, summarizeKpiEvents } from '../../../statistics/experiments/kpi-events.ts';
import { toAttributedCustomer } from './attributed-customer.ts';
import { splitCellName } from './cell-sums.ts';
import type { CountedDecision, CustomerRows } from './customer-rows.ts';
import { isOfDecisions } from './decision-cells.ts';
import { foldDecisions } from './fold-decisions.ts';
import { toDay, toDayName } from './periods.ts';

/** Decisions of one customer that commit at the same time may do so in another order than they began in. */
const OVERLAP = 10 * MINUTE;

const NO_FACTS: CountedFacts = { events: [], days: [], decidedTo: 0, decided: [], moves: {}, exposures: [] };

interface Read {
  state: CountState;
  families: FamilyRow[];
  before: Map<string, CountedCustomer>;
}

/** The rows of each customer of these families, with the facts to keep for the next count. */
export async function readCustomerRows(
  tx: Tx,
  workspace: string,
  { state, families, before }: Read,
): Promise<(CustomerRows & { facts: CountedFacts })[]> {
  const { settings, generation } = state;
  const ids = families.map(({ id }) => id);
  const keptEvents = (await readKeptSince(tx, 'events')) ?? 0;
  const keptDecisions = (await readKeptSince(tx, 'decisions')) ?? 0;
  const log = groupBy(await readKpiLog(tx, ids), ({ customer }) => customer);
  const active = groupBy(await readActiveDays(tx, ids), ({ customer }) => customer);
  const enrollments = groupBy(await readEnrollmentsOf(tx, ids), ({ customer }) => customer);
  const deliveries = groupBy(await readDeliveriesOf(tx, ids), ({ customer }) => customer);
  const tasks = groupBy(await readTasksOf(tx, ids), ({ customer }) => customer);
  const rewards = await readRewards(tx, workspace, ids);
  const buyers = new Map(
    (await readBuyersAmong(tx, { workspace, timezone: settings.timezone, customers: ids })).map((row) => [
      row.customer,
      row,
    ]),
  );
  const isSame = (id: string) => before.get(id)?.generation === generation;
  const counted = await readNewDecisions(tx, ids, { before, isSame, keptSince: keptDecisions });
  const decisions = groupBy(counted, ({ customer }) => customer);
  const journeyOf = await readJourneys(tx, [...enrollments.values()].flat(), [
    ...counted.flatMap(({ candidates }) => candidates.map(({ enrollmentId }) => enrollmentId)),
    ...[...deliveries.values()].flat().map(({ enrollment }) => enrollment),
    ...[...tasks.values()].flat().map(({ enrollment }) => enrollment),
  ]);
  const facts = new Map<string, CountedFacts>();
  for (const id of ids) {
    const old = before.get(id)?.facts ?? NO_FACTS;
    const folded = foldDecisions(
      isSame(id) || keptDecisions > 0 ? old : NO_FACTS,
      decisions.get(id) ?? [],
      OVERLAP,
    );
    facts.set(id, {
      ...folded,
      events: keepEvents(old, log.get(id) ?? [], keptEvents),
      days: keepDays(old, active.get(id) ?? [], keptEvents),
    });
  }
  const factsOf = (id: string) => facts.get(id) ?? before.get(id)?.facts ?? NO_FACTS;
  const merged = groupBy(
    families.filter(({ id, root }) => root !== id),
    ({ root }) => root,
  );
  const parted = await readParted(tx, ids);
  return families.map((customer) => {
    const { id } = customer;
    const kin = [id, ...(merged.get(id) ?? []).map((row) => row.id)];
    const events = sortEvents(
      kin.flatMap((kinId) => factsOf(kinId).events.map(([, , , event]) => event as unknown as KpiEvent)),
    );
    const walked = [...new Set([...kin, ...(parted.get(id) ?? [])])].map(factsOf);
    const old = before.get(id);
    const segment = settings.holdouts.filter(
      (holdout) => !isInGlobalControl(workspace, customer.subject, holdout),
    ).length;
    const ofKin = <Row>(rowsOf: Map<string, Row[]>) => kin.flatMap((kinId) => rowsOf.get(kinId) ?? []);
    return {
      workspace,
      customer,
      segment,
      settings,
      kpis: summarizeKpiEvents(events, settings.currency),
      activeDays: factsOf(id).days.map(([day]) => day),
      enrollments: enrollments.get(id) ?? [],
      deliveries: deliveries.get(id) ?? [],
      tasks: tasks.get(id) ?? [],
      attributed:
        customer.root === id
          ? toAttributedCustomer({
              ...{ customer, segment, currency: settings.currency, events, journeyOf },
              ...{ enrollments: ofKin(enrollments), deliveries: ofKin(deliveries), tasks: ofKin(tasks) },
            })
          : null,
      rewards: rewards.get(id) ?? [],
      buyer: customer.root === id ? (buyers.get(id) ?? null) : null,
      moves: Object.assign({}, ...walked.map((own) => own.moves)),
      exposures: walked.flatMap((own) => own.exposures),
      carried: old ? carryDecisions(old, isSame(id) ? null : toDayName(toDay(keptDecisions))) : {},
      decisions: decisions.get(id) ?? [],
      journeyOf,
      facts: factsOf(id),
    };
  });
}

/**
 * The decisions that are not counted yet. A new generation counts all decisions again that are kept, and carries over
 * those that are not.
 */
async function readNewDecisions(
  tx: Tx,
  ids: string[],
  { before, isSame, keptSince }: Pick<Read, 'before'> & { isSame(id: string): boolean; keptSince: number },
): Promise<CountedDecision[]> {
  const since = ids.map((id) => ({
    id,
    since: isSame(id) ? (before.get(id)?.facts.decidedTo ?? 0) - OVERLAP : 0,
  }));
  const fresh = since.filter(({ id }) => !isSame(id));
  const known = since.filter(({ id }) => isSame(id));
  const read = [
    ...(fresh.length > 0 ? await readDecisionsSince(tx, fresh, keptSince) : []),
    ...(known.length > 0 ? await readDecisionsSince(tx, known, 0) : []),
  ];
  return read
    .filter((row) => !isSame(row.customer) || !isDecided(before.get(row.customer), row.id))
    .map(({ record, ...row }): CountedDecision => ({ ...row, ...decodeRecord(record, 'candidates') }));
}

/** Customers who were one with a customer before an unmerge: their decisions moved enrollments that it has kept. */
async function readParted(tx: Tx, ids: string[]): Promise<Map<string, string[]>> {
  const rows = await tx<{ loser: string; root: string }[]>`
    select loser, unmerged_from as root from merges where unmerged_from = any(${ids})`;
  return new Map(
    [...groupBy(rows, ({ root }) => root)].map(([root, own]) => [root, own.map(({ loser }) => loser)]),
  );
}

/** The rewards of customers, with whether they are amounts of money. */
async function readRewards(tx: Tx, workspace: string, ids: string[]) {
  const rows = await readRewardsOf(tx, ids);
  const isMoney = await readMoneyActions(tx, workspace, rows);
  return groupBy(
    rows.map((row) => ({ ...row, money: isMoney(row) })),
    ({ customer }) => customer,
  );
}

/** The journeys of enrollments: of those that were read already, and of others. */
async function readJourneys(
  tx: Tx,
  read: EnrollmentRow[],
  wanted: string[],
): Promise<CustomerRows['journeyOf']> {
  const known = new Map(read.map(({ id, journey }) => [id, journey]));
  const others = [...new Set(wanted)].filter((id) => !known.has(id));
  const found = others.length > 0 ? await readJourneysOf(tx, others) : new Map<string, string>();
  return (enrollment) => known.get(enrollment) ?? found.get(enrollment) ?? null;
}

function isDecided(counted: CountedCustomer | undefined, id: string): boolean {
  return counted?.facts.decided.some(([decision]) => decision === id) ?? false;
}

/** The events of the log, and those of its dropped months. */
function keepEvents(old: CountedFacts, log: LogRow[], keptSince: number): CountedFacts['events'] {
  const read = new Set(log.map(({ id }) => id));
  const dropped = old.events.filter(([id, acceptedAt]) => acceptedAt < keptSince && !read.has(id));
  return [
    ...dropped,
    ...log.map(({ id, acceptedAt, origin, customer: _, ...event }): CountedFacts['events'][number] => [
      id,
      acceptedAt,
      origin,
      Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null)),
    ]),
  ];
}

function keepDays(
  old: CountedFacts,
  active: { day: number; acceptedAt: number }[],
  keptSince: number,
): CountedFacts['days'] {
  const read = new Set(active.map(({ day }) => day));
  const dropped = old.days.filter(([day, acceptedAt]) => acceptedAt < keptSince && !read.has(day));
  return [...dropped, ...active.map(({ day, acceptedAt }): [number, number] => [day, acceptedAt])];
}

/** What was counted of earlier decisions: of all, or of those before a day. */
function carryDecisions({ counted }: CountedCustomer, before: string | null): StoredCells {
  return Object.fromEntries(
    Object.entries(counted).filter(([name]) => {
      const { report, period } = splitCellName(name);
      return isOfDecisions(report) && (before === null || period < before);
    }),
  );
}

function sortEvents(events: KpiEvent[]): KpiEvent[] {
  return events.sort((a, b) => a.at - b.at);
}
