import { z } from 'zod';
import { time, timeOrNull } from '../frame/schema.ts';

const text = z.string();
const count = z.number().int();
const seconds = z.number();

const finding = z
  .object({
    level: z.enum(['ok', 'warn', 'fail']),
    check: text.describe('Stable, lower_snake'),
    message: text,
    remedy: text.nullable(),
  })
  .meta({ id: 'Finding', description: 'One thing that was looked at, as `throughline doctor` reports it' });

const lag = z.object({
  waitingCustomers: count.describe('With events that no decision has processed'),
  oldestEventSeconds: seconds,
  overdueJourneys: count.describe('Whose timer has passed'),
  oldestTimerSeconds: seconds,
  outboxEvents: count,
  oldestOutboxSeconds: seconds,
});

const rejected = z.object({
  code: text,
  source: text,
  count,
  lately: count.describe('In the last hour'),
  lastAt: time,
  lastReason: text,
});

const channel = z.object({
  channel: text,
  sent: count.describe('Of the newest 5,000 attempts of a day'),
  failed: count,
  unknown: count,
  retrying: count,
  perMinute: z.number().describe('Sent in the last five minutes'),
  due: count.describe('Due and not ended, of all workspaces'),
  oldestDueSeconds: seconds,
  lastSentAt: timeOrNull,
  lastErrorAt: timeOrNull,
  lastError: text.nullable(),
});

const delivery = z.object({
  id: text,
  customerId: text,
  action: text,
  channel: text,
  state: text,
  error: text,
  at: time,
});

const schedule = z.object({
  name: text,
  kind: z.enum(['job', 'sweep']),
  state: z.enum(['active', 'paused', 'missing']),
  note: text.nullable().describe('Why it was paused'),
  nextAt: timeOrNull,
  lastAt: timeOrNull,
  outcome: text.nullable().describe('Of the last run: `COMPLETED`, `FAILED`, `RUNNING`…'),
  url: text.nullable().describe("The run in Temporal's UI"),
});

const sweep = z.object({
  id: text,
  kind: text,
  journey: text.nullable(),
  seen: count,
  found: count,
  startedAt: time,
  doneAt: timeOrNull,
});

const stuck = z.object({
  kind: z.enum(['parked', 'workflow']).describe('parked: its decision failed; workflow: its task fails'),
  customerId: text,
  reason: text,
  since: timeOrNull,
  url: text.nullable(),
});

const role = z.object({
  role: z.enum(['api', 'relay', 'worker']),
  name: text.describe('Of a worker: what it polls for'),
  seenAt: timeOrNull,
  processes: count.nullable(),
});

const table = z.object({
  table: text,
  months: count,
  oldest: text.nullable(),
  newest: text.nullable(),
  keptSince: timeOrNull,
  dropping: text.nullable(),
});

export const systemStatus = z
  .object({
    at: time,
    level: z.enum(['ok', 'warn', 'fail']),
    findings: z.array(finding),
    lag,
    loops: z.array(z.object({ loop: text, oldestSeconds: seconds })),
    rejected: z.array(rejected),
    channels: z.array(channel),
    unknownDeliveries: z.object({ count, lastAt: timeOrNull }),
    troubled: z.array(delivery).describe('The newest attempts that did not succeed, or not yet'),
    schedules: z.array(schedule).nullable().describe('Null: Temporal does not answer'),
    sweeps: z.array(sweep),
    stuck: z.array(stuck),
    parked: z.array(z.object({ reason: text, customers: count, oldestSeconds: seconds })),
    roles: z.array(role),
    storage: z.object({ bytes: count, tables: z.array(table) }),
  })
  .meta({ id: 'SystemStatus', description: 'How the installation does, and what to do about it' });
