import type { Logger } from 'pino';
import type { Database } from '../../../db/client.ts';
import type { BundleCache } from '../../../db/config/bundle-cache.ts';
import type { LearnedModels } from '../../app/decide/learned-models.ts';
import type { IncomingEvent, Receipt } from '../../app/intake/incoming-event.ts';
import type { ZoneLookup } from '../../app/time-zones.ts';
import type { Evaluator } from '../../domain/facts.ts';
import type { JourneyClient } from '../../temporal/journey-client.ts';

/** Where events go in: a `Gatherer`, or what stands in for one. */
interface EventSink {
  /** Resolves when they are committed. @throws Unavailable when the sender must try again. */
  accept(events: IncomingEvent[]): Promise<Receipt[]>;
}

/** Everything that the API needs, handed in. */
export interface ApiDeps extends LearnedModels {
  db: Database;
  bundles: BundleCache;
  intake: EventSink;
  journeys: JourneyClient;
  evaluate: Evaluator;
  zones: ZoneLookup;
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
