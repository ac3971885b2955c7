import process from 'node:process';
import { readDevFile } from '../../dev/dev-file.ts';
import { UserError } from '../../user-error.ts';
import type { EventTarget } from '../post-events.ts';

/** Where events are sent: `THROUGHLINE_URL` and `THROUGHLINE_WRITE_KEY`, or the running `npm start`. */
export function readTarget(env: NodeJS.ProcessEnv = process.env): EventTarget {
  const { THROUGHLINE_URL: url, THROUGHLINE_WRITE_KEY: writeKey } = env;
  // A mixture would send events to another installation than the key is of.
  if (url && writeKey) return { url: url.replace(/\/$/, ''), writeKey };
  if (url || writeKey)
    throw new UserError('set THROUGHLINE_URL and THROUGHLINE_WRITE_KEY together, or none of them');
  const dev = readDevFile();
  if (dev) return dev;
  throw new UserError('run npm start first, or set THROUGHLINE_URL and THROUGHLINE_WRITE_KEY');
}
