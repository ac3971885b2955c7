import type { Part } from '../part.ts';
import { access } from './access.ts';
import { bodies } from './bodies.ts';
import { calls } from './calls.ts';
import { config } from './config.ts';
import { consoleFiles } from './console.ts';
import { events } from './events.ts';
import { queries } from './queries.ts';
import { requests } from './requests.ts';
import { schemathesis } from './schemathesis.ts';
import { slowReaders } from './slow-readers.ts';
import { slowSenders } from './slow-senders.ts';
import { smuggling } from './smuggling.ts';
import { tokens } from './tokens.ts';

/** All parts, in the order in which they run. */
export const PARTS: readonly Part[] = [
  access,
  tokens,
  queries,
  requests,
  consoleFiles,
  smuggling,
  bodies,
  events,
  calls,
  config,
  schemathesis,
  slowSenders,
  slowReaders,
];
