import type { z } from 'zod';
import { type ItemStep, markItem, noteSeen } from '../../app/inbox/mark-item.ts';
import { readInbox, readShownUnread } from '../../app/inbox/read-inbox.ts';
import { iso, SECOND } from '../../domain/time/time.ts';
import { resolveReference } from '../customers/customer-ref.ts';
import { decodeCursor, encodeCursor, isTimeAndId, toPage } from '../frame/cursor.ts';
import { createCustomerToken } from '../frame/customer-token.ts';
import { type Call, defineOperation, type Operation, type Reply } from '../frame/operation.ts';
import { resolveInboxOwner } from './owner.ts';
import { inbox, inboxQuery, inboxToken, markBody, markedItem, tokenBody } from './schema.ts';
import { toInboxItemView } from './view.ts';

const tag = 'Inbox';
const problems = [404, 410];
const NO_STORE = { 'Cache-Control': 'no-store' };

/** The inbox of a customer, for the company's own app and pages. */
export const inboxOperations: Operation[] = [
  defineOperation({
    id: 'listInbox',
    method: 'get',
    path: '/v1/customers/{ref}/inbox',
    tag,
    summary: 'The inbox of a customer; `me` with an inbox token',
    scope: 'read',
    inboxToken: true,
    query: inboxQuery,
    replies: { 200: { description: 'Newest first', schema: inbox } },
    problems,
    async handle({ api, workspace, params, query: { limit, cursor }, visitor }) {
      const place = decodeCursor<[string, string]>(cursor, isTimeAndId);
      const { deps, decisionServices } = api;
      const customerId = await resolveInboxOwner(deps.db, workspace, params.ref as string, visitor);
      const before = place && { created: place[0], id: place[1] };
      const page = await readInbox(decisionServices, { workspace, customerId }, { limit, before });
      const { data, nextCursor } = toPage(
        page.rows,
        limit,
        (row) => encodeCursor(row.created, row.deliveryId),
        (row) => row,
      );
      const shown = data.filter(({ deliveryId }) => !page.hidden.has(deliveryId));
      if (visitor) await noteSeen(decisionServices, workspace, shown);
      return {
        body: { data: shown.map(toInboxItemView), nextCursor, unread: page.unread },
        headers: NO_STORE,
      };
    },
  }),
  markOperation('read', 'readInboxItem', 'The customer has read an item. It counts as opened'),
  markOperation('click', 'clickInboxItem', 'The customer has followed an item. It counts as clicked'),
  markOperation('dismiss', 'dismissInboxItem', 'The customer has removed an item'),
  defineOperation({
    id: 'createInboxToken',
    method: 'post',
    path: '/v1/customers/{ref}/inbox-tokens',
    tag,
    summary: 'A token with which a browser or an app shows the inbox of one customer, and does nothing else',
    scope: 'act',
    body: tokenBody,
    replies: { 200: { description: 'The token', schema: inboxToken } },
    problems,
    async handle({ api, workspace, params, body }) {
      const { db, config } = api.deps;
      const customerId = await resolveReference(db, workspace, params.ref as string);
      const expiresAt = Date.now() + body.seconds * SECOND;
      const token = createCustomerToken('inbox', { customerId, expiresAt }, config.secret);
      return { body: { token, expiresAt: iso(expiresAt) }, headers: NO_STORE };
    },
  }),
];

function markOperation(step: ItemStep, id: string, summary: string): Operation {
  return defineOperation({
    id,
    method: 'post',
    path: `/v1/customers/{ref}/inbox/{id}/${step}`,
    tag,
    summary,
    scope: 'act',
    inboxToken: true,
    body: markBody,
    replies: { 200: { description: 'How many items are unread now', schema: markedItem } },
    problems,
    handle: (call) => mark(call, step),
  });
}

async function mark(call: Call, step: ItemStep): Promise<Reply<z.infer<typeof markedItem>>> {
  const { api, workspace, params, visitor, once } = call;
  const customerId = await resolveInboxOwner(api.deps.db, workspace, params.ref as string, visitor);
  const owner = { workspace, customerId };
  const id = await once<string>((record) =>
    markItem(api.decisionServices, owner, { id: params.id as string, step }, record),
  );
  api.notifyRelays();
  api.notifyInbox(customerId);
  return { body: { id, unread: (await readShownUnread(api.decisionServices, owner)).length } };
}
