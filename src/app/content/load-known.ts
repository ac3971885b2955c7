import { readNewestOf } from '../../../db/events/newest-events.ts';
import { readProcessedPosition } from '../../../db/journeys/processed-position.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';
import { type Enrollment, NO_ENTRY } from '../../domain/state.ts';
import type { Instant } from '../../domain/time/time.ts';
import { bundlePolicy } from '../../engine/policy.ts';
import { assignVariant } from '../../engine/treatment/variant.ts';
import { buildVisitorFacts } from '../decide/facts/build-facts.ts';
import { buildActionQuery } from '../decide/facts/facts-query.ts';
import { assembleRequest, loadCustomer } from '../decide/load.ts';
import type { DecisionServices } from '../decide/services.ts';
import type { MessageFacts } from '../deliver/message-delivery.ts';
import { recordNotFound } from '../use-case-error.ts';

/** What a message would be made of, if it were sent now. */
export interface Known {
  facts: MessageFacts;
  scores: Record<string, number>;
  now: Instant;
  entry: Enrollment['entry'];
  /** The test variant that the customer gets. */
  variant: string | null;
}

/**
 * Loads what is known of a customer, and the event that the message is about: the newest that opens a journey with it.
 * @throws UseCaseError `not_found`
 */
export async function loadKnown(
  deps: DecisionServices,
  { workspace, customerId }: { workspace: string; customerId: string | null },
  { bundle, action, channel }: { bundle: Bundle; action: ActionDef; channel: string },
): Promise<Known> {
  const { sql } = deps.db;
  const wallClock = Date.now();
  if (customerId === null) {
    const facts = buildVisitorFacts({ bundle, zones: deps.zones, now: wallClock });
    return { facts, scores: {}, now: wallClock, entry: { ...NO_ENTRY, at: wallClock }, variant: null };
  }
  const { lastNow } = await readProcessedPosition(sql, customerId);
  const now = Math.max(wallClock, lastNow);
  const query = buildActionQuery(customerId, bundle, action, now);
  const customer = await loadCustomer(sql, deps, { workspace, customerId }, { query, bundle, now });
  if (!customer) throw recordNotFound('customer');
  const input = { purpose: 'preview', policy: bundlePolicy(bundle), customer, bundle, now } as const;
  const request = await assembleRequest(sql, deps, input);
  const opening = await readNewestOf(sql, customerId, listOpeningEvents(bundle, action));
  return {
    facts: customer.facts,
    scores: request.scores,
    now,
    entry: opening ?? { ...NO_ENTRY, at: now },
    variant: assignVariant({ action, channel }, request),
  };
}

/** Names of the events that open a journey which offers the action. */
function listOpeningEvents({ journeys }: Bundle, { id }: ActionDef): string[] {
  return journeys
    .filter(({ steps }) => steps.some((step) => step.kind === 'decide' && step.actions.includes(id)))
    .flatMap(({ enter }) => enter.flatMap((entry) => (entry.kind === 'event' ? entry.trigger.on : [])));
}
