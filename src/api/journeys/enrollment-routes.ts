import type { z } from 'zod';
import { viewChangesAt } from '../../../db/decisions/read-decisions.ts';
import { viewMessage } from '../../../db/events/message-status.ts';
import { viewEnrollment } from '../../../db/journeys/enrollment.ts';
import { appendCommands, buildEvent } from '../../app/commands/append-commands.ts';
import { awaitProcessed } from '../../app/commands/await-processed.ts';
import { readActiveBundle } from '../../app/config/active-bundle.ts';
import type { IncomingEvent } from '../../app/intake/incoming-event.ts';
import type { JourneyDef } from '../../domain/definition.ts';
import { EVENT, toText } from '../../domain/event.ts';
import { iso } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { JourneyChange } from '../../engine/journey/journey-change.ts';
import { rejectInvalidFields } from '../commands/check-scopes.ts';
import { runCommand } from '../commands/command.ts';
import { commandReplies } from '../commands/routes.ts';
import { commandBody, enrollBody, enrollmentResult } from '../commands/schema.ts';
import { resolveReference } from '../customers/customer-ref.ts';
import { HttpError, notFound } from '../frame/http-error.ts';
import { type Call, defineOperation, type Operation, type Reply } from '../frame/operation.ts';

const tag = 'Journeys';

/** In and out of journeys by name. */
export const enrollmentOperations: Operation[] = [
  defineOperation({
    id: 'enrollCustomer',
    method: 'post',
    path: '/v1/journeys/{id}/enrollments',
    tag,
    summary: 'Request that a customer enters a journey that has an entry by API (`enter: {api: true}`)',
    scope: 'act',
    body: enrollBody,
    replies: {
      201: { description: 'Entered', schema: enrollmentResult },
      202: { description: 'Asked for; the journey has not taken it yet', schema: enrollmentResult },
    },
    problems: [404, 409, 410],
    async handle(call) {
      const { api, workspace, params, body } = call;
      const bundle = await readActiveBundle(api.deps, workspace);
      const journey = bundle?.journeys.find((def) => def.id === params.id);
      if (!journey) throw notFound('journey');
      const customerId = await resolveReference(api.deps.db, workspace, body.customer);
      if (!journey.enter.some((entry) => entry.kind === 'api'))
        throw new HttpError(
          409,
          'no_api_entry',
          `nobody enters ${journey.id} by name: it has no entry by API`,
        );
      const request = requestOf(call, journey, customerId);
      const position = await appendCommands(api.decideDeps, [request]);
      api.notifyRelays();
      const processed =
        body.wait && (await awaitProcessed(api.deps.db, position.customerId, position.seq, api.waitMs));
      return answer(call, journey, request, { ...position, processed });
    },
  }),
  defineOperation({
    id: 'exitEnrollment',
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
      const id = await resolveReference(api.deps.db, workspace, place.customerId);
      const { reason, actor } = body;
      return runCommand(call, [
        buildEvent(call, id, EVENT.exitRequested, { enrollment_id: place.id, reason, actor }),
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
  const eventProperties = { ...properties };
  if (key !== undefined && journey.key === null) {
    const detail = `${journey.id} has no key: a customer is in it once`;
    rejectInvalidFields([{ path: 'key', code: 'no_key', detail }]);
  }
  if (key !== undefined && journey.key !== null) eventProperties[journey.key] = key;
  if (journey.key !== null && toText(getOwn(eventProperties, journey.key)) === undefined) {
    const detail = `${journey.id} tells enrollments apart by ${journey.key}: give its value as key`;
    rejectInvalidFields([{ path: 'key', code: 'missing_key', detail }]);
  }
  return {
    ...buildEvent(call, customerId, EVENT.enrollmentRequested, { ...eventProperties, journey: journey.id }),
    context: { ...(reason === undefined ? {} : { reason }), ...(actor === undefined ? {} : { actor }) },
  };
}

/** What the decision that took the request made of it. @throws HttpError 409 with the core's own reason */
async function answer(
  { api, workspace }: EnrollCall,
  journey: JourneyDef,
  request: IncomingEvent,
  { customerId, seq, processed }: { customerId: string; seq: number; processed: boolean },
): Promise<Reply<z.infer<typeof enrollmentResult>>> {
  const { sql } = api.deps.db;
  const key = journey.key === null ? null : (toText(getOwn(request.properties, journey.key)) ?? null);
  const result = { customerId, seq, journey: journey.id, key };
  if (!processed)
    return { status: 202, body: { ...result, enrollmentId: null, arm: null, decisionId: null } };
  const event = await viewMessage(sql, workspace, request.messageId);
  const decided = await viewChangesAt(sql, customerId, seq);
  const about = (decided?.changes ?? []).filter((change) => 'event' in change && change.event === event?.id);
  const entered = about.find((change) => change.kind === 'entered' && change.journey === journey.id);
  const decisionId = decided?.decisionId ?? null;
  if (entered?.kind === 'entered') {
    const { enrollment, arm } = entered;
    return { status: 201, body: { ...result, enrollmentId: enrollment, arm, decisionId } };
  }
  const reason = about.map(reasonOf).find((why) => why !== null) ?? 'nothing was said about it';
  throw new HttpError(409, 'not_entered', `${journey.id} was not entered: ${reason}`, {
    extra: { reason, decisionId },
  });
}

function reasonOf(change: JourneyChange): string | null {
  return change.kind === 'not_entered' || change.kind === 'poisoned' ? change.reason : null;
}
