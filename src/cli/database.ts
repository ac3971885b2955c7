import { type Database, isUnavailable, openDatabase } from '../../db/client.ts';
import { describeMismatch, readSchemaVersion } from '../../db/schema-version.ts';
import { readDevFile } from '../dev/dev-file.ts';
import { UserError } from '../user-error.ts';

const EXAMPLE = 'postgres://user:password@host:5432/throughline';
/** Postgres refuses the log-in: the user, the password, or the name of the database is wrong. */
const REFUSED = /^(28|3D)/;

/** `DATABASE_URL`; without it the database of the running `npm start`. @throws UserError if there is neither */
export function readDatabaseUrl(env: NodeJS.ProcessEnv = process.env): string {
  const url = env.DATABASE_URL || readDevFile()?.databaseUrl;
  if (!url) throw new UserError(`set DATABASE_URL, such as ${EXAMPLE}, or run npm start first`);
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url))
    throw new UserError(`DATABASE_URL is not a Postgres URL: write ${EXAMPLE}`);
  return url;
}

/** Opens the database of a command, checks its schema, and closes it after the work. */
export function withDatabase<T>(command: string, work: (db: Database) => Promise<T>): Promise<T> {
  return withDatabaseOfAnySchema(command, async (db) => {
    await requireSchema(db);
    return await work(db);
  });
}

/** Opens the database of a command, whatever its schema, and closes it after the work. */
export async function withDatabaseOfAnySchema<T>(
  command: string,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const db = openDatabase(readDatabaseUrl(), { name: `throughline-${command}`, max: 2 });
  try {
    return await work(db);
  } catch (error) {
    throw explainDatabaseError(error);
  } finally {
    await db.close();
  }
}

/** @throws UserError if the schema of the database is not that of this build */
export async function requireSchema({ sql }: Pick<Database, 'sql'>): Promise<void> {
  const mismatch = describeMismatch(await readSchemaVersion(sql));
  if (mismatch !== null) throw new UserError(mismatch);
}

/** The error of a database that can't be reached as one line for the user; any other error as it is. */
export function explainDatabaseError(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: string };
  if (typeof code !== 'string' || error instanceof UserError) return error;
  if (REFUSED.test(code))
    return new UserError(`Postgres refuses the connection (${message}): check DATABASE_URL`);
  if (isUnavailable(error))
    return new UserError(`the database doesn't answer (${message}): start it, or check DATABASE_URL`);
  return error;
}
