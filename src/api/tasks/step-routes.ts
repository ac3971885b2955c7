import type { Tx } from '../../../db/client.ts';
import type { TaskRow } from '../../../db/tasks/tasks.ts';
import { judgeClaim, toClaimSubject } from '../../app/decide/claim/claim.ts';
import { applyTaskStep, requireTaskState, type TaskStep } from '../../app/tasks/apply-step.ts';
import { EVENT } from '../../domain/event.ts';
import type { Instant } from '../../domain/time/time.ts';
import { toVerdictViews } from '../frame/format.ts';
import { HttpError } from '../frame/http-error.ts';
import { type Api, defineOperation, type Operation } from '../frame/operation.ts';
import { claimBody, dismissBody, escalateBody, releaseBody, resolveBody, task } from './schema.ts';
import { toTaskView } from './view.ts';

const tag = 'Tasks';
const replies = { 200: { description: 'The task after it', schema: task } };
const problems = [404, 409];

/** What agents do with tasks. */
export const taskStepOperations: Operation[] = [
  defineOperation({
    method: 'post',
    path: '/v1/tasks/{id}/claim',
    tag,
    summary: 'Take a task. Asks the gates once more: a ticket opened meanwhile may forbid it',
    scope: 'act',
    body: claimBody,
    replies,
    problems,
    async handle(call) {
      const { assignee } = call.body;
      const row = await applyTaskStep(call, async (tx, found, now) => {
        if (found.state === 'acknowledged' && found.assignee === assignee) return null;
        requireTaskState(found, 'open');
        const refused = await refusalOf(tx, call.api, found, now);
        return (
          refused ?? {
            change: { state: 'acknowledged', assignee },
            event: EVENT.taskAcknowledged,
            properties: { actor: assignee },
          }
        );
      });
      return { body: toTaskView(row) };
    },
  }),
  defineOperation({
    method: 'post',
    path: '/v1/tasks/{id}/release',
    tag,
    summary: 'Put a task back on the desk',
    scope: 'act',
    body: releaseBody,
    replies,
    problems,
    async handle(call) {
      const row = await applyTaskStep(call, (_tx, found) => {
        if (found.state === 'open') return null;
        requireTaskState(found, 'acknowledged');
        return {
          change: { state: 'open', assignee: null },
          event: EVENT.taskReleased,
          properties: said(call.body, found),
        };
      });
      return { body: toTaskView(row) };
    },
  }),
  defineOperation({
    method: 'post',
    path: '/v1/tasks/{id}/resolve',
    tag,
    summary: 'Say what came of it: the journey goes on from there',
    scope: 'act',
    body: resolveBody,
    replies,
    problems: [...problems, 422],
    async handle(call) {
      const { outcome } = call.body;
      const row = await applyTaskStep(call, (_tx, found) => {
        const { outcomes } = found.definition;
        if (!outcomes.includes(outcome))
          throw new HttpError(422, 'unknown_outcome', `the outcome must be one of: ${outcomes.join(', ')}`, {
            errors: [{ path: 'outcome', code: 'unknown_outcome' }],
            extra: { outcomes },
          });
        if (found.state === 'resolved' && found.outcome === outcome) return null;
        requireTaskState(found, 'open', 'acknowledged');
        const properties = { outcome, ...said(call.body, found) };
        return { change: { state: 'resolved', outcome }, event: EVENT.taskResolved, properties };
      });
      return { body: toTaskView(row) };
    },
  }),
  defineOperation({
    method: 'post',
    path: '/v1/tasks/{id}/escalate',
    tag,
    summary: 'Hand a task to the next queue',
    scope: 'act',
    body: escalateBody,
    replies,
    problems,
    async handle(call) {
      const row = await applyTaskStep(call, (_tx, found, now) => {
        requireTaskState(found, 'open', 'acknowledged');
        const queue = found.definition.escalate[found.level];
        if (queue === undefined)
          throw new HttpError(409, 'last_queue', `${found.queue} is the last queue of this task`);
        const level = found.level + 1;
        const acknowledgeBy = now + found.definition.acknowledge;
        return {
          change: { state: 'open', assignee: null, queue, level, acknowledgeBy },
          event: EVENT.taskEscalated,
          properties: { queue, level, ...said(call.body, found) },
        };
      });
      return { body: toTaskView(row) };
    },
  }),
  defineOperation({
    method: 'post',
    path: '/v1/tasks/{id}/dismiss',
    tag,
    summary: 'Withdraw a task: the journey decides afresh',
    scope: 'act',
    body: dismissBody,
    replies,
    problems,
    async handle(call) {
      const row = await applyTaskStep(call, (_tx, found) => {
        if (found.state === 'withdrawn') return null;
        requireTaskState(found, 'open', 'acknowledged');
        const properties = { reason: call.body.reason, ...said(call.body, found) };
        return { change: { state: 'withdrawn' }, event: EVENT.taskWithdrawn, properties };
      });
      return { body: toTaskView(row) };
    },
  }),
];

/** Refused by the gates: the verdicts, and marketing is off the desk. Another class stays, and may be claimed later. */
async function refusalOf(tx: Tx, api: Api, found: TaskRow, now: Instant): Promise<TaskStep | null> {
  const { id, workspace, customerId } = found;
  const request = { id, workspace, customerId, now };
  const { refusals } = await judgeClaim(tx, api.decideDeps, request, toClaimSubject(found, now));
  if (refusals.length === 0) return null;
  const verdicts = toVerdictViews(refusals, null);
  const refusal = new HttpError(409, 'claim_refused', `refused: ${refusals.map((v) => v.code).join(', ')}`, {
    extra: { verdicts },
  });
  if (found.class !== 'marketing') throw refusal;
  return {
    change: { state: 'withdrawn' },
    event: EVENT.taskWithdrawn,
    properties: { verdict: refusals },
    refusal,
  };
}

/** Who did it, if somebody said so, and what they noted. */
function said(body: { actor?: string; note?: string }, found: TaskRow): Record<string, unknown> {
  const actor = body.actor ?? found.assignee;
  return { ...(actor === null ? {} : { actor }), ...(body.note === undefined ? {} : { note: body.note }) };
}
