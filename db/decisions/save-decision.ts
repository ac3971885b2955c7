import type { TaskDef } from '../../src/domain/definition.ts';
import type { Enrollment } from '../../src/domain/state.ts';
import type { DecisionPlan } from '../../src/engine/journey/plan.ts';
import type { Tx } from '../client.ts';
import { insertRows, type NewRow, overwrite } from '../columns.ts';
import { type CouponIssuer, issueCoupons } from '../coupons/issue-coupons.ts';
import { saveOutbox } from '../events/outbox.ts';
import { forRows } from '../locks/lock-order.ts';
import { agentTasks, decisions, deliveries, enrollments } from '../schema.ts';
import type { DecisionRecord } from './record/decision-record.ts';
import { toStoredColumns } from './record/stored-columns.ts';

const COLUMNS = [
  'id',
  'customerId',
  'workspace',
  'epoch',
  'ordinal',
  'at',
  'fromSeq',
  'toSeq',
  'bundleVersion',
  'outcome',
  'chosen',
  'changed',
  'moves',
  'policies',
  'replayable',
  'record',
] as const;

type Columns = NewRow<typeof decisions, (typeof COLUMNS)[number]>;

export type DecisionRow = Omit<Columns, keyof ReturnType<typeof toStoredColumns>> & DecisionRecord;

/** Writes one decision with everything that it rested on. */
export async function saveDecision(tx: Tx, row: DecisionRow): Promise<void> {
  await insertRows(tx, decisions, COLUMNS, [{ ...row, ...toStoredColumns(row.customerId, row) }]);
}

interface Owner extends CouponIssuer {
  /** Open enrollments that came with a customer who was merged into this one. */
  adopted: Enrollment[];
  /** Open enrollments whose step or state this decision has changed. */
  moved: Enrollment[];
}

/**
 * The steps that write what a decision planned and ended, for `runInLockOrder`: rows first, activities after the
 * commit. The events of `outbox` and `issuedCoupons` are to be published after the commit.
 */
export function savePlanSteps(tx: Tx, plan: DecisionPlan, owner: Owner) {
  const ended = [...plan.withdrawnTasks, ...plan.expiredTasks];
  const withCoupon = plan.deliveries.filter((delivery) => delivery.couponOnce !== null);
  const changed = [
    ...plan.enteredEnrollments,
    ...plan.endedEnrollments,
    ...plan.changedEnrollments,
    ...owner.adopted,
    ...owner.moved,
  ];
  return {
    outbox: forRows(plan.outbox, () => saveOutbox(tx, owner, plan.outbox)),
    issuedCoupons: forRows(withCoupon, () => issueCoupons(tx, plan.deliveries, owner)),
    deliveries: forRows(plan.deliveries, () => planDeliveries(tx, plan, owner)),
    tasks: forRows(plan.tasks, () => planTasks(tx, plan, owner)),
    cancelledDeliveries: forRows(plan.cancelledDeliveries, () => cancelDeliveries(tx, plan)),
    endedTasks: forRows(ended, () => endTasks(tx, plan)),
    escalatedTasks: forRows(plan.escalatedTasks, () => escalateTasks(tx, plan)),
    tickets: forRows(plan.coolDowns, () => beginCoolDowns(tx, plan)),
    enrollments: forRows(changed, () => saveEnrollments(tx, plan, owner)),
  };
}

const DELIVERY_COLUMNS = [
  'id',
  'customerId',
  'workspace',
  'decisionId',
  'decidedAt',
  'enrollmentId',
  'action',
  'class',
  'purpose',
  'topic',
  'channel',
  'key',
  'subject',
  'bundleVersion',
  'state',
  'at',
  'notAfter',
  'entry',
  'variant',
  'cost',
  'sendReason',
] as const;

function planDeliveries(tx: Tx, plan: DecisionPlan, owner: Owner) {
  const { customerId, workspace, decisionId, now: decidedAt } = owner;
  const rows = plan.deliveries.map((delivery) => ({
    ...withSubject(delivery),
    customerId,
    workspace,
    decisionId,
    decidedAt,
    state: 'planned' as const,
  }));
  const couponId = tx`
    (select k.id from coupons k where k.workspace = ${workspace} and k.action = t.action and k.once = t."couponOnce"
       and k.customer_id = ${customerId} and k.enrollment_id = t."enrollmentId" and k.state = 'issued')`;
  const coupon = { members: { couponOnce: 'text' }, computed: { couponId } } as const;
  return tx`${insertRows(tx, deliveries, DELIVERY_COLUMNS, rows, coupon)} on conflict do nothing`;
}

const TASK_COLUMNS = [
  'id',
  'customerId',
  'workspace',
  'decisionId',
  'enrollmentId',
  'action',
  'class',
  'topic',
  'key',
  'subject',
  'bundleVersion',
  'state',
  'queue',
  'at',
  'acknowledgeBy',
  'resolveBy',
  'definition',
  'reasons',
  'cost',
] as const;

function planTasks(tx: Tx, plan: DecisionPlan, owner: Owner) {
  const { customerId, workspace, decisionId } = owner;
  const rows = plan.tasks.map((task) => ({
    ...withSubject(task),
    customerId,
    workspace,
    decisionId,
    state: 'planned' as const,
    definition: taskDefinition(owner, task),
  }));
  return tx`${insertRows(tx, agentTasks, TASK_COLUMNS, rows)} on conflict do nothing`;
}

function taskDefinition(owner: Owner, { action, bundleVersion }: DecisionPlan['tasks'][number]): TaskDef {
  const definition = owner.action(action, bundleVersion)?.task;
  if (!definition)
    throw new Error(`action ${action} of bundle ${bundleVersion} is not carried out by a person`);
  return definition;
}

function withSubject<Planned extends { key: string | null; subject?: string | null }>(planned: Planned) {
  return { ...planned, subject: planned.subject === undefined ? planned.key : planned.subject };
}

/** Cancels deliveries that are not claimed yet. A claim that committed earlier wins. */
function cancelDeliveries(tx: Tx, plan: DecisionPlan) {
  return tx`
    update deliveries d set state = 'cancelled', error = t.reason, updated_at = clock_timestamp()
    from json_to_recordset(${JSON.stringify(plan.cancelledDeliveries)}::text::json) as t(id text, reason text)
    where d.id = t.id and d.state in ('planned', 'held')`;
}

function endTasks(tx: Tx, plan: DecisionPlan) {
  const ended = [
    ...plan.withdrawnTasks.map((task) => ({ ...task, state: 'withdrawn' })),
    ...plan.expiredTasks.map((id) => ({ id, state: 'expired', reason: null })),
  ];
  return tx`
    update agent_tasks a set state = t.state, end_reason = t.reason, updated_at = clock_timestamp()
    from json_to_recordset(${JSON.stringify(ended)}::text::json) as t(id text, state text, reason text)
    where a.id = t.id and a.state in ('planned', 'open', 'acknowledged')`;
}

/** A task that an agent has snoozed since the decision read it has more time, and stays where it is. */
function escalateTasks(tx: Tx, plan: DecisionPlan) {
  return tx`
    update agent_tasks a set queue = t.queue, level = t.level, acknowledge_by = t."acknowledgeBy",
      updated_at = clock_timestamp()
    from json_to_recordset(${JSON.stringify(plan.escalatedTasks)}::text::json)
      as t(id text, queue text, level int, "acknowledgeBy" bigint)
    where a.id = t.id and a.state = 'open' and a.acknowledge_by <= t."acknowledgeBy"`;
}

/**
 * Also for tickets of others: the first decision of any member of the account begins the cool-down for all. Of two
 * tickets with one number, of two help desks, the longer cool-down applies to both.
 */
function beginCoolDowns(tx: Tx, plan: DecisionPlan) {
  return tx`
    update tickets k set quiet_until = t.until
    from (
      select "customerId", "ticketId", max(until) as until
      from json_to_recordset(${JSON.stringify(plan.coolDowns)}::text::json) as d("customerId" text, "ticketId" text,
        until bigint)
      group by 1, 2) t
    where k.customer_id = t."customerId" and k.id = t."ticketId" and k.status = 'closed' and k.quiet_until is null`;
}

/** What later decisions and merges change of an enrollment. */
const CHANGED_COLUMNS = [
  'customerId',
  'arm',
  'goalAt',
  'endedAt',
  'reason',
  'excluded',
  'step',
  'state',
  'since',
  'pinned',
] as const;
const ENROLLMENT_COLUMNS = [
  'id',
  'workspace',
  'journey',
  'version',
  'key',
  'enteredAt',
  ...CHANGED_COLUMNS,
] as const;

function saveEnrollments(tx: Tx, plan: DecisionPlan, { customerId, workspace, adopted, moved }: Owner) {
  const ended = new Map(plan.endedEnrollments.map((enrollment) => [enrollment.id, enrollment]));
  const open = new Map(
    [...plan.enteredEnrollments, ...plan.changedEnrollments, ...adopted, ...moved]
      .filter(({ id }) => !ended.has(id))
      .map((enrollment) => [enrollment.id, { ...enrollment, endedAt: null, reason: null }]),
  );
  const rows = [...open.values(), ...plan.endedEnrollments].map((enrollment) => ({
    ...enrollment,
    state: enrollment.status.kind,
    customerId,
    workspace,
  }));
  return tx`
    ${insertRows(tx, enrollments, ENROLLMENT_COLUMNS, rows)}
    on conflict (id) do update set ${overwrite(tx, enrollments, CHANGED_COLUMNS)}`;
}
