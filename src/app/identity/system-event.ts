import type { EventRow } from '../../../db/events/append-events.ts';
import { foldProfile, type Profile } from '../../domain/customer/profile.ts';
import { iso } from '../../domain/time/time.ts';
import { mintEventId } from '../intake/batch-fold.ts';

/** A fact of ours about a customer who is locked, as a row of the log. `at` is wall clock. */
export function buildSystemEvent(
  customer: { id: string; workspace: string },
  fact: {
    seq: number;
    messageId: string;
    name: string;
    at: number;
    properties: Record<string, unknown>;
    context?: Record<string, unknown>;
  },
): EventRow {
  return {
    customerId: customer.id,
    seq: fact.seq,
    workspace: customer.workspace,
    id: mintEventId(),
    messageId: fact.messageId,
    type: 'track',
    name: fact.name,
    at: iso(fact.at),
    acceptedAt: iso(fact.at),
    historical: false,
    source: 'throughline',
    body: { properties: fact.properties, traits: {}, context: fact.context ?? {} },
    origin: null,
  };
}

/** Folds such a fact into its customer's profile, as acceptance folds every event: the profile stays the log's fold. */
export function foldSystemEvent(profile: Profile, row: EventRow): void {
  const { name, seq, source } = row;
  const { properties } = row.body as { properties: Record<string, unknown> };
  const at = Date.parse(row.at);
  foldProfile(profile, { type: 'track', name, seq, source, at, properties, traits: {}, context: {} }, 'EUR');
}
