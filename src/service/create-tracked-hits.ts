import { createNotifier } from '../../db/notify.ts';
import { recordReceipts } from '../app/receipts/record-receipts.ts';
import { TrackedHits, type TrackedHitsLimits } from '../app/receipts/tracked-hits.ts';
import { SOONEST_ANSWER } from '../domain/automatic-hit.ts';
import { measureUseCases } from './metrics/measure-use-cases.ts';
import type { Service } from './service.ts';

type TrackedHitsServices = Pick<Service, 'db' | 'bundles' | 'metrics' | 'log'> & {
  config: Pick<Service['config'], 'secret'>;
};

/** Records the clicks and opens of tracked messages that the API answers. */
export function createTrackedHits(
  { db, bundles, config, metrics, log }: TrackedHitsServices,
  { soonestAnswer = SOONEST_ANSWER, ...limits }: TrackedHitsLimits & { soonestAnswer?: number } = {},
): TrackedHits {
  const deps = { db, bundles, secret: config.secret, log, ...measureUseCases(metrics.instruments) };
  const notifyRelays = createNotifier(db);
  return new TrackedHits(
    {
      async record(workspace, receipts) {
        await recordReceipts(deps, workspace, receipts, soonestAnswer);
        notifyRelays();
      },
      onLost: (count) => metrics.instruments.throughline_tracked_hits_lost_total.inc(count),
      log,
    },
    limits,
  );
}
