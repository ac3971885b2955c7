import type { Database } from '../../../db/client.ts';
import type { BundleCache } from '../../../db/config/bundle-cache.ts';
import type { Instant } from '../../domain/time/time.ts';

/** What every report reads with. */
export interface ReportDeps {
  db: Database;
  bundles: BundleCache;
}

/** The time that a report is about: from `from`, to before `to`. */
export interface Period {
  from: Instant;
  to: Instant;
}
