import { viewLatestEvents } from '../../../db/events/latest-events.ts';
import { viewMessage } from '../../../db/events/message-status.ts';
import { type NoteCountView, viewNoteCounts } from '../../../db/events/note-counts.ts';
import { viewRejected, viewRejectionsOf } from '../../../db/events/read-rejected.ts';
import { NOTES, type NoteCode } from '../../domain/note.ts';
import { iso } from '../../domain/time/time.ts';
import { resolveAllIds } from '../customers/customer-ref.ts';
import { decodeCursor, encodeCursor, isTimeAndId, toPage } from '../frame/cursor.ts';
import { notFound } from '../frame/http-error.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { pageQuery } from '../frame/schema.ts';
import {
  acceptedEventList,
  acceptedEventsQuery,
  messageStatus,
  noteCountList,
  rejectedList,
  rejectedQuery,
} from './schema.ts';
import { toAcceptedEventView } from './view.ts';

const tag = 'Events';

/** Rejected events that are listed with a message. */
const MAX_REJECTIONS = 20;

/** What was accepted, and what became of messages. `segment-routes.ts` receives them. */
export const eventOperations: Operation[] = [
  defineOperation({
    id: 'listAcceptedEvents',
    method: 'get',
    path: '/v1/events',
    tag,
    summary: 'The events that were accepted last',
    scope: 'read',
    query: acceptedEventsQuery,
    replies: { 200: { description: 'Newest first, by acceptance', schema: acceptedEventList } },
    problems: [404, 410],
    async handle({ api, workspace, query: { limit, cursor, name = null, source = null, customer } }) {
      const { db } = api.deps;
      const place = decodeCursor<[string, string]>(cursor, isTimeAndId);
      const before = place && { wall: place[0], id: place[1] };
      const customerIds = customer === undefined ? null : await resolveAllIds(db, workspace, customer);
      const query = { workspace, limit, before, name, source, customerIds };
      const { events, next } = await viewLatestEvents(db.sql, query);
      const nextCursor = next && encodeCursor(next.wall, next.id);
      return { body: { data: events.map(toAcceptedEventView), nextCursor } };
    },
  }),
  defineOperation({
    id: 'getMessage',
    method: 'get',
    path: '/v1/events/{messageId}',
    tag,
    summary: 'Whether a message was accepted, and which decisions processed it',
    scope: 'read',
    replies: { 200: { description: 'The message was accepted or rejected', schema: messageStatus } },
    problems: [404],
    async handle({ api, workspace, params }) {
      const messageId = params.messageId as string;
      const { sql } = api.deps.db;
      const accepted = await viewMessage(sql, workspace, messageId);
      const rejected = await viewRejectionsOf(sql, workspace, messageId, MAX_REJECTIONS);
      const rejections = rejected.map(({ id, at, code, reason }) => ({ id, at: iso(at), code, reason }));
      if (accepted) {
        const { id, at, acceptedAt, ...rest } = accepted;
        const times = { at: iso(at), acceptedAt: iso(acceptedAt) };
        return {
          body: {
            messageId,
            status: 'accepted' as const,
            eventId: id,
            ...rest,
            ...times,
            code: null,
            reason: null,
            rejections,
          },
        };
      }
      const [newest] = rejections;
      if (!newest) throw notFound('message');
      const { at, code, reason } = newest;
      const nowhere = {
        customerId: null,
        eventId: null,
        seq: null,
        name: null,
        acceptedAt: null,
        decisions: [],
      };
      const status = 'rejected' as const;
      return { body: { messageId, status, ...nowhere, at, code, reason, rejections } };
    },
  }),
  defineOperation({
    id: 'listRejectedEvents',
    method: 'get',
    path: '/v1/rejected',
    tag,
    summary: 'Rejected events, with reasons',
    scope: 'read',
    query: rejectedQuery,
    replies: { 200: { description: 'Newest first', schema: rejectedList } },
    async handle({ api, workspace, query: { limit, cursor, code = null, source = null } }) {
      const place = decodeCursor<[string, string]>(cursor, isTimeAndId);
      const before = place && { wall: place[0], id: place[1] };
      const rows = await viewRejected(api.deps.db.sql, {
        workspace,
        code,
        source,
        limit: limit + 1,
        before,
      });
      const body = toPage(
        rows,
        limit,
        (row) => encodeCursor(row.wall, row.id),
        ({ wall, ...row }) => ({ ...row, at: iso(row.at) }),
      );
      return { body };
    },
  }),
  defineOperation({
    id: 'listEventNotes',
    method: 'get',
    path: '/v1/event-notes',
    tag,
    summary: 'What could not be read of events, with counts',
    scope: 'read',
    query: pageQuery,
    replies: { 200: { description: 'Last seen first', schema: noteCountList } },
    async handle({ api, workspace, query: { limit, cursor } }) {
      const place = decodeCursor<[string, string]>(cursor, isTimeAndId);
      const before = place && { wall: place[0], id: place[1] };
      const rows = await viewNoteCounts(api.deps.db.sql, { workspace, limit: limit + 1, before });
      return { body: toPage(rows, limit, (row) => encodeCursor(row.wall, row.id), toNoteCountView) };
    },
  }),
];

function toNoteCountView({ id: _, wall: __, firstAt, lastAt, ...row }: NoteCountView) {
  const meaning = NOTES[row.code as NoteCode] ?? row.code;
  return { ...row, meaning, firstAt: iso(firstAt), lastAt: iso(lastAt) };
}
