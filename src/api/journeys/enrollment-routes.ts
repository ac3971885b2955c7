import type { z } from 'zod';
import { viewEnrollment } from '../../../db/journeys/enrollment.ts';
import { appendCommands, buildEvent } from '../../app/commands/append-commands.ts';
import { awaitProcessed } from '../../app/commands/await-processed.ts';
import { readActiveBundle } from '../../app/config/active-bundle.ts';
import {
  buildEnrollmentRequest,
  type EnrollmentRequested,
  readEnteredJourney,
  readRequestedKey,
} from '../../app/enrollments/request-enrollment.ts';
import type { InSameTransaction } from '../../app/in-same-transaction.ts';
import { EVENT } from '../../domain/event.ts';
import { iso } from '../../domain/time/time.ts';
import { runCommand } from '../commands/command.ts';
import { commandReplies } from '../commands/routes.ts';
import { commandBody, enrollBody, enrollmentResult } from '../commands/schema.ts';
import { resolveReference } from '../customers/customer-ref.ts';
import { HttpError, notFound } from '../frame/http-error.ts';
import { type Call, defineOperation, type Operation } from '../frame/operation.ts';

const tag = 'Journeys';

/** Entering and leaving journeys by API. */
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
      202: {
        description: 'Requested; the journey has not processed the request yet',
        schema: enrollmentResult,
      },
    },
    problems: [404, 409, 410],
    async handle(call) {
      const { api, body } = call;
      const request = await call.once<EnrollmentRequested>((record) => requestEnrollment(call, record));
      api.notifyRelays();
      const { customerId, seq, journey, key } = request;
      const result = { customerId, seq, journey, key };
      const processed = body.wait && (await awaitProcessed(api.deps.db, customerId, seq, api.waitMs));
      if (!processed)
        return { status: 202, body: { ...result, enrollmentId: null, arm: null, decisionId: null } };
      const entered = await readEnteredJourney(api.deps.db.sql, call.workspace, request);
      return { status: 201, body: { ...result, ...entered } };
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
    handle: (call) =>
      runCommand(call, async () => {
        const { api, workspace, params, body } = call;
        const enrollment = await viewEnrollment(api.deps.db.sql, workspace, params.id as string);
        if (!enrollment) throw notFound('enrollment');
        if (enrollment.endedAt !== null) {
          const extra = { endedAt: iso(enrollment.endedAt), reason: enrollment.reason };
          throw new HttpError(409, 'ended', `the enrollment has ended: ${enrollment.reason}`, { extra });
        }
        const id = await resolveReference(api.deps.db, workspace, enrollment.customerId);
        const { reason, actor } = body;
        return [buildEvent(call, id, EVENT.exitRequested, { enrollment_id: enrollment.id, reason, actor })];
      }),
  }),
];

async function requestEnrollment(
  call: Call<unknown, z.infer<typeof enrollBody>>,
  record: InSameTransaction<EnrollmentRequested>,
): Promise<EnrollmentRequested> {
  const { api, workspace, params, body } = call;
  const bundle = await readActiveBundle(api.deps, workspace);
  const journey = bundle?.journeys.find((def) => def.id === params.id);
  if (!journey) throw notFound('journey');
  const customerId = await resolveReference(api.deps.db, workspace, body.customer);
  const event = buildEnrollmentRequest(call, journey, { ...body, customerId });
  const { messageId } = event;
  const named = { journey: journey.id, key: readRequestedKey(journey, event), messageId };
  const position = await appendCommands(api.decisionServices, [event], (tx, appended) =>
    record(tx, { ...appended, ...named }),
  );
  return { ...position, ...named };
}
