import { EVENT } from '../../domain/event.ts';
import { awaitTaken } from '../await-taken.ts';
import { appendCommand, eventAbout } from '../command.ts';
import { resolveRef } from '../customer-ref.ts';
import { notFound } from '../http-error.ts';
import { type Call, type Operation, operation, type Reply } from '../operation.ts';
import { readCustomer } from '../read-customer.ts';
import { commandBody, customer, exitBody } from '../schemas/customer.ts';

const tag = 'Customers';
const replies = {
  200: { description: 'The journey has taken it: the customer after it', schema: customer },
  202: { description: 'It is in the log, and the journey has not taken it yet', schema: customer },
};

/** What support may do with a customer. Each is an event of the log, like anything else that changes state. */
export const commandOperations: Operation[] = [
  operation({
    method: 'post',
    path: '/v1/customers/{ref}/pause',
    tag,
    summary: 'Silence everything but mandatory and transactional messages',
    scope: 'act',
    body: commandBody,
    replies,
    problems: [404, 409],
    async handle(call) {
      return command(call, EVENT.paused, {});
    },
  }),
  operation({
    method: 'post',
    path: '/v1/customers/{ref}/resume',
    tag,
    summary: 'End a pause',
    scope: 'act',
    body: commandBody,
    replies,
    problems: [404, 409],
    async handle(call) {
      return command(call, EVENT.resumed, {});
    },
  }),
  operation({
    method: 'post',
    path: '/v1/customers/{ref}/exit',
    tag,
    summary: 'Take a customer out of one enrollment, of one journey, or of all',
    scope: 'act',
    body: exitBody,
    replies,
    problems: [404, 409],
    async handle(call) {
      const { journey, enrollmentId } = call.body;
      return command(call, EVENT.exitRequested, {
        ...(journey === undefined ? {} : { journey }),
        ...(enrollmentId === undefined ? {} : { enrollment_id: enrollmentId }),
      });
    },
  }),
];

type CommandBody = { reason: string; actor: string; wait: boolean };

async function command(
  call: Call<unknown, CommandBody>,
  name: (typeof EVENT)['paused' | 'resumed' | 'exitRequested'],
  scope: { journey?: string; enrollment_id?: string },
): Promise<Reply> {
  const { api, workspace, body } = call;
  const id = await resolveRef(api.deps.db, workspace, call.params.ref as string);
  if (scope.enrollment_id !== undefined) await checkEnrollment(call, id, scope.enrollment_id);
  const properties = { ...scope, reason: body.reason, actor: body.actor };
  const seq = await appendCommand(call, eventAbout(call, id, name, properties));
  const taken = body.wait && (await awaitTaken(api.deps.db, id, seq, api.waitMs));
  const { view } = await readCustomer(api, workspace, id);
  return { status: taken ? 200 : 202, body: view };
}

/** Naming somebody else's, or one that is over, would do nothing and say that it did. */
async function checkEnrollment({ api, workspace }: Call, customerId: string, id: string): Promise<void> {
  const { view } = await readCustomer(api, workspace, customerId);
  if (!view.enrollments.some((enrollment) => enrollment.id === id)) throw notFound('open enrollment');
}
