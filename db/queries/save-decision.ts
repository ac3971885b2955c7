import type { Advanced } from '../../src/domain/advance/advance.ts';
import type { Plan } from '../../src/domain/advance/run.ts';
import type { ActionDef } from '../../src/domain/definition.ts';
import type { Tx } from '../client.ts';

export interface DecisionRow {
  id: string;
  customer_id: string;
  workspace: string;
  epoch: number;
  ordinal: number;
  at: number;
  from_seq: number;
  to_seq: number;
  bundle_version: number;
  outcome: Advanced['outcome'];
  actions: unknown;
  candidates: unknown;
  changes: unknown;
  context: unknown;
}

/** Writes one decision, with what it looked at. */
export async function saveDecision(tx: Tx, row: DecisionRow): Promise<void> {
  await tx`
    insert into decisions (id, customer_id, workspace, epoch, ordinal, at, from_seq, to_seq, bundle_version, outcome,
                           actions, candidates, changes, context)
    select id, customer_id, workspace, epoch, ordinal, at, from_seq, to_seq, bundle_version, outcome,
           actions, candidates, changes, context
    from json_populate_record(null::decisions, ${JSON.stringify(row)}::text::json)`;
}

interface Owner {
  customerId: string;
  workspace: string;
  decisionId: string;
  bundleVersion: number;
  now: number;
  action(id: string): ActionDef | undefined;
}

/** Writes what a decision planned and ended: effects are rows before they are activities. */
export async function savePlan(tx: Tx, plan: Plan, owner: Owner): Promise<void> {
  await Promise.all([
    plan.deliveries.length > 0 && planDeliveries(tx, plan, owner),
    plan.tasks.length > 0 && planTasks(tx, plan, owner),
    plan.cancelledDeliveries.length > 0 && cancelDeliveries(tx, plan),
    plan.withdrawnTasks.length + plan.expiredTasks.length > 0 && endTasks(tx, plan),
    plan.escalatedTasks.length > 0 && escalateTasks(tx, plan),
    plan.quiet.length > 0 && beginCoolDowns(tx, plan, owner),
    plan.entered.length + plan.ended.length > 0 && saveEnrollments(tx, plan, owner),
  ]);
}

function planDeliveries(tx: Tx, plan: Plan, owner: Owner) {
  return tx`
    insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, topic, channel, key,
                            bundle_version, state, at, not_after, entry)
    select id, ${owner.customerId}, ${owner.workspace}, ${owner.decisionId}, "enrollmentId", action, class, topic, channel,
           key, ${owner.bundleVersion}, 'planned', at, "notAfter", entry
    from json_to_recordset(${JSON.stringify(plan.deliveries)}::text::json) as t(
      id text, "enrollmentId" text, action text, class text, topic text, channel text, key text, at bigint,
      "notAfter" bigint, entry jsonb)
    on conflict do nothing`;
}

function planTasks(tx: Tx, plan: Plan, owner: Owner) {
  const rows = plan.tasks.map((task) => ({ ...task, definition: owner.action(task.action)?.task ?? null }));
  return tx`
    insert into agent_tasks (id, customer_id, workspace, decision_id, enrollment_id, action, class, topic, key,
                             bundle_version, state, queue, at, acknowledge_by, resolve_by, definition, why)
    select id, ${owner.customerId}, ${owner.workspace}, ${owner.decisionId}, "enrollmentId", action, class, topic, key,
           ${owner.bundleVersion}, 'planned', queue, at, "acknowledgeBy", "resolveBy", definition, why
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as t(
      id text, "enrollmentId" text, action text, class text, topic text, key text, queue text, at bigint,
      "acknowledgeBy" bigint, "resolveBy" bigint, definition jsonb, why jsonb)
    on conflict do nothing`;
}

/** Only what isn't on its way yet: a claim that was quicker has won. */
function cancelDeliveries(tx: Tx, plan: Plan) {
  return tx`
    update deliveries d set state = 'cancelled', error = t.reason, updated_at = clock_timestamp()
    from json_to_recordset(${JSON.stringify(plan.cancelledDeliveries)}::text::json) as t(id text, reason text)
    where d.id = t.id and d.state in ('planned', 'held')`;
}

function endTasks(tx: Tx, plan: Plan) {
  const ended = [
    ...plan.withdrawnTasks.map(({ id }) => ({ id, state: 'withdrawn' })),
    ...plan.expiredTasks.map((id) => ({ id, state: 'expired' })),
  ];
  return tx`
    update agent_tasks a set state = t.state, updated_at = clock_timestamp()
    from json_to_recordset(${JSON.stringify(ended)}::text::json) as t(id text, state text)
    where a.id = t.id and a.state in ('planned', 'open', 'acknowledged')`;
}

function escalateTasks(tx: Tx, plan: Plan) {
  return tx`
    update agent_tasks a set queue = t.queue, level = t.level, acknowledge_by = t."acknowledgeBy", updated_at = clock_timestamp()
    from json_to_recordset(${JSON.stringify(plan.escalatedTasks)}::text::json)
      as t(id text, queue text, level int, "acknowledgeBy" bigint)
    where a.id = t.id and a.state = 'open'`;
}

function beginCoolDowns(tx: Tx, plan: Plan, owner: Owner) {
  return tx`
    update tickets k set quiet_until = t.until
    from json_to_recordset(${JSON.stringify(plan.quiet)}::text::json) as t("ticketId" text, until bigint)
    where k.customer_id = ${owner.customerId} and k.id = t."ticketId" and k.status = 'closed' and k.quiet_until is null`;
}

function saveEnrollments(tx: Tx, plan: Plan, owner: Owner) {
  const ended = new Map(plan.ended.map((e) => [e.id, e]));
  const rows = [...plan.entered.filter((e) => !ended.has(e.id)), ...plan.ended];
  return tx`
    insert into enrollments (id, customer_id, workspace, journey, version, key, arm, entered_at, goal_at, ended_at, reason)
    select id, ${owner.customerId}, ${owner.workspace}, journey, version, key, arm, "enteredAt", "goalAt", "endedAt", reason
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as t(
      id text, journey text, version int, key text, arm text, "enteredAt" bigint, "goalAt" bigint, "endedAt" bigint,
      reason text)
    on conflict (id) do update set goal_at = excluded.goal_at, ended_at = excluded.ended_at, reason = excluded.reason`;
}
