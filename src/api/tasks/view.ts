import type { z } from 'zod';
import type { ViewedTask } from '../../../db/tasks/view-tasks.ts';
import { iso } from '../../domain/time/time.ts';
import { toIsoOrNull, toMoneyOrNull } from '../frame/format.ts';
import type { task } from './schema.ts';

export type TaskView = z.infer<typeof task>;

/** A task as the agent desk shows it. */
export function toTaskView(row: ViewedTask): TaskView {
  return {
    id: row.id,
    state: row.state,
    queue: row.queue,
    action: row.action,
    class: row.class,
    key: row.key,
    customerId: row.customerId,
    customerName: row.customerName,
    decisionId: row.decisionId,
    enrollmentId: row.enrollmentId,
    createdAt: iso(row.at),
    acknowledgeBy: iso(row.acknowledgeBy),
    resolveBy: iso(row.resolveBy),
    snoozedUntil: toIsoOrNull(row.snoozedUntil),
    escalation: { level: row.level, next: row.definition.escalate[row.level] ?? null },
    assignee: row.assignee,
    outcome: row.outcome,
    endReason: row.endReason,
    updatedAt: iso(row.updatedAt),
    outcomes: row.definition.outcomes,
    script: row.definition.script ?? null,
    reasons: row.reasons,
    case: caseView(row.case),
  };
}

/** The stored case holds money in minor units. */
function caseView(stored: unknown): Record<string, unknown> | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { cart, payments, ...rest } = stored as Record<string, unknown>;
  return {
    ...rest,
    ...(cart === undefined ? {} : { cart: formatTotal(cart) }),
    ...(Array.isArray(payments) ? { payments: payments.map(formatTotal) } : {}),
  };
}

function formatTotal(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { total, currency, ...rest } = value as Record<string, unknown>;
  const minor = typeof total === 'number' ? total : null;
  return { ...rest, total: toMoneyOrNull(minor, String(currency)) };
}
