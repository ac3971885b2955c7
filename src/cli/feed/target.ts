import { readDevFile } from '../../dev/dev-file.ts';
import { UserError } from '../../user-error.ts';

/** Where events go, and where what became of them is read. */
export interface FeedTarget {
  url: string;
  writeKey: string;
  databaseUrl: string;
}

/** `THROUGHLINE_URL`, `THROUGHLINE_WRITE_KEY` and `DATABASE_URL`; what isn't set is that of the running `npm start`. */
export function readFeedTarget(env: NodeJS.ProcessEnv = process.env): FeedTarget {
  const { THROUGHLINE_URL: url, THROUGHLINE_WRITE_KEY: writeKey, DATABASE_URL: databaseUrl } = env;
  // Half of one and half of the other would send to one house and look into another.
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
