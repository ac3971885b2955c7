import type { Logger } from 'pino';
import type { Database } from '../../db/client.ts';
import { readUnprocessedEvents } from '../../db/events/unprocessed-events.ts';
import { listenForWakes } from '../../db/notify.ts';
import { type LeasedWake, leaseOverdueWakes, leaseWakes } from '../../db/wakes/lease-wakes.ts';
import { SECOND } from '../domain/time/time.ts';
import type { JourneyClient } from '../temporal/journey-client.ts';
import type { EventNotice } from '../workflows/messages.ts';
import { type BackgroundLoop, BackgroundLoops } from './background-loops.ts';
import { endMergedWorkflows } from './end-merged-workflows.ts';
import { noticeOf } from './event-notice.ts';

export interface RelayDeps {
  db: Database;
  journeys: JourneyClient;
  log: Logger;
  /** Ends deliveries that nobody finished. */
  sweep(): Promise<void>;
  /** What else must not be forgotten: echoes, merges, erasures. */
  loops?: BackgroundLoop[];
}

const BATCH = 200;
/** Signals on their way at once. */
const WIDTH = 40;
/** Longer than a decision ever takes; shorter than the 30 s within which everybody moves (I4). */
const LEASE_SECONDS = 10;
const POLL = 500;
const SWEEP = 15 * SECOND;
/** News carried in one signal; the activity reads the rest from the log. */
const NEWS = 50;

/**
 * Tells customer journeys that there is news in their log. It leases in a short transaction and calls Temporal
 * outside of any, so a slow or dead Temporal holds up nobody who writes events.
 */
export class Relay {
  private stopped = false;
  private resume: () => void = () => {};
  /** Somebody has rung since the last look; it may have been while we were busy. */
  private rung = false;
  private loop: Promise<void> | null = null;
  private chores: BackgroundLoops | null = null;
  /** Signals on their way. The next lease doesn't wait for the slowest of them. */
  private readonly pending = new Set<Promise<unknown>>();
  private readonly deps: RelayDeps;

  constructor(deps: RelayDeps) {
    this.deps = deps;
  }

  async start(): Promise<void> {
    const unlisten = await listenForWakes(this.deps.db, () => this.ring());
    this.loop = this.run().finally(unlisten);
    const farewells = { name: 'farewells', idleMs: 2 * SECOND, runPage: () => endMergedWorkflows(this.deps) };
    this.chores = new BackgroundLoops([farewells, ...(this.deps.loops ?? [])], this.deps.log);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.ring();
    await this.chores?.stop();
    await this.loop;
    await Promise.all(this.pending);
  }

  private async run(): Promise<void> {
    let sweepAt = Date.now() + SWEEP;
    while (!this.stopped) {
      this.rung = false;
      const found = await this.safely(() => this.relayOnce());
      if (Date.now() >= sweepAt) {
        const swept = (await this.safely(() => this.sweepOnce())) ?? 0;
        // An edit makes everybody overdue at once: they are woken batch by batch, throttled, not all together.
        sweepAt = Date.now() + (swept < BATCH ? SWEEP : SECOND);
      }
      if ((found ?? 0) < BATCH) await this.pause();
    }
  }

  private async relayOnce(): Promise<number> {
    const leased = await leaseWakes(this.deps.db.sql, BATCH, LEASE_SECONDS);
    await this.tellAll(leased);
    return leased.length;
  }

  /** Whoever is overdue is signalled too: a terminated run, a restored store, an edit of the definitions. */
  private async sweepOnce(): Promise<number> {
    await this.deps.sweep();
    const leased = await leaseOverdueWakes(this.deps.db.sql, BATCH, LEASE_SECONDS, Date.now() - SWEEP);
    if (leased.length > 0) this.deps.log.warn({ customers: leased.length }, 'overdue journeys are signalled');
    await this.tellAll(leased);
    return leased.length;
  }

  private async tellAll(leased: LeasedWake[]): Promise<void> {
    if (leased.length === 0) return;
    const news = new Map<string, EventNotice[]>();
    for (const row of await readUnprocessedEvents(this.deps.db.sql, leased, NEWS)) {
      const known = news.get(row.customerId);
      if (known) known.push(noticeOf(row));
      else news.set(row.customerId, [noticeOf(row)]);
    }
    const { journeys } = this.deps;
    for (const wake of leased) {
      while (this.pending.size >= WIDTH) await Promise.race(this.pending);
      const tell = wake.tries === 0 ? journeys.signal : journeys.remind;
      // What fails stays leased and is signalled again when the lease has lapsed.
      const told: Promise<unknown> = this.safely(() => tell(wake, news.get(wake.customerId) ?? [])).finally(
        () => this.pending.delete(told),
      );
      this.pending.add(told);
    }
  }

  private async safely<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.deps.log.warn({ err: error }, 'the relay will try again');
      return undefined;
    }
  }

  private ring(): void {
    this.rung = true;
    this.resume();
  }

  private pause(): Promise<void> {
    if (this.rung) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL);
      this.resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
