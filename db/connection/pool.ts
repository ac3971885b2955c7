import { LostConnection } from './lost-connection.ts';
import { Session } from './session.ts';
import type { ConnectionSettings } from './settings.ts';

/** Pauses between two tries to connect while the server is away. Work that arrives meanwhile waits for the next try. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** How long work waits while no connection could be made: an answer that it can't be done should not take long. */
const AWAY_WAIT_MS = 2_000;
/** A connection is replaced after half an hour to an hour: the server's memory for its statements only grows. */
const LIFETIME_MS = 30 * 60_000;
/** How long `close` waits for work that is under way. */
const CLOSE_MS = 5_000;

interface Waiter {
  since: number;
  onSession(session: Session): void;
  onFailure(error: unknown): void;
}

/** How busy a pool is. */
export interface PoolUse {
  /** Connections at most. */
  max: number;
  /** Connections that are lent. */
  used: number;
  idle: number;
  /** Work that waits for a connection. */
  waiting: number;
}

/**
 * Lends connections, each to one borrower at a time.
 *
 * While the server is away each try to connect fails everyone who waits, so that callers learn of it, and the next try
 * follows after a pause of at most a second. So work succeeds again a second after the server is back.
 */
export class Pool {
  private readonly idle: Session[] = [];
  private readonly sessions = new Set<Session>();
  private readonly waiters: Waiter[] = [];
  private connecting = 0;
  private pauseMs = 0;
  private nextTryAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private onReturned: () => void = () => {};
  private readonly settings: ConnectionSettings;
  private readonly max: number;
  private readonly waitMs: number;

  constructor(settings: ConnectionSettings, max: number) {
    this.settings = settings;
    this.max = max;
    this.waitMs = settings.limits.waitMs;
  }

  get use(): PoolUse {
    const { max, sessions, idle, waiters } = this;
    return { max, used: sessions.size - idle.length, idle: idle.length, waiting: waiters.length };
  }

  /** Lends a session, at once if one is idle. The borrower gives it back with {@link release}. */
  lend(onSession: (session: Session) => void, onFailure: (error: unknown) => void): void {
    if (this.closed) return onFailure(new LostConnection('CONNECTION_ENDED', 'the pool was closed'));
    const session = this.waiters.length === 0 ? this.idle.pop() : undefined;
    if (session) return onSession(session);
    this.waiters.push({ since: Date.now(), onSession, onFailure });
    this.connect();
  }

  /** Lends a session. */
  borrow(): Promise<Session> {
    return new Promise((resolve, reject) => this.lend(resolve, reject));
  }

  /** Takes a session back: a lost one, or one on which nothing is under way. */
  release(session: Session): void {
    if (session.isLost) return;
    if (this.closed || Date.now() > session.openedAt + LIFETIME_MS * (1 + Math.random())) session.close();
    else this.hand(session);
  }

  /** Ends all connections, and waits up to five seconds for work that is under way. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    this.fail(new LostConnection('CONNECTION_ENDED', 'the pool was closed'));
    for (const session of this.idle.splice(0)) session.close();
    if (this.sessions.size === 0) return;
    let late: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.onReturned = resolve;
      late = setTimeout(resolve, CLOSE_MS);
    });
    clearTimeout(late);
    for (const session of this.sessions) session.close();
  }

  private hand(session: Session): void {
    const waiter = this.waiters.shift();
    if (waiter) waiter.onSession(session);
    else this.idle.push(session);
  }

  /** Opens as many connections as are waited for. While the server is away, only one tries. */
  private connect(): void {
    clearTimeout(this.timer);
    if (this.closed || this.waiters.length === 0) return;
    const now = Date.now();
    const atOnce = this.pauseMs > 0 ? 1 : this.waiters.length;
    if (now >= this.nextTryAt)
      while (this.connecting < atOnce && this.sessions.size + this.connecting < this.max) this.open();
    this.refuseLate(now);
    const oldest = this.waiters[0];
    if (!oldest) return;
    const next = oldest.since + this.longestWait;
    const isPausing = this.connecting === 0 && this.nextTryAt > now;
    this.timer = setTimeout(() => this.connect(), (isPausing ? Math.min(next, this.nextTryAt) : next) - now);
  }

  private open(): void {
    this.connecting++;
    Session.open(this.settings).then(
      (session) => {
        this.connecting--;
        this.pauseMs = 0;
        this.nextTryAt = 0;
        if (this.closed) return session.close();
        this.sessions.add(session);
        session.onLost = () => this.forget(session);
        this.hand(session);
        this.connect();
      },
      (error) => {
        this.connecting--;
        this.pauseMs = Math.min(Math.max(FIRST_PAUSE_MS, this.pauseMs * 2), LONGEST_PAUSE_MS);
        this.nextTryAt = Date.now() + this.pauseMs;
        // With other connections the work may still be done.
        if (this.sessions.size === 0 && this.connecting === 0) this.fail(error);
        this.connect();
      },
    );
  }

  private forget(session: Session): void {
    this.sessions.delete(session);
    const at = this.idle.indexOf(session);
    if (at >= 0) this.idle.splice(at, 1);
    if (this.closed && this.sessions.size === 0) this.onReturned();
    this.connect();
  }

  private get longestWait(): number {
    return this.pauseMs > 0 && this.sessions.size === 0 ? Math.min(AWAY_WAIT_MS, this.waitMs) : this.waitMs;
  }

  private refuseLate(now: number): void {
    const { longestWait } = this;
    while (this.waiters[0] && this.waiters[0].since + longestWait <= now)
      this.waiters
        .shift()
        ?.onFailure(
          new LostConnection('CONNECTION_BUSY', `no connection became free within ${longestWait / 1000} s`),
        );
  }

  private fail(error: unknown): void {
    for (const waiter of this.waiters.splice(0)) waiter.onFailure(error);
  }
}
