import { buildEvent } from '../../app/commands/append-commands.ts';
import { EVENT } from '../../domain/event.ts';
import { resolveReference } from '../customers/customer-ref.ts';
import { readCustomer } from '../customers/read-customer.ts';
import { customer } from '../customers/schema.ts';
import type { CustomerView } from '../customers/view.ts';
import { notFound } from '../frame/http-error.ts';
import { type Call, defineOperation, type Operation, type Reply } from '../frame/operation.ts';
import { runCommand } from './command.ts';
import { commandBody, exitBody } from './schema.ts';

const tag = 'Customers';
const problems = [404, 409, 410];

/** The answers of every command. */
export const commandReplies = {
  200: { description: 'The journey has processed the command: the customer after it', schema: customer },
  202: {
    description: 'The command is in the log, and the journey has not processed it yet',
    schema: customer,
  },
};

/** What support can do with a customer. Each command is an event of the log, like every change of state. */
export const commandOperations: Operation[] = [
  defineOperation({
    id: 'pauseCustomer',
    method: 'post',
    path: '/v1/customers/{ref}/pause',
    tag,
    summary: 'Stop all messages except mandatory and transactional ones',
    scope: 'act',
    body: commandBody,
    replies: commandReplies,
    problems,
    handle: (call) => simple(call, EVENT.paused),
  }),
  defineOperation({
    id: 'resumeCustomer',
    method: 'post',
    path: '/v1/customers/{ref}/resume',
    tag,
    summary: 'End a pause',
    scope: 'act',
    body: commandBody,
    replies: commandReplies,
    problems,
    handle: (call) => simple(call, EVENT.resumed),
  }),
  defineOperation({
    id: 'exitJourneys',
    method: 'post',
    path: '/v1/customers/{ref}/exit',
    tag,
    summary: 'Take a customer out of one enrollment, one journey, or all journeys',
    scope: 'act',
    body: exitBody,
    replies: commandReplies,
    problems,
    handle: (call) =>
      runCommand(call, async () => {
        const { journey, enrollmentId, reason, actor } = call.body;
        const id = await resolveReference(call.api.deps.db, call.workspace, call.params.ref as string);
        if (enrollmentId !== undefined) await checkEnrollment(call, id, enrollmentId);
        const scope = {
          ...(journey === undefined ? {} : { journey }),
          ...(enrollmentId === undefined ? {} : { enrollment_id: enrollmentId }),
        };
        return [buildEvent(call, id, EVENT.exitRequested, { ...scope, reason, actor })];
      }),
  }),
];

type CommandBody = { reason: string; actor: string; wait: boolean };

async function simple(
  call: Call<unknown, CommandBody>,
  name: (typeof EVENT)['paused' | 'resumed'],
): Promise<Reply<CustomerView>> {
  const { api, workspace, body, params } = call;
  return runCommand(call, async () => {
    const id = await resolveReference(api.deps.db, workspace, params.ref as string);
    return [buildEvent(call, id, name, { reason: body.reason, actor: body.actor })];
  });
}

/** An enrollment of another customer, or an ended one, is refused: the command would have no effect. */
async function checkEnrollment({ api, workspace }: Call, customerId: string, id: string): Promise<void> {
  const { view } = await readCustomer(api, workspace, customerId);
  if (!view.enrollments.some((enrollment) => enrollment.id === id)) throw notFound('open enrollment');
}
