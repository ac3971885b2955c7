import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../../db/client.ts';
import { readUnprocessedEvents } from '../../db/events/unprocessed-events.ts';
import { countRepairs } from '../../db/maintenance/reconciliations.ts';
import { listenForWakes } from '../../db/notify.ts';
import {
  endLeases,
  type LeasedWake,
  leaseChecks,
  leaseOverdueWakes,
  leaseWakes,
} from '../../db/wakes/lease-wakes.ts';
import { SECOND } from '../domain/time/time.ts';
import type { AcceptSignals, JourneyClient } from '../temporal/journey-client.ts';
import { isTemporalAway } from '../temporal/renewing-connection.ts';
import type { EventNotice } from '../workflows/messages.ts';
import { type BackgroundLoop, BackgroundLoops, type LoopObserver } from './background-loops.ts';
import { endMergedWorkflows } from './end-merged-workflows.ts';
import { toNotice } from './event-notice.ts';
import { traceSignal } from './trace-signal.ts';

export interface RelayDeps {
  db: Database;
  journeys: JourneyClient;
  log: Logger;
  observer: RelayObserver;
  /** Appends what a stuck workflow has received by signal alone to the log. */
  acceptSignals: AcceptSignals;
  /** Ends deliveries that no worker finished. */
  endAbandoned(): Promise<void>;
  /** Further work that must not be forgotten: echoes, merges, erasures. */
  loops?: BackgroundLoop[];
}

/** Counts what the relay does. Its own work counts as the loops `wakes`, `checks` and `overdue`. */
export interface RelayObserver extends LoopObserver {
  signalled(result: 'sent' | 'failed'): void;
}

type OwnLoop = 'wakes' | 'checks' | 'overdue';

/** Customers leased at once. */
const BATCH = 200;
/** Maximum number of concurrent signals. */
const MAX_SIGNALS = 40;
/** Longer than any decision takes, and shorter than the 30 s within which every journey must move (I4). */
const LEASE_SECONDS = 10;
/** Milliseconds between two leases when no notification arrives. */
const POLL_MS = 500;
/**
 * Time after which a wake-up counts as overdue, and pause between two searches for those. Both together, and a second
 * try, are shorter than the 30 s of I4.
 */
const OVERDUE_MS = 10 * SECOND;
/**
 * Checks leased at once, and pause between two leases. After a restore all journeys are checked, and live events must
 * not wait behind them.
 */
const CHECKS = 100;
const CHECK_EVERY_MS = 500;
/** Pause between two looks whether Temporal is back. */
const AWAY_MS = 500;
/** Notices in one signal; the activity reads the other events from the log. */
const MAX_NOTICES = 50;

/**
 * Signals the workflows of customers whose log holds unprocessed events.
 *
 * Acceptance writes a wake in the commit that appends an event. The relay leases such wakes in a short transaction,
 * signals Temporal outside of any transaction, and never completes a wake: only the decision that processes the events does. A
 * signal that fails stays leased and is sent again when the lease lapses. So a slow or dead Temporal delays no writer,
 * and a lost signal is repeated. While Temporal is away nothing is leased, and what was leased for a signal that failed is
 * given back as soon as Temporal answers. A journey that is 10 s late is overdue and is signalled too, whatever the reason: a
 * terminated run, a restored store, an edit of the definitions.
 */
export class Relay {
  private stopped = false;
  private resume: () => void = () => {};
  /** A notification has arrived since the last lease, perhaps while the relay was busy. */
  private notified = false;
  private loop: Promise<void> | null = null;
  private loops: BackgroundLoops | null = null;
  /** Customers whose signal failed because Temporal is away. */
  private readonly unsent = new Set<string>();
  /** Signals that haven't completed. The next lease doesn't wait for the slowest of them. */
  private readonly pending = new Set<Promise<unknown>>();
  private readonly deps: RelayDeps;

  constructor(deps: RelayDeps) {
    this.deps = deps;
  }

  async start(): Promise<void> {
    for (const loop of ['wakes', 'checks', 'overdue'] satisfies OwnLoop[]) this.deps.observer.started(loop);
    const listener = await listenForWakes(this.deps.db, () => this.notify());
    this.loop = this.run().finally(() => listener.stop());
    const endMerged = {
      name: 'end merged workflows',
      idleMs: 2 * SECOND,
      runPage: () => endMergedWorkflows(this.deps),
    };
    const { loops = [], log, observer } = this.deps;
    this.loops = new BackgroundLoops([endMerged, ...loops], log, observer);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.notify();
    await this.loops?.stop();
    await this.loop;
    await Promise.all(this.pending);
  }

  private async run(): Promise<void> {
    let nextSearch = Date.now() + OVERDUE_MS;
    let nextChecks = Date.now();
    while (!this.stopped) {
      this.notified = false;
      const away = (await this.logFailure(() => this.isAway())) ?? true;
      const leased = away ? 0 : await this.runPage('wakes', () => this.relayBatch());
      if (!away && Date.now() >= nextChecks) {
        await this.runPage('checks', () => this.relayChecks());
        nextChecks = Date.now() + CHECK_EVERY_MS;
      }
      if (Date.now() >= nextSearch) {
        const overdue = (await this.runPage('overdue', () => this.relayOverdue())) ?? 0;
        // An edit makes all customers overdue at once. They are woken batch by batch, with a pause between batches.
        nextSearch = Date.now() + (overdue < BATCH ? OVERDUE_MS : SECOND);
      }
      if (away) await sleep(AWAY_MS);
      else if ((leased ?? 0) < BATCH) await this.pause();
    }
  }

  /** Whether Temporal is away. When it is back, customers who could not be signalled are leased again at once. */
  private async isAway(): Promise<boolean> {
    if (this.unsent.size === 0) return false;
    if ((await this.deps.journeys.check()).kind !== 'answers') return true;
    const customerIds = [...this.unsent];
    await endLeases(this.deps.db.sql, customerIds);
    for (const id of customerIds) this.unsent.delete(id);
    return false;
  }

  private async relayBatch(): Promise<number> {
    const leased = await leaseWakes(this.deps.db.sql, BATCH, LEASE_SECONDS);
    await this.signalAll(leased);
    return leased.length;
  }

  private async relayChecks(): Promise<void> {
    await this.signalAll(await leaseChecks(this.deps.db.sql, CHECKS, LEASE_SECONDS));
  }

  private async relayOverdue(): Promise<number> {
    await this.deps.endAbandoned();
    if (this.unsent.size > 0) return 0;
    const leased = await leaseOverdueWakes(this.deps.db.sql, BATCH, LEASE_SECONDS, Date.now() - OVERDUE_MS);
    if (leased.length > 0) this.deps.log.warn({ customers: leased.length }, 'signalling overdue journeys');
    await this.signalAll(leased);
    return leased.length;
  }

  private async signalAll(leased: LeasedWake[]): Promise<void> {
    if (leased.length === 0) return;
    const notices = new Map<string, EventNotice[]>();
    for (const row of await readUnprocessedEvents(this.deps.db.sql, leased, MAX_NOTICES)) {
      const ofCustomer = notices.get(row.customerId);
      if (ofCustomer) ofCustomer.push(toNotice(row));
      else notices.set(row.customerId, [toNotice(row)]);
    }
    const { journeys, observer } = this.deps;
    for (const wake of leased) {
      while (this.pending.size >= MAX_SIGNALS) await Promise.race(this.pending);
      const events = notices.get(wake.customerId) ?? [];
      const signal: Promise<unknown> = this.logFailure(async () => {
        try {
          await traceSignal(this.deps.db, wake, () =>
            wake.tries === 0 ? journeys.signal(wake, events) : this.remind(wake, events),
          );
          observer.signalled('sent');
        } catch (error) {
          observer.signalled('failed');
          if (isTemporalAway(error)) this.unsent.add(wake.customerId);
          throw error;
        }
      }).finally(() => this.pending.delete(signal));
      this.pending.add(signal);
    }
  }

  /** Signals again. A run that no signal can move on is ended, and the workflow starts afresh. */
  private async remind(wake: LeasedWake, events: EventNotice[]): Promise<void> {
    const { journeys, acceptSignals, log } = this.deps;
    const stuck = await journeys.remind(wake, events);
    if (!stuck) return;
    await journeys.restart(wake, stuck, acceptSignals);
    const { workspace, customerId } = wake;
    log.warn({ workspace, customerId, ...stuck }, 'a stuck journey was ended and started again');
    await countRepairs(this.deps.db.sql, 'workflows', 'stuck', 1);
  }

  private runPage<T>(loop: OwnLoop, work: () => Promise<T>): Promise<T | undefined> {
    const { observer } = this.deps;
    return this.logFailure(async () => {
      try {
        const result = await work();
        observer.finishedPage(loop);
        return result;
      } catch (error) {
        observer.failedPage(loop);
        throw error;
      }
    });
  }

  private async logFailure<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.deps.log.warn({ err: error }, 'the relay will retry');
      return undefined;
    }
  }

  private notify(): void {
    this.notified = true;
    this.resume();
  }

  private pause(): Promise<void> {
    if (this.notified) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
