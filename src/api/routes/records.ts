import { viewDecision } from '../../../db/queries/view-decisions.ts';
import { viewDelivery } from '../../../db/queries/view-deliveries.ts';
import { viewMessage } from '../../../db/queries/view-message.ts';
import { viewRejected, viewRejectedMessage } from '../../../db/queries/view-rejected.ts';
import { iso } from '../../domain/time.ts';
import { currenciesOf } from '../currencies.ts';
import { cursorOf, isWallPlace, pageOf, readCursor } from '../cursor.ts';
import { notFound } from '../http-error.ts';
import { type Operation, operation } from '../operation.ts';
import { pageQuery } from '../schemas/common.ts';
import { decision } from '../schemas/decision.ts';
import { delivery } from '../schemas/delivery.ts';
import { messageStatus, rejectedList } from '../schemas/event.ts';
import { decisionView } from '../views/decision.ts';
import { deliveryView } from '../views/delivery.ts';

/** Single records, and what became of messages. */
export const recordOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/decisions/{id}',
    tag: 'Decisions',
    summary: 'One decision: every candidate, every verdict',
    scope: 'read',
    replies: { 200: { description: 'The decision', schema: decision } },
    problems: [404],
    async handle({ api, workspace, params }) {
      const row = await viewDecision(api.deps.db.sql, workspace, params.id as string);
      if (!row) throw notFound('decision');
      const currencyOf = await currenciesOf(api, workspace, [row]);
      return { body: decisionView(row, currencyOf(row)) };
    },
  }),
  operation({
    method: 'get',
    path: '/v1/deliveries/{id}',
    tag: 'Deliveries',
    summary: 'One delivery',
    scope: 'read',
    replies: { 200: { description: 'The delivery', schema: delivery } },
    problems: [404],
    async handle({ api, workspace, params }) {
      const row = await viewDelivery(api.deps.db.sql, workspace, params.id as string);
      if (!row) throw notFound('delivery');
      return { body: deliveryView(row) };
    },
  }),
  operation({
    method: 'get',
    path: '/v1/events/{messageId}',
    tag: 'Events',
    summary: 'What became of a message',
    scope: 'read',
    replies: { 200: { description: 'Accepted or rejected', schema: messageStatus } },
    problems: [404],
    async handle({ api, workspace, params }) {
      const messageId = params.messageId as string;
      const { sql } = api.deps.db;
      const accepted = await viewMessage(sql, workspace, messageId);
      if (accepted) {
        const { id, at, acceptedAt, ...rest } = accepted;
        const times = { at: iso(at), acceptedAt: iso(acceptedAt) };
        return {
          body: { messageId, status: 'accepted', eventId: id, ...rest, ...times, code: null, reason: null },
        };
      }
      const rejected = await viewRejectedMessage(sql, workspace, messageId);
      if (!rejected) throw notFound('message');
      const { at, code, reason } = rejected;
      const nowhere = {
        customerId: null,
        eventId: null,
        seq: null,
        name: null,
        acceptedAt: null,
        decisions: [],
      };
      return { body: { messageId, status: 'rejected', ...nowhere, at: iso(at), code, reason } };
    },
  }),
  operation({
    method: 'get',
    path: '/v1/rejected',
    tag: 'Events',
    summary: 'What was refused, and why',
    scope: 'read',
    query: pageQuery,
    replies: { 200: { description: 'Newest first', schema: rejectedList } },
    async handle({ api, workspace, query: { limit, cursor } }) {
      const place = readCursor<[string, string]>(cursor, isWallPlace);
      const before = place && { wall: place[0], id: place[1] };
      const rows = await viewRejected(api.deps.db.sql, { workspace, limit: limit + 1, before });
      const body = pageOf(
        rows,
        limit,
        (row) => cursorOf(row.wall, row.id),
        ({ wall, ...row }) => ({ ...row, at: iso(row.at) }),
      );
      return { body };
    },
  }),
];
