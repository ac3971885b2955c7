import type { EventRow } from '../../../db/events/append-events.ts';
import { foldProfile, type Profile } from '../../domain/customer/profile.ts';
import { parseInstant } from '../../domain/time/read-time.ts';
import { iso } from '../../domain/time/time.ts';
import { mintEventId } from '../intake/batch-fold.ts';

/** Builds an event that Throughline itself appends to the log of a locked customer. `at` is wall clock time. */
export function buildSystemEvent(
  customer: { id: string; workspace: string },
  event: {
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
    seq: event.seq,
    workspace: customer.workspace,
    id: mintEventId(),
    messageId: event.messageId,
    type: 'track',
    name: event.name,
    at: iso(event.at),
    acceptedAt: iso(event.at),
    historical: false,
    source: 'throughline',
    body: { properties: event.properties, traits: {}, context: event.context ?? {} },
    origin: null,
  };
}

/** Folds such an event into the profile, as acceptance does, so that the profile always equals the fold of the log. */
export function foldSystemEvent(profile: Profile, row: EventRow): void {
  const { name, seq, source } = row;
  const { properties } = row.body as { properties: Record<string, unknown> };
  const at = parseInstant(row.at);
  foldProfile(profile, { type: 'track', name, seq, source, at, properties, traits: {}, context: {} }, 'EUR');
}
