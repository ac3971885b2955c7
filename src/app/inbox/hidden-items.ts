import type { InboxItem } from '../../../db/inbox/read-items.ts';
import { readProcessedPosition } from '../../../db/journeys/processed-position.ts';
import type { Candidate } from '../../domain/candidate.ts';
import type { ActionDef } from '../../domain/definition.ts';
import { NO_ENTRY } from '../../domain/state.ts';
import { consent } from '../../engine/gates/consent.ts';
import type { Gate } from '../../engine/gates/gate.ts';
import { paused } from '../../engine/gates/paused.ts';
import { snooze } from '../../engine/gates/snooze.ts';
import { suppression } from '../../engine/gates/suppression.ts';
import { claimPolicy } from '../../engine/policy.ts';
import { createRequest } from '../../engine/request.ts';
import { readActiveBundle } from '../config/active-bundle.ts';
import { buildActionQuery } from '../decide/facts/facts-query.ts';
import { loadCustomer } from '../decide/load.ts';
import type { DecisionServices } from '../decide/services.ts';

/** The gates that silence a customer. Those that space and count messages have allowed this one when it was sent. */
const SILENCING: readonly Gate[] = [consent, paused, snooze, suppression];

/**
 * Finds the unread items that must not be shown now: an open ticket, a pause, a snooze or a withdrawn consent silences
 * them, as it would hold them if they were still to be sent. They are shown again when it lifts. An item that was read
 * stays, because the customer knows it.
 */
export async function findHiddenItems(
  services: DecisionServices,
  { workspace, customerId }: { workspace: string; customerId: string },
  items: readonly InboxItem[],
): Promise<ReadonlySet<string>> {
  const { sql } = services.db;
  const unread = items.filter(({ readAt }) => readAt === null);
  const bundle = unread.length === 0 ? null : await readActiveBundle(services, workspace);
  if (!bundle) return new Set();
  const judged: { id: string; candidate: Candidate }[] = [];
  for (const item of unread) {
    const { actions } = await services.bundles(sql, workspace, item.bundleVersion);
    const action = actions.find(({ id }) => id === item.action);
    if (action) judged.push({ id: item.deliveryId, candidate: toCandidate(item, action) });
  }
  const [first] = judged;
  if (!first) return new Set();
  const { lastNow } = await readProcessedPosition(sql, customerId);
  const now = Math.max(Date.now(), lastNow);
  const query = buildActionQuery(customerId, bundle, first.candidate.action, now);
  const customer = await loadCustomer(sql, services, { workspace, customerId }, { query, bundle, now });
  if (!customer) return new Set(judged.map(({ id }) => id));
  const request = createRequest({
    purpose: 'preview',
    policy: claimPolicy(bundle),
    facts: customer.facts,
    bundle,
    now,
    evaluate: services.evaluate,
    scores: {},
  });
  const isSilenced = ({ candidate }: { candidate: Candidate }) =>
    SILENCING.some((gate) => gate(candidate, request).some(({ pass }) => !pass));
  return new Set(judged.filter(isSilenced).map(({ id }) => id));
}

function toCandidate({ channel, key, subject, createdAt }: InboxItem, action: ActionDef): Candidate {
  return {
    enrollment: { id: '', key, enteredAt: createdAt, entry: NO_ENTRY, vars: {} },
    action,
    channel,
    subject,
    order: 0,
    autonomy: 'rules_only',
    deliver: 'one',
  };
}
