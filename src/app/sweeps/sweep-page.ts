import { setImmediate as breathe } from 'node:timers/promises';
import type { Tx } from '../../../db/client.ts';
import { readConfigVersion } from '../../../db/config/active-bundle.ts';
import { readNewestFitVersion } from '../../../db/learning/score-fits.ts';
import { readSweepPage, type SweptCustomer } from '../../../db/sweeps/sweep-page.ts';
import {
  beginSweep,
  isBacklogged,
  lockSweep,
  readSweptFit,
  readSweptVersion,
  type SweepRow,
  saveSweep,
} from '../../../db/sweeps/sweeps.ts';
import type { Bundle } from '../../domain/definition.ts';
import { EVENT } from '../../domain/event.ts';
import { DAY, type Millis, SECOND } from '../../domain/time/time.ts';
import type { LearnedModels } from '../decide/learned-models.ts';
import { acceptInTransaction, type Intake } from '../intake/commit.ts';
import type { IncomingEvent } from '../intake/incoming-event.ts';
import { type ConditionDeps, CustomerConditions, type SweepDefinitions } from './customer-conditions.ts';
import { createSelection, type SelectCustomer } from './select-customer.ts';

export interface SweepDeps extends Intake, ConditionDeps, Pick<LearnedModels, 'fits'> {
  /** Customers looked at per second and sweep; default 2,000. */
  sweepRate?: number;
  /** Where tests stand still: `sweeping` before a page's commit, `swept` after it; with `{sweep}#{seen before}`. */
  failpoint?(name: string, id: string): Promise<void> | void;
}

/** What a schedule's run is about. */
export interface ScheduledSweep {
  workspace: string;
  kind: 'schedule' | 'hourly';
  journey: string | null;
  entry: number | null;
  /** RFC 3339: the scheduled instant. */
  occurrence: string;
}

export interface SweepProgress {
  done: boolean;
  /** Customers looked at, and told, so far. */
  seen: number;
  found: number;
  /** The next page may begin after so long. */
  nextInMs: Millis;
}

/** Customers that one page looks at: as many events are committed together at most. */
const PAGE = 500;
const RATE = 2_000;
/** With so many journeys waiting for their decision, whoever has just said something would wait behind a sweep. */
const BACKLOG = 5_000;
const BACKLOG_PAUSE = 2 * SECOND;
/** Between these the process gets to decide for others. */
const BREATH = 50;

/** Begins the sweep of a scheduled instant, or finds it begun. Null when the workspace has no bundle any more. */
export async function beginScheduledSweep(deps: SweepDeps, wanted: ScheduledSweep): Promise<string | null> {
  const version = await readConfigVersion(deps.db.sql, wanted.workspace);
  if (version === 0) return null;
  const { id } = await beginSweep(deps.db.sql, { ...wanted, version, done: false });
  return id;
}

/**
 * Looks at the next customers of a sweep and tells those whom it concerns, as `Entry Due` in their log. Cursor and
 * events are one commit, and each customer's event has one message id: killed anywhere and tried again, a sweep tells
 * everybody once. It only wakes; the decision that follows looks again.
 */
export async function sweepPage(deps: SweepDeps, { sweepId }: { sweepId: string }): Promise<SweepProgress> {
  const began = Date.now();
  const full = await isBacklogged(deps.db.sql, BACKLOG);
  const { sweep, looked, done } = (await deps.db.sql.begin((tx) => page(tx, deps, sweepId, full))) as Page;
  if (sweep) await deps.failpoint?.('swept', `${sweepId}#${sweep.seen - looked}`);
  if (full && !done) return { done, ...countsOf(sweep), nextInMs: BACKLOG_PAUSE };
  const due = (looked / (deps.sweepRate ?? RATE)) * 1_000 - (Date.now() - began);
  const nextInMs = done ? 0 : Math.max(0, Math.ceil(due));
  return { done, ...countsOf(sweep), nextInMs };
}

function countsOf(sweep: SweepRow | null): { seen: number; found: number } {
  return { seen: sweep?.seen ?? 0, found: sweep?.found ?? 0 };
}

interface Page {
  sweep: SweepRow | null;
  /** Customers of this page. */
  looked: number;
  done: boolean;
}

/** `full`: nobody is to be told now. */
async function page(tx: Tx, deps: SweepDeps, sweepId: string, full: boolean): Promise<Page> {
  const sweep = await lockSweep(tx, sweepId);
  if (!sweep || sweep.done) return { sweep, looked: 0, done: true };
  const { workspace, version, kind } = sweep;
  // A newer bundle, or fit, has a sweep of its own, which makes up for what this one leaves out.
  const superseded =
    (kind === 'activation' && (await readConfigVersion(tx, workspace)) > version) ||
    (kind === 'fit' && ((await readNewestFitVersion(tx, workspace)) ?? 0) > Number(sweep.occurrence));
  if (superseded) return { sweep, looked: 0, done: true };
  if (full) return { sweep, looked: 0, done: false };
  const bundle = await deps.bundles(tx, workspace, version);
  const concern = createSelection(
    sweep,
    bundle,
    kind === 'activation' ? await sweptBundle(tx, deps, sweep) : null,
  );
  const { counted, days } = windowsOf(bundle);
  const since = Date.now() - days * DAY;
  const customers = concern
    ? await readSweepPage(tx, {
        workspace,
        cursor: sweep.cursor,
        limit: PAGE,
        countedEvents: counted,
        since,
        enrollments: kind === 'fit',
      })
    : [];
  const known = concern ? { bundle, ...(await fitsFor(tx, deps, sweep)) } : null;
  const due = concern && known ? await lookAll(deps, known, sweep, customers, concern) : [];
  if (due.length > 0) await acceptInTransaction(tx, deps, due);
  const done = customers.length < PAGE;
  const cursor = customers.at(-1)?.id ?? sweep.cursor;
  const looked = customers.length;
  await saveSweep(tx, { id: sweepId, cursor, seen: looked, found: due.length, done });
  await deps.failpoint?.('sweeping', `${sweepId}#${sweep.seen}`);
  const counts = { seen: sweep.seen + looked, found: sweep.found + due.length };
  return { sweep: { ...sweep, ...counts }, looked, done };
}

/** The bundle that customers were last swept for. */
async function sweptBundle(tx: Tx, deps: SweepDeps, sweep: SweepRow): Promise<Bundle | null> {
  const before = await readSweptVersion(tx, sweep.workspace, sweep.version);
  return before > 0 ? deps.bundles(tx, sweep.workspace, before) : null;
}

/** The newest fit of the scores; for a fit's own sweep also the one that customers were last told of. */
async function fitsFor(tx: Tx, deps: SweepDeps, sweep: SweepRow): Promise<Omit<SweepDefinitions, 'bundle'>> {
  const { workspace, kind, occurrence } = sweep;
  const fitted = await deps.fits(tx, workspace, await readNewestFitVersion(tx, workspace));
  if (kind !== 'fit') return { fitted };
  const before = await readSweptFit(tx, workspace, Number(occurrence));
  return { fitted, previousFit: await deps.fits(tx, workspace, before) };
}

/** Events that conditions count within a time. */
function windowsOf({ interest }: Bundle): { counted: string[]; days: number } {
  const counted = Object.keys(interest.windows).sort();
  return { counted, days: Math.max(0, ...Object.values(interest.windows)) };
}

async function lookAll(
  deps: SweepDeps,
  known: SweepDefinitions,
  sweep: SweepRow,
  customers: SweptCustomer[],
  concern: SelectCustomer,
): Promise<IncomingEvent[]> {
  const due: IncomingEvent[] = [];
  const now = Date.now();
  for (const [index, customer] of customers.entries()) {
    if (index % BREATH === BREATH - 1) await breathe();
    const properties = concern(new CustomerConditions(deps, known, customer, now));
    if (properties) due.push(entryDue(sweep, customer.id, properties, now));
  }
  return due;
}

function entryDue(
  { id, workspace }: SweepRow,
  customerId: string,
  properties: Record<string, unknown>,
  at: number,
): IncomingEvent {
  return {
    workspace,
    customerId,
    messageId: `sweep:${id}:${customerId}`,
    type: 'track',
    name: EVENT.entryDue,
    at,
    historical: false,
    source: 'throughline',
    properties,
    traits: {},
    context: {},
  };
}
