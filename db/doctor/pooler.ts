import { openDatabase } from '../client.ts';

/** Errors of a prepared statement that is on another connection of the server: unknown, or there already. */
const FOREIGN_STATEMENT = ['26000', '42P05'];

/**
 * Whether a pooler gives each transaction another connection of the server, as PgBouncer does in its transaction mode.
 * Settings of the session and notifications don't work then. One connection takes a turn while the other is in a
 * transaction: a pooler has to give it another connection of the server.
 */
export async function detectsTransactionPooling(url: string): Promise<boolean> {
  const first = openDatabase(url, { name: 'throughline-doctor', max: 1 });
  const second = openDatabase(url, { name: 'throughline-doctor', max: 1 });
  const readPid = async () => {
    const [row] = await first.sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
    return row?.pid;
  };
  try {
    const before = await readPid();
    const during = await second.sql.begin(async (tx) => {
      await tx`select 1`;
      return await readPid();
    });
    return before !== during;
  } catch (error) {
    if (FOREIGN_STATEMENT.includes(String((error as { code?: unknown }).code))) return true;
    throw error;
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
}
