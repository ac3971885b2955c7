import type { Logger } from 'pino';
import type { BundleCache } from '../../db/bundle-cache.ts';
import type { Database } from '../../db/client.ts';
import type { Learned } from '../activities/learned.ts';
import type { ZoneTable } from '../activities/zone-table.ts';
import type { Evaluate } from '../domain/context.ts';
import type { IncomingEvent, Receipt } from '../intake/incoming.ts';
import type { JourneyClient } from '../temporal/journey-client.ts';

/** Where events go in: a `Gatherer`, or what stands in for one. */
export interface EventSink {
  /** Resolves when they are committed. @throws Unavailable when the sender must try again. */
  accept(events: IncomingEvent[]): Promise<Receipt[]>;
}

/** Everything that the API needs, handed in. */
export interface ApiDeps extends Learned {
  db: Database;
  bundles: BundleCache;
  intake: EventSink;
  journeys: JourneyClient;
  evaluate: Evaluate;
  zones: ZoneTable;
  config: { publicUrl: string; secret: string };
  log: Logger;
  /** Bounds that tests and operators may set. */
  limits?: {
    /** Events per second and write key; default 20,000. */
    eventsPerSecond?: number;
    /** Milliseconds for which a known key is believed without asking the database; default 3,000. */
    keyCacheMs?: number;
    /** Milliseconds for which a call waits for a journey to move; default 5,000. */
    waitMs?: number;
  };
}
