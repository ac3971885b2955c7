import type { Enrollment } from '../../src/domain/state.ts';
import type { DecisionPlan } from '../../src/engine/journey/plan.ts';
import type { Tx } from '../client.ts';
import { insertRows, type NewRow } from '../columns.ts';
import { type CouponIssuer, issueCoupons } from '../coupons/issue-coupons.ts';
import { type OutboxRow, saveOutbox } from '../events/outbox.ts';
import { decisions } from '../schema.ts';

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
  'actions',
  'candidates',
  'changes',
  'context',
  'arbitrations',
] as const;

export type DecisionRow = NewRow<typeof decisions, (typeof COLUMNS)[number]>;

/** Writes one decision with everything that it rested on. */
export async function saveDecision(tx: Tx, row: DecisionRow): Promise<void> {
  await insertRows(tx, decisions, COLUMNS, [row]);
}

interface Owner extends CouponIssuer {
  /** Those that came with a customer who was merged into this one. */
  adopted: Enrollment[];
}

/**
 * Writes what a decision planned and ended: effects are rows before they are activities. Returns the events that it
 * gave rise to, which have to be published once it has committed.
 */
export async function savePlan(tx: Tx, plan: DecisionPlan, owner: Owner): Promise<OutboxRow[]> {
  const touched =
    plan.enteredEnrollments.length +
    plan.endedEnrollments.length +
    plan.changedEnrollments.length +
    owner.adopted.length;
  const given = plan.deliveries.some((delivery) => delivery.couponOnce !== null);
  const [outbox, issued] = await Promise.all([
    plan.outbox.length > 0 ? saveOutbox(tx, owner, plan.outbox) : [],
    // Before the deliveries, which name them; those are new rows, for which nobody can be waiting.
    given ? issueCoupons(tx, plan.deliveries, owner) : [],
    plan.deliveries.length > 0 && planDeliveries(tx, plan, owner),
    plan.tasks.length > 0 && planTasks(tx, plan, owner),
    plan.cancelledDeliveries.length > 0 && cancelDeliveries(tx, plan),
    plan.withdrawnTasks.length + plan.expiredTasks.length > 0 && endTasks(tx, plan),
    plan.escalatedTasks.length > 0 && escalateTasks(tx, plan),
    plan.coolDowns.length > 0 && beginCoolDowns(tx, plan),
    touched > 0 && saveEnrollments(tx, plan, owner),
  ]);
  return [...outbox, ...issued];
}

function planDeliveries(tx: Tx, plan: DecisionPlan, owner: Owner) {
  const rows = plan.deliveries.map(withSubject);
  return tx`
    insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, purpose, topic,
                            channel, key, subject, bundle_version, state, at, not_after, entry, variant, cost, send_reason, coupon_id)
    select id, ${owner.customerId}, ${owner.workspace}, ${owner.decisionId}, "enrollmentId", action, class, purpose,
           topic, channel, key, subject, "bundleVersion", 'planned', at, "notAfter", entry, variant, cost, "sendReason",
           (select k.id from coupons k where k.workspace = ${owner.workspace} and k.action = t.action and k.once = t."couponOnce"
              and k.customer_id = ${owner.customerId} and k.enrollment_id = t."enrollmentId" and k.state = 'issued')
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as t(
      id text, "enrollmentId" text, action text, class text, purpose text, topic text, channel text, key text,
      subject text, "bundleVersion" int, at bigint, "notAfter" bigint, entry jsonb, variant text, cost bigint,
      "sendReason" text, "couponOnce" text)
    on conflict do nothing`;
}

function planTasks(tx: Tx, plan: DecisionPlan, owner: Owner) {
  const rows = plan.tasks.map((task) => ({
    ...withSubject(task),
    definition: owner.action(task.action, task.bundleVersion)?.task ?? null,
  }));
  return tx`
    insert into agent_tasks (id, customer_id, workspace, decision_id, enrollment_id, action, class, topic, key,
                             subject, bundle_version, state, queue, at, acknowledge_by, resolve_by, definition, reasons, cost)
    select id, ${owner.customerId}, ${owner.workspace}, ${owner.decisionId}, "enrollmentId", action, class, topic, key,
           subject, "bundleVersion", 'planned', queue, at, "acknowledgeBy", "resolveBy", definition, reasons, cost
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as t(
      id text, "enrollmentId" text, action text, class text, topic text, key text, subject text, "bundleVersion" int, queue text,
      at bigint, "acknowledgeBy" bigint, "resolveBy" bigint, definition jsonb, reasons jsonb, cost bigint)
    on conflict do nothing`;
}

function withSubject<T extends { key: string | null; subject?: string | null }>(planned: T): T {
  return planned.subject === undefined ? { ...planned, subject: planned.key } : planned;
}

/** Only what isn't on its way yet: a claim that was quicker has won. */
function cancelDeliveries(tx: Tx, plan: DecisionPlan) {
  return tx`
    update deliveries d set state = 'cancelled', error = t.reason, updated_at = clock_timestamp()
    from json_to_recordset(${JSON.stringify(plan.cancelledDeliveries)}::text::json) as t(id text, reason text)
    where d.id = t.id and d.state in ('planned', 'held')`;
}

function endTasks(tx: Tx, plan: DecisionPlan) {
  const ended = [
    ...plan.withdrawnTasks.map(({ id }) => ({ id, state: 'withdrawn' })),
    ...plan.expiredTasks.map((id) => ({ id, state: 'expired' })),
  ];
  return tx`
    update agent_tasks a set state = t.state, updated_at = clock_timestamp()
    from json_to_recordset(${JSON.stringify(ended)}::text::json) as t(id text, state text)
    where a.id = t.id and a.state in ('planned', 'open', 'acknowledged')`;
}

function escalateTasks(tx: Tx, plan: DecisionPlan) {
  return tx`
    update agent_tasks a set queue = t.queue, level = t.level, acknowledge_by = t."acknowledgeBy", updated_at = clock_timestamp()
    from json_to_recordset(${JSON.stringify(plan.escalatedTasks)}::text::json)
      as t(id text, queue text, level int, "acknowledgeBy" bigint)
    where a.id = t.id and a.state = 'open'`;
}

/** Also of tickets of others: whoever of the account decides first begins the cool-down for all. */
function beginCoolDowns(tx: Tx, plan: DecisionPlan) {
  return tx`
    update tickets k set quiet_until = t.until
    from json_to_recordset(${JSON.stringify(plan.coolDowns)}::text::json) as t("customerId" text, "ticketId" text, until bigint)
    where k.customer_id = t."customerId" and k.id = t."ticketId" and k.status = 'closed' and k.quiet_until is null`;
}

function saveEnrollments(tx: Tx, plan: DecisionPlan, owner: Owner) {
  const ended = new Map(plan.endedEnrollments.map((e) => [e.id, e]));
  const open = new Map(
    [...plan.enteredEnrollments, ...plan.changedEnrollments, ...owner.adopted].map((e) => [e.id, e]),
  );
  const rows = [...[...open.values()].filter((e) => !ended.has(e.id)), ...plan.endedEnrollments];
  return tx`
    insert into enrollments (id, customer_id, workspace, journey, version, key, arm, entered_at, goal_at, ended_at, reason,
                             excluded)
    select id, ${owner.customerId}, ${owner.workspace}, journey, version, key, arm, "enteredAt", "goalAt", "endedAt", reason,
           excluded
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as t(
      id text, journey text, version int, key text, arm text, "enteredAt" bigint, "goalAt" bigint, "endedAt" bigint,
      reason text, excluded boolean)
    on conflict (id) do update set customer_id = excluded.customer_id, arm = excluded.arm, goal_at = excluded.goal_at,
      ended_at = excluded.ended_at, reason = excluded.reason, excluded = excluded.excluded`;
}
