import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
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
import { LimitError } from '../../limits/limit-error.ts';
import { limitSteps } from '../../limits/limit-steps.ts';
import { runWithin } from '../../limits/run-within.ts';
import type { LearnedModels } from '../decide/learned-models.ts';
import { acceptInTransaction, type Intake } from '../intake/commit.ts';
import type { IncomingEvent } from '../intake/incoming-event.ts';
import { type ConditionDeps, CustomerConditions, type SweepDefinitions } from './customer-conditions.ts';
import { createSelection, type SelectCustomer } from './select-customer.ts';

export interface SweepDeps extends Intake, ConditionDeps, Pick<LearnedModels, 'fits'> {
  /** Maximum number of customers per second and sweep; default 2,000. */
  sweepRate?: number;
  /** Tests stop here: `sweeping` before a page's commit, `swept` after it; the id is `{sweep}#{customers before}`. */
  failpoint?(name: string, id: string): Promise<void> | void;
}

/** The sweep that a schedule starts. */
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
  /** Customers evaluated so far. */
  seen: number;
  /** Customers selected so far. */
  found: number;
  /** Pause before the next page. */
  nextInMs: Millis;
}

/** Customers of a page, and so the maximum number of events in its commit. */
const PAGE = 500;
const CUSTOMERS_PER_SECOND = 2_000;
/** With more journeys than this waiting for a decision, the sweep pauses, so that live events come first. */
const BACKLOG = 5_000;
const BACKLOG_PAUSE = 2 * SECOND;
/** Of the conditions of one customer. Those beyond it are not met. */
const STEPS_PER_CUSTOMER = 1_000_000;
/** Time until other work of the process gets its turn. */
const TURN_MS = 20;
const MAX_TURN_MS = SECOND;

/** Begins the sweep of a scheduled instant, or finds it begun. Null when the workspace has no active bundle. */
export async function beginScheduledSweep(
  deps: SweepDeps,
  scheduled: ScheduledSweep,
): Promise<string | null> {
  const version = await readConfigVersion(deps.db.sql, scheduled.workspace);
  if (version === 0) return null;
  const { id } = await beginSweep(deps.db.sql, { ...scheduled, version, done: false });
  return id;
}

/**
 * Evaluates the next page of a sweep's customers and appends an `Entry Due` to the log of each selected one. Cursor and
 * events are one commit, and the message id of each event follows from sweep and customer. So a sweep that is killed
 * and retried sends every customer one event. The event only wakes the journey: its decision evaluates again.
 */
export async function sweepPage(deps: SweepDeps, { sweepId }: { sweepId: string }): Promise<SweepProgress> {
  const began = Date.now();
  const backlogged = await isBacklogged(deps.db.sql, BACKLOG);
  const { sweep, evaluated, done } = (await deps.db.sql.begin((tx) =>
    commitPage(tx, deps, sweepId, backlogged),
  )) as PageResult;
  if (sweep) await deps.failpoint?.('swept', `${sweepId}#${sweep.seen - evaluated}`);
  if (backlogged && !done) return { done, ...countsOf(sweep), nextInMs: BACKLOG_PAUSE };
  const throttle = (evaluated / (deps.sweepRate ?? CUSTOMERS_PER_SECOND)) * 1_000 - (Date.now() - began);
  const nextInMs = done ? 0 : Math.max(0, Math.ceil(throttle));
  return { done, ...countsOf(sweep), nextInMs };
}

function countsOf(sweep: SweepRow | null): { seen: number; found: number } {
  return { seen: sweep?.seen ?? 0, found: sweep?.found ?? 0 };
}

interface PageResult {
  sweep: SweepRow | null;
  /** Customers of this page. */
  evaluated: number;
  done: boolean;
}

/** @param backlogged the page does nothing, because no further customer may be woken now */
async function commitPage(
  tx: Tx,
  deps: SweepDeps,
  sweepId: string,
  backlogged: boolean,
): Promise<PageResult> {
  const sweep = await lockSweep(tx, sweepId);
  if (!sweep || sweep.done) return { sweep, evaluated: 0, done: true };
  const { workspace, version, kind } = sweep;
  // A newer bundle or fit has a sweep of its own, which covers the customers that this one leaves out.
  const isSuperseded =
    (kind === 'activation' && (await readConfigVersion(tx, workspace)) > version) ||
    (kind === 'fit' && ((await readNewestFitVersion(tx, workspace)) ?? 0) > Number(sweep.occurrence));
  if (isSuperseded) return { sweep, evaluated: 0, done: true };
  if (backlogged) return { sweep, evaluated: 0, done: false };
  const bundle = await deps.bundles(tx, workspace, version);
  const select = createSelection(
    sweep,
    bundle,
    kind === 'activation' ? await readSweptBundle(tx, deps, sweep) : null,
  );
  const { countedEvents, days } = readWindows(bundle);
  const since = Date.now() - days * DAY;
  const customers = select
    ? await readSweepPage(tx, {
        workspace,
        cursor: sweep.cursor,
        limit: PAGE,
        countedEvents,
        since,
        enrollments: kind === 'fit',
      })
    : [];
  const definitions = select ? { bundle, ...(await readFits(tx, deps, sweep)) } : null;
  const due = select && definitions ? await evaluateAll(deps, definitions, sweep, customers, select) : [];
  if (due.length > 0) await acceptInTransaction(tx, deps, due);
  const done = customers.length < PAGE;
  const cursor = customers.at(-1)?.id ?? sweep.cursor;
  const evaluated = customers.length;
  await saveSweep(tx, { id: sweepId, cursor, seen: evaluated, found: due.length, done });
  await deps.failpoint?.('sweeping', `${sweepId}#${sweep.seen}`);
  const counts = { seen: sweep.seen + evaluated, found: sweep.found + due.length };
  return { sweep: { ...sweep, ...counts }, evaluated, done };
}

/** Reads the bundle of the last finished sweep. */
async function readSweptBundle(tx: Tx, deps: SweepDeps, sweep: SweepRow): Promise<Bundle | null> {
  const before = await readSweptVersion(tx, sweep.workspace, sweep.version);
  return before > 0 ? deps.bundles(tx, sweep.workspace, before) : null;
}

/** Reads the newest fit of the scores; for the sweep after a fit also the fit of the last such sweep. */
async function readFits(tx: Tx, deps: SweepDeps, sweep: SweepRow): Promise<Omit<SweepDefinitions, 'bundle'>> {
  const { workspace, kind, occurrence } = sweep;
  const fitted = await deps.fits(tx, workspace, await readNewestFitVersion(tx, workspace));
  if (kind !== 'fit') return { fitted };
  const before = await readSweptFit(tx, workspace, Number(occurrence));
  return { fitted, previousFit: await deps.fits(tx, workspace, before) };
}

/** Reads which events conditions count within a window, and the longest window in days. */
function readWindows({ interest }: Bundle): { countedEvents: string[]; days: number } {
  const countedEvents = Object.keys(interest.windows).sort();
  return { countedEvents, days: Math.max(0, ...Object.values(interest.windows)) };
}

async function evaluateAll(
  deps: SweepDeps,
  definitions: SweepDefinitions,
  sweep: SweepRow,
  customers: SweptCustomer[],
  select: SelectCustomer,
): Promise<IncomingEvent[]> {
  const due: IncomingEvent[] = [];
  const now = Date.now();
  const evaluateOne = (customer: SweptCustomer) => {
    const { evaluate } = limitSteps(deps.evaluate, STEPS_PER_CUSTOMER);
    const properties = select(new CustomerConditions({ ...deps, evaluate }, definitions, customer, now));
    if (properties) due.push(buildEntryDue(sweep, customer.id, properties, now));
  };
  let next = 0;
  while (next < customers.length) {
    const turnEnd = performance.now() + TURN_MS;
    try {
      runWithin(MAX_TURN_MS, () => {
        while (next < customers.length && performance.now() < turnEnd)
          evaluateOne(customers[next++] as SweptCustomer);
      });
    } catch (error) {
      if (!(error instanceof LimitError)) throw error;
      deps.log?.warn(
        { workspace: sweep.workspace, sweep: sweep.id },
        'a sweep has left a customer out: it took too long',
      );
    }
    await yieldToEventLoop();
  }
  return due;
}

function buildEntryDue(
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
