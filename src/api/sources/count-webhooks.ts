import type { Instruments } from '../../metrics/metrics.ts';
import type { WebhookOwner } from '../../sources/read-webhook.ts';

/** What became of a request to a source. `limited`: it came too fast. */
export type WebhookOutcome = 'accepted' | 'repeated' | 'ignored' | 'unreadable' | 'refused' | 'limited';

/** Counts the requests of sources. */
export function countWebhooks({
  throughline_webhooks_total: requests,
}: Instruments): (owner: WebhookOwner, outcome: WebhookOutcome) => void {
  return ({ workspace, source, kind }, outcome) =>
    requests.inc({ workspace, source: source.id, kind: kind.id, outcome });
}
