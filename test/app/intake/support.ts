import type { IncomingEvent } from '../../../src/app/intake/incoming-event.ts';
import { type TestSystem, WORKSPACE } from '../../support/system.ts';

/** The dependencies of acceptance, as a service has them. */
export function createIntake(system: TestSystem) {
  return { db: system.db.db, bundles: system.service.bundles, secret: system.service.config.secret };
}

/** Reads the customer that an identity is bound to. */
export async function readCustomerId(system: TestSystem, type: string, value: string): Promise<string> {
  const [row] = await system.db.db.sql`
    select customer_id as id from identities where workspace = ${WORKSPACE} and type = ${type} and value = ${value}`;
  return row?.id as string;
}

let counter = 0;

/** Builds an event as a source has parsed it. */
export function buildEvent(more: Partial<IncomingEvent>): IncomingEvent {
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

/** Reads a customer's log, in its order. */
export async function readLog(system: TestSystem, customerId: string): Promise<LogRow[]> {
  return system.db.db.sql<LogRow[]>`
    select id, repeats, seq, message_id as "messageId", origin, type, name, source, (extract(epoch from at) * 1000)::bigint as at,
           body -> 'properties' as properties, body -> 'traits' as traits, body -> 'context' as context,
           body ->> 'anonymousId' as "anonymousId"
    from events where customer_id = ${customerId} order by seq`;
}
