import type { DriverQuery } from './driver-query.ts';
import type { Pool } from './pool.ts';
import type { Session } from './session.ts';
import { createTag, type Tx } from './tagged-sql.ts';

const ABORTED = '25P02';

/**
 * Runs `work` in a transaction and commits it. If it throws, or any of its queries fails, even a caught one, the
 * transaction is rolled back. A query that is awaited after the end is rejected, so work that still runs beside a failed
 * part of it changes nothing. If the connection is lost, the call rejects at once; whether a commit that was under way
 * has taken effect is unknown.
 */
export async function runTransaction<T>(pool: Pool, work: (tx: Tx) => Promise<T> | T): Promise<T> {
  const session = await pool.borrow();
  const transaction = new Transaction(session);
  try {
    // The first statement follows at once: it fails where `begin` fails, which is when the connection is lost.
    const begun = session.run('begin');
    begun.catch(() => {});
    const result = await session.orLost(async () => work(transaction.tx));
    await begun;
    await transaction.commit();
    return result;
  } catch (error) {
    await transaction.rollBack();
    throw transaction.explain(error);
  } finally {
    pool.release(session);
  }
}

class Transaction {
  readonly tx: Tx;
  private ended = false;
  private failure: { error: unknown } | null = null;
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
    this.tx = createTag((query) => this.send(query));
  }

  async commit(): Promise<void> {
    this.throwFailure();
    this.ended = true;
    const { command } = await this.session.run('commit');
    if (command === 'COMMIT') return;
    // So Postgres answers if a query failed that nobody awaited.
    this.throwFailure();
    throw new Error('the transaction was rolled back');
  }

  async rollBack(): Promise<void> {
    this.ended = true;
    this.session.forgetPages();
    if (this.session.isLost) return;
    // A connection on which that fails is of no more use.
    await this.session.run('rollback').catch(() => this.session.close());
  }

  /** Of several failures the first: the others follow from it. */
  explain(error: unknown): unknown {
    return this.failure && (error as { code?: unknown } | null)?.code === ABORTED
      ? this.failure.error
      : error;
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure.error;
  }

  private send(query: DriverQuery): void {
    if (this.ended && !this.session.isLost)
      return query.reject(new Error('the transaction has ended: await its queries before that'));
    query.catch((error) => {
      this.failure ??= { error };
    });
    this.session.send(query);
  }
}
