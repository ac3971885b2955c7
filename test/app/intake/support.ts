import type { IncomingEvent } from '../../../src/app/intake/incoming-event.ts';
import { type TestSystem, WORKSPACE } from '../../support/system.ts';

/** What acceptance works with, as a service has it. */
export function intakeOf(house: TestSystem) {
  return { db: house.db.db, bundles: house.service.bundles, secret: house.service.config.secret };
}

/** Whose identity it is. */
export async function customerOf(house: TestSystem, type: string, value: string): Promise<string> {
  const [row] = await house.db.db.sql`
    select customer_id as id from identities where workspace = ${WORKSPACE} and type = ${type} and value = ${value}`;
  return row?.id as string;
}

let counter = 0;

/** An event as a source has parsed it. */
export function event(more: Partial<IncomingEvent>): IncomingEvent {
  return {
    workspace: WORKSPACE,
    messageId: `people-${process.pid}-${counter++}`,
    type: 'track',
    name: 'Page Viewed',
    at: Date.now(),
    historical: false,
    source: 'test',
    properties: {},
    traits: {},
    context: {},
    ...more,
  };
}

export interface LogRow {
  seq: number;
  messageId: string;
  origin: string | null;
  name: string;
  source: string;
  properties: Record<string, unknown>;
  context: Record<string, unknown>;
  [key: string]: unknown;
}

/** A customer's log, in its order. */
export async function logOf(house: TestSystem, customerId: string): Promise<LogRow[]> {
  return house.db.db.sql<LogRow[]>`
    select seq, message_id as "messageId", origin, type, name, source, (extract(epoch from at) * 1000)::bigint as at,
           body -> 'properties' as properties, body -> 'traits' as traits, body -> 'context' as context
    from events where customer_id = ${customerId} order by seq`;
}
