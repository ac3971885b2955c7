import { viewTask } from '../../../db/tasks/view-tasks.ts';
import { applyTaskStep, type PlanTaskStep } from '../../app/tasks/apply-step.ts';
import {
  planClaim,
  planDismiss,
  planEscalate,
  planRelease,
  planResolve,
  planSnooze,
} from '../../app/tasks/plan-steps.ts';
import type { GateVerdict } from '../../domain/candidate.ts';
import { parseInstant } from '../../domain/time/read-time.ts';
import { describeVerdict } from '../../sentences/describe-verdict.ts';
import { plainEnglish } from '../../sentences/plain-english.ts';
import { toVerdictViews } from '../frame/format.ts';
import { HttpError, notFound } from '../frame/http-error.ts';
import { type Call, defineOperation, type Operation, type Reply } from '../frame/operation.ts';
import {
  claimBody,
  dismissBody,
  escalateBody,
  releaseBody,
  resolveBody,
  snoozeBody,
  task,
} from './schema.ts';
import { type TaskView, toTaskView } from './view.ts';

const tag = 'Tasks';
const replies = { 200: { description: 'The task after the step', schema: task } };
const problems = [404, 409];

/** What agents do with tasks. */
export const taskStepOperations: Operation[] = [
  defineOperation({
    id: 'claimTask',
    method: 'post',
    path: '/v1/tasks/{id}/claim',
    tag,
    summary: 'Assign a task to an agent, if the gates still allow it',
    scope: 'act',
    body: claimBody,
    replies,
    problems,
    handle: (call) => applyStep(call, planClaim(call.api.decisionServices, call.body.assignee)),
  }),
  defineOperation({
    id: 'releaseTask',
    method: 'post',
    path: '/v1/tasks/{id}/release',
    tag,
    summary: 'Put a task back into its queue',
    scope: 'act',
    body: releaseBody,
    replies,
    problems,
    handle: (call) => applyStep(call, planRelease(call.body)),
  }),
  defineOperation({
    id: 'resolveTask',
    method: 'post',
    path: '/v1/tasks/{id}/resolve',
    tag,
    summary: 'Report the outcome of a task; the journey continues from there',
    scope: 'act',
    body: resolveBody,
    replies,
    problems: [...problems, 422],
    handle: (call) => applyStep(call, planResolve(call.body.outcome, call.body)),
  }),
  defineOperation({
    id: 'escalateTask',
    method: 'post',
    path: '/v1/tasks/{id}/escalate',
    tag,
    summary: 'Move a task to the next queue',
    scope: 'act',
    body: escalateBody,
    replies,
    problems,
    handle: (call) => applyStep(call, planEscalate(call.body)),
  }),
  defineOperation({
    id: 'snoozeTask',
    method: 'post',
    path: '/v1/tasks/{id}/snooze',
    tag,
    summary: 'Put a task off: it leaves its queue until then',
    scope: 'act',
    body: snoozeBody,
    replies,
    problems: [...problems, 422],
    handle: (call) => {
      const { until, reason, ...note } = call.body;
      return applyStep(call, planSnooze(parseInstant(until), reason, note));
    },
  }),
  defineOperation({
    id: 'dismissTask',
    method: 'post',
    path: '/v1/tasks/{id}/dismiss',
    tag,
    summary: 'Withdraw a task; the journey decides again',
    scope: 'act',
    body: dismissBody,
    replies,
    problems,
    handle: (call) => applyStep(call, planDismiss(call.body.reason, call.body)),
  }),
];

/** @throws HttpError 409 `claim_refused` with the verdicts of the gates */
async function applyStep(call: Call, plan: PlanTaskStep): Promise<Reply<TaskView>> {
  const { api, workspace, params, messageId } = call;
  const taskId = params.id as string;
  const request = { workspace, taskId, messageId };
  const refusals = await call.once<GateVerdict[]>((record) =>
    applyTaskStep(api.decisionServices, request, plan, record),
  );
  api.notifyRelays();
  if (refusals.length === 0) {
    const row = await viewTask(api.deps.db.sql, workspace, taskId);
    if (!row) throw notFound('task');
    return { body: toTaskView(row) };
  }
  const reasons = refusals.map((refusal) => plainEnglish.write(describeVerdict(refusal))).join('; ');
  const extra = { verdicts: toVerdictViews(refusals, null) };
  throw new HttpError(409, 'claim_refused', `refused: ${reasons}`, { extra });
}
