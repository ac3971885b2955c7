import type { SourceOutcome } from '../../domain/source-outcome.ts';
import type { Instruments } from '../../metrics/metrics.ts';
import type { WebhookOwner } from '../../sources/read-webhook.ts';

/** Counts the requests of sources. */
export function countWebhooks({
  throughline_webhooks_total: requests,
}: Instruments): (owner: WebhookOwner, outcome: SourceOutcome) => void {
  return ({ workspace, source, kind }, outcome) =>
    requests.inc({ workspace, source: source.id, kind: kind.id, outcome });
}
