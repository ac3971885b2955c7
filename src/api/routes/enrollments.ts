import { viewChangesAt } from '../../../db/queries/view-decisions.ts';
import { viewEnrollment } from '../../../db/queries/view-enrollment.ts';
import { viewMessage } from '../../../db/queries/view-message.ts';
import type { Change } from '../../domain/advance/run.ts';
import type { JourneyDef } from '../../domain/definition.ts';
import { EVENT, textOf } from '../../domain/event.ts';
import { own } from '../../domain/own.ts';
import { iso } from '../../domain/time.ts';
import type { IncomingEvent } from '../../intake/incoming.ts';
import { activeBundle } from '../active-bundle.ts';
import { awaitTaken } from '../await-taken.ts';
import { appendCommands, command, eventAbout } from '../command.ts';
import { resolveRef } from '../customer-ref.ts';
import { HttpError, notFound } from '../http-error.ts';
import { refuse } from '../known-scopes.ts';
import { type Call, type Operation, operation, type Reply } from '../operation.ts';
import { commandBody, enrollBody, enrolled } from '../schemas/command.ts';
import { commandReplies } from './customer-commands.ts';

const tag = 'Journeys';

/** In and out of journeys by name. */
export const enrollmentOperations: Operation[] = [
  operation({
    method: 'post',
    path: '/v1/journeys/{id}/enrollments',
    tag,
    summary: 'Ask for a customer to enter a journey that has an entry for it (`enter: {api: true}`)',
    scope: 'act',
    body: enrollBody,
    replies: {
      201: { description: 'Entered', schema: enrolled },
      202: { description: 'Asked for; the journey has not taken it yet', schema: enrolled },
    },
    problems: [404, 409, 410],
    async handle(call) {
      const { api, workspace, params, body } = call;
      const bundle = await activeBundle(api, workspace);
      const journey = bundle?.journeys.find((def) => def.id === params.id);
      if (!journey) throw notFound('journey');
      const customerId = await resolveRef(api.deps.db, workspace, body.customer);
      if (!journey.enter.some((entry) => entry.kind === 'api'))
        throw new HttpError(
          409,
          'no_api_entry',
          `nobody enters ${journey.id} by name: it has no entry by API`,
        );
      const request = requestOf(call, journey, customerId);
      const placed = await appendCommands(call, [request]);
      const taken = body.wait && (await awaitTaken(api.deps.db, placed.customerId, placed.seq, api.waitMs));
      return answer(call, journey, request, { ...placed, taken });
    },
  }),
  operation({
    method: 'post',
    path: '/v1/enrollments/{id}/exit',
    tag,
    summary: 'Take a customer out of one enrollment',
    scope: 'act',
    body: commandBody,
    replies: commandReplies,
    problems: [404, 409, 410],
    async handle(call) {
      const { api, workspace, params, body } = call;
      const place = await viewEnrollment(api.deps.db.sql, workspace, params.id as string);
      if (!place) throw notFound('enrollment');
      if (place.endedAt !== null) {
        const extra = { endedAt: iso(place.endedAt), reason: place.reason };
        throw new HttpError(409, 'ended', `it has ended: ${place.reason}`, { extra });
      }
      const id = await resolveRef(api.deps.db, workspace, place.customerId);
      const { reason, actor } = body;
      return command(call, [
        eventAbout(call, id, EVENT.exitRequested, { enrollment_id: place.id, reason, actor }),
      ]);
    },
  }),
];

type EnrollCall = Call<
  unknown,
  { key?: string; properties: Record<string, unknown>; reason?: string; actor?: string; wait: boolean }
>;

/** The entry reads the properties as any event's; who asked, and why, stands apart from them. */
function requestOf(call: EnrollCall, journey: JourneyDef, customerId: string): IncomingEvent {
  const { key, properties, reason, actor } = call.body;
  const said = { ...properties };
  if (key !== undefined && journey.key === null) {
    const detail = `${journey.id} has no key: a customer is in it once`;
    refuse([{ path: 'key', code: 'no_key', detail }]);
  }
  if (key !== undefined && journey.key !== null) said[journey.key] = key;
  if (journey.key !== null && textOf(own(said, journey.key)) === undefined) {
    const detail = `${journey.id} tells enrollments apart by ${journey.key}: give its value as key`;
    refuse([{ path: 'key', code: 'missing_key', detail }]);
  }
  return {
    ...eventAbout(call, customerId, EVENT.enrollmentRequested, { ...said, journey: journey.id }),
    context: { ...(reason === undefined ? {} : { reason }), ...(actor === undefined ? {} : { actor }) },
  };
}

/** What the decision that took the request made of it. @throws HttpError 409 with the core's own reason */
async function answer(
  { api, workspace }: EnrollCall,
  journey: JourneyDef,
  request: IncomingEvent,
  { customerId, seq, taken }: { customerId: string; seq: number; taken: boolean },
): Promise<Reply> {
  const { sql } = api.deps.db;
  const key = journey.key === null ? null : (textOf(own(request.properties, journey.key)) ?? null);
  const asked = { customerId, seq, journey: journey.id, key };
  if (!taken) return { status: 202, body: { ...asked, enrollmentId: null, arm: null, decisionId: null } };
  const event = await viewMessage(sql, workspace, request.messageId);
  const decided = await viewChangesAt(sql, customerId, seq);
  const about = (decided?.changes ?? []).filter((change) => 'event' in change && change.event === event?.id);
  const entered = about.find((change) => change.kind === 'entered' && change.journey === journey.id);
  const decisionId = decided?.decisionId ?? null;
  if (entered?.kind === 'entered') {
    const { enrollment, arm } = entered;
    return { status: 201, body: { ...asked, enrollmentId: enrollment, arm, decisionId } };
  }
  const reason = about.map(reasonOf).find((why) => why !== null) ?? 'nothing was said about it';
  throw new HttpError(409, 'not_entered', `${journey.id} was not entered: ${reason}`, {
    extra: { reason, decisionId },
  });
}

function reasonOf(change: Change): string | null {
  return change.kind === 'not_entered' || change.kind === 'poisoned' ? change.reason : null;
}
