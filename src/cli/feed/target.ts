import { readDevFile } from '../../dev/dev-file.ts';
import { UserError } from '../../user-error.ts';

/** Where events are sent, and the database in which their effects are read. */
export interface FeedTarget {
  url: string;
  writeKey: string;
  databaseUrl: string;
}

/** Reads `THROUGHLINE_URL`, `THROUGHLINE_WRITE_KEY` and `DATABASE_URL`. Without them it uses the running `npm start`. */
export function readFeedTarget(env: NodeJS.ProcessEnv = process.env): FeedTarget {
  const { THROUGHLINE_URL: url, THROUGHLINE_WRITE_KEY: writeKey, DATABASE_URL: databaseUrl } = env;
  // A mixture would send events to one installation and read the database of another.
  if (url || writeKey) {
    if (url && writeKey && databaseUrl) return { url: url.replace(/\/$/, ''), writeKey, databaseUrl };
    throw new UserError(
      'set THROUGHLINE_URL, THROUGHLINE_WRITE_KEY and DATABASE_URL together, or none of them',
    );
  }
  const dev = readDevFile();
  if (dev) return dev;
  throw new UserError('run npm start first, or set THROUGHLINE_URL, THROUGHLINE_WRITE_KEY and DATABASE_URL');
}
