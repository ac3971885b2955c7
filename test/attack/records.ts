import { createLinkToken, type LinkPurpose } from '../../src/content/link-token.ts';
import { createClickToken, createOpenToken } from '../../src/content/tracking-token.ts';
import { waitUntil } from '../support/wait-until.ts';
import type { HttpClient } from './http.ts';
import type { DocumentedCall } from './openapi.ts';
import type { Service, Workspace } from './service.ts';

/** Texts of the home workspace's customers that stand in no path. Another workspace that reads one has seen too much. */
const CANARY = 'canary-5f2c9d';
const BYSTANDER = 'bystander';
const WAIT_MS = 90_000;
const HOUR = 3_600_000;

/** `SOURCES` of the service: a source of the home workspace's bundle. */
export const SOURCES = JSON.stringify({
  helpdesk: { workspace: 'home', secrets: ['a secret of the help desk only'] },
});

export interface HomeRecords {
  canary: string;
  customerId: string;
  /** Another customer, whom no path names. */
  bystanderId: string;
  /** Values of the parameters in paths, by the segment before and the name: `tasks/{id}`. Of required queries: `?name`. */
  parameters: Record<string, string>;
}

/** Lets customers act until there is a record of each kind that a path can name. */
export async function makeRecords(
  { db, secret }: Service,
  http: HttpClient,
  workspace: Workspace,
): Promise<HomeRecords> {
  const userId = 'victim';
  const email = `${CANARY}@example.com`;
  const consent = { categoryPreferences: { marketing: true } };
  const context = { traits: { email, note: CANARY }, consent };
  const ticket = { ticket_id: 'T-1', subject: `${CANARY} leaks`, fault: 'ours' };
  const batch = [
    { type: 'identify', userId, traits: { email, note: CANARY }, context },
    { type: 'identify', userId: BYSTANDER },
    { type: 'group', userId, groupId: 'acme', traits: { name: CANARY } },
    { type: 'track', userId, event: 'Ticket Opened', properties: ticket },
    { type: 'track', userId, event: 'Ticket Closed', properties: ticket },
    {
      type: 'track',
      messageId: 'order-of-the-victim',
      userId,
      event: 'Order Completed',
      properties: { order_id: 'o-1', total: 412, products: [{ product_id: 'espresso-machine' }] },
    },
    {
      type: 'track',
      userId,
      event: 'Payment Failed',
      properties: { order_id: 'o-2', value: 412, code: 'card_declined' },
    },
    // Is rejected.
    { type: 'track', userId, event: '' },
  ];
  const answer = await http.send({
    method: 'POST',
    path: '/v1/batch',
    key: workspace.write,
    body: JSON.stringify({ batch }),
  });
  if (answer.status !== 200) throw new Error(`the records were not accepted: ${answer.text}`);
  const parameters: Record<string, string> = {};
  await waitUntil(
    async () => {
      const { id } = workspace;
      const [row] = await db.sql<Record<string, string | null>[]>`
        select (select customer_id from identities where workspace = ${id} and type = 'user' and value = ${userId}) as "customers/{ref}",
          (select id from decisions where workspace = ${id} order by id limit 1) as "decisions/{id}",
          (select id from deliveries where workspace = ${id} and state = 'sent' order by id limit 1) as "deliveries/{id}",
          (select id from agent_tasks where workspace = ${id} and state = 'open' limit 1) as "tasks/{id}",
          (select code from coupons where workspace = ${id} limit 1) as "coupons/{code}",
          (select id from rejected where workspace = ${id} limit 1) as "rejected/{id}",
          (select id from enrollments where workspace = ${id} order by id limit 1) as "enrollments/{id}"`;
      if (!row || Object.values(row).includes(null)) return false;
      // What the journey does by itself must not look like the effect of an attack.
      const [going] = await db.sql`
        select 1 from wakes where workspace = ${id} and requested_seq > processed_seq
        union select 1 from deliveries where workspace = ${id} and state in ('planned', 'sending')`;
      if (going) return false;
      Object.assign(parameters, row);
      return true;
    },
    'a record of each kind',
    WAIT_MS,
  );
  const customerId = parameters['customers/{ref}'] as string;
  const [bystander] = await db.sql<{ id: string }[]>`
    select customer_id as id from identities
    where workspace = ${workspace.id} and type = 'user' and value = ${BYSTANDER}`;
  const expiresAt = Date.now() + HOUR;
  const link = (purpose: LinkPurpose, id = '') => createLinkToken(purpose, { id, expiresAt }, secret);
  const message = { workspace: workspace.id, deliveryId: parameters['deliveries/{id}'] as string, expiresAt };
  return {
    canary: CANARY,
    customerId,
    bystanderId: bystander?.id ?? '',
    parameters: {
      ...parameters,
      'actions/{action}': 'order-confirmation',
      'actions/{id}': 'tip-descale',
      'journeys/{id}': 'tips',
      '?journey': 'tips',
      'accounts/{id}': 'acme',
      'events/{messageId}': 'order-of-the-victim',
      'projects/{writeKey}': workspace.write,
      'inbox/{id}': message.deliveryId,
      'sources/{id}': 'helpdesk',
      'r/{token}': createClickToken(message, { url: 'https://aroma.example/', position: 0 }, secret),
      'o/{token}': createOpenToken(message, secret),
      'catalogue/{token}': link('catalogue', message.deliveryId),
      'unsubscribe/{token}': link('unsubscribe', parameters['deliveries/{id}']),
      'preferences/{token}': link('preferences', parameters['deliveries/{id}']),
      'erase/{token}': link('erase', customerId),
    },
  };
}

/** A path with these values in place of its parameters. @throws Error for a parameter of which there is no record */
export function fillPath({ path }: Pick<DocumentedCall, 'path'>, parameters: Record<string, string>): string {
  return path.replaceAll(/([^/]+)\/(\{\w+\})/g, (_, segment: string, name: string) => {
    const value = parameters[`${segment}/${name}`];
    if (value === undefined)
      throw new Error(
        `${path} has a parameter of a new kind: add ${segment}/${name} to test/attack/records.ts`,
      );
    return `${segment}/${encodeURIComponent(value)}`;
  });
}

/** The same with the queries that a call requires. */
export function fillAddress(
  call: Pick<DocumentedCall, 'path' | 'query'>,
  parameters: Record<string, string>,
): string {
  const required = call.query.flatMap(({ name, required }) => {
    if (!required) return [];
    const value = parameters[`?${name}`];
    if (value === undefined)
      throw new Error(`${call.path} requires a query of a new kind: add ?${name} to test/attack/records.ts`);
    return [`${name}=${encodeURIComponent(value)}`];
  });
  const path = fillPath(call, parameters);
  return required.length === 0 ? path : `${path}?${required.join('&')}`;
}
