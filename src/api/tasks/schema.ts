import { z } from 'zod';
import { TASK_STATES } from '../../domain/delivery.ts';
import { listOf, pageQuery, time } from '../frame/schema.ts';

export const task = z
  .object({
    id: z.string(),
    state: z.enum(TASK_STATES),
    queue: z.string(),
    action: z.string(),
    class: z.string(),
    key: z.string().nullable(),
    customerId: z.string(),
    customerName: z.string().nullable(),
    decisionId: z.string(),
    enrollmentId: z.string(),
    createdAt: time,
    acknowledgeBy: time,
    resolveBy: time,
    snoozedUntil: time.nullable().describe('Until then in no queue; it is in the past once the task is back'),
    escalation: z.object({ level: z.number().int(), next: z.string().nullable() }),
    assignee: z.string().nullable(),
    outcome: z.string().nullable(),
    endReason: z
      .string()
      .nullable()
      .describe(
        'Why it was withdrawn: `enrollment ended: goal`, a code of a gate, or the words of the agent',
      ),
    updatedAt: time,
    outcomes: z.array(z.string()),
    script: z.string().nullable().describe('What the agent is suggested to say and to do'),
    reasons: z
      .array(z.string())
      .describe('Reasons of the decision, then the conditions that led to the task'),
    case: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('The customer when the task was opened: the sections that the definition lists'),
  })
  .meta({ id: 'Task', description: 'An action that an agent carries out' });

export const taskList = listOf(task).meta({ id: 'TaskList' });

export const queueCounts = z.object({
  queue: z.string(),
  open: z.number().int().describe('Of each figure, 10,000 means at least as many'),
  acknowledged: z.number().int(),
  snoozed: z.number().int(),
  overdue: z.number().int().describe('Not acknowledged, or not resolved, in time'),
  oldestAt: time.nullable(),
  nextDueAt: time.nullable(),
});

export const taskQueues = z
  .object({
    data: z.array(queueCounts),
    held: z.number().int().nullable().describe('Tasks that `assignee` has claimed'),
  })
  .meta({ id: 'TaskQueues', description: 'Queues of the active bundle, and others with open tasks' });

export const queuesQuery = z.object({ assignee: z.string().min(1).max(200).optional() });

export const tasksQuery = pageQuery.extend({
  queue: z.string().max(200).optional(),
  state: z
    .enum([...TASK_STATES, 'any'])
    .optional()
    .describe('Default: open and acknowledged'),
  snoozed: z
    .enum(['true', 'false', 'any'])
    .optional()
    .describe('Default: false with the default states, otherwise any'),
  customer: z.string().max(200).optional(),
  assignee: z.string().min(1).max(200).optional().describe('Those that this agent has claimed'),
});

const actor = z.string().min(1).max(200);
const note = z.string().max(2_000).optional();

export const claimBody = z.object({ assignee: actor }).meta({ id: 'TaskClaim' });
export const releaseBody = z.object({ actor: actor.optional(), note }).meta({ id: 'TaskRelease' });
export const resolveBody = z
  .object({ outcome: z.string().min(1).max(200), actor: actor.optional(), note })
  .meta({ id: 'TaskResolution' });
export const escalateBody = z.object({ actor: actor.optional(), note }).meta({ id: 'TaskEscalation' });
export const snoozeBody = z
  .object({
    until: time.describe('Before `resolveBy` of the task'),
    reason: z.string().min(1).max(500),
    actor: actor.optional(),
    note,
  })
  .meta({ id: 'TaskSnooze' });
export const dismissBody = z
  .object({ actor: actor.optional(), reason: z.string().min(1).max(500) })
  .meta({ id: 'TaskDismissal' });
