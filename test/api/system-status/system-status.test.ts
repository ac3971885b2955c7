import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  countUnknownDeliveries,
  listTroubledDeliveries,
  readChannelHealth,
} from '../../../db/deliveries/channel-health.ts';
import type { InspectedTemporal } from '../../../src/api/system-status/inspection.ts';
import { systemStatus } from '../../../src/api/system-status/schema.ts';
import { startApi, type TestApi } from '../support/harness.ts';

const temporal: InspectedTemporal = {
  queues: [
    { queue: 'throughline', purpose: 'workflows', pollers: 2, seenMs: 1_000 },
    { queue: 'throughline-email', purpose: 'channel email', pollers: 0, seenMs: null },
  ],
  required: ['learn/aroma', 'fit/aroma', 'hourly/aroma'],
  schedules: [
    {
      name: 'learn/aroma',
      paused: false,
      note: null,
      nextAt: Date.UTC(2026, 10, 28, 12),
      lastAt: Date.UTC(2026, 10, 28, 11),
      lastRun: { workflowId: 'job/throughline/learn/aroma', runId: 'r1' },
      outcome: 'FAILED',
    },
    {
      name: 'fit/aroma',
      paused: true,
      note: 'too slow',
      nextAt: 1,
      lastAt: null,
      lastRun: null,
      outcome: null,
    },
  ],
  stuck: [{ customerId: 'cus_1', workflowId: 'customer-journey/aroma/cus_1', runId: 'r2', reason: 'failed' }],
};

let api: TestApi;
let answer: () => Promise<InspectedTemporal>;
beforeAll(async () => {
  api = await startApi();
  api.deps.inspection = {
    inspect: () => answer(),
    linkTo: (workflowId, runId) => `https://temporal.example/${workflowId}/${runId}`,
    linkToCustomer: (workspace, customerId) => `https://temporal.example/${workspace}/${customerId}`,
  };
});
afterAll(() => api.stop());

const read = async (key?: string) => (await api.get('/v1/operations', key)).body;

async function insertDelivery(id: string, columns: Record<string, unknown>): Promise<void> {
  const row = {
    id,
    customer_id: 'cus_1',
    workspace: 'aroma',
    decision_id: 'd',
    enrollment_id: 'e',
    action: 'tip',
    class: 'marketing',
    channel: 'email',
    bundle_version: 1,
    at: 1,
    not_after: 2,
    entry: '{}',
    claimed_at: new Date().toISOString(),
    ...columns,
  };
  await api.db.sql`insert into deliveries ${(api.db.sql as never as (row: object) => never)(row)}`;
}

it('describes an installation in which nothing is wrong, and nothing was done yet', async () => {
  answer = async () => ({ ...temporal, queues: [], required: [], schedules: [], stuck: [] });
  await api.db.sql`insert into reconciliations (kind, lease_until) values ('journeys', clock_timestamp())`;
  const body = await read();
  expect(systemStatus.safeParse(body).error?.issues).toBeUndefined();
  expect(body).toMatchObject({ level: 'ok', rejected: [], channels: [], stuck: [], parked: [] });
  expect(body.storage.tables.map((row: { table: string }) => row.table)).toContain('events');
});

it('says who polls, which schedules are paused or missing, how the last run ended, and what is stuck', async () => {
  answer = async () => temporal;
  const body = await read();
  expect(body.level).toBe('fail');
  expect(body.schedules).toMatchObject([
    {
      name: 'learn/aroma',
      kind: 'job',
      state: 'active',
      outcome: 'FAILED',
      nextAt: '2026-11-28T12:00:00.000Z',
    },
    { name: 'fit/aroma', kind: 'job', state: 'paused', note: 'too slow', nextAt: null },
    { name: 'hourly/aroma', kind: 'sweep', state: 'missing', outcome: null },
  ]);
  expect(body.schedules[0].url).toBe('https://temporal.example/job/throughline/learn/aroma/r1');
  expect(body.stuck).toMatchObject([{ kind: 'workflow', customerId: 'cus_1', reason: 'failed' }]);
  expect(body.roles).toContainEqual({ role: 'worker', name: 'channel email', seenAt: null, processes: 0 });
  const checks = body.findings.map((row: { level: string; check: string }) => `${row.level} ${row.check}`);
  expect(checks.slice(0, 3).sort()).toEqual([
    'fail journeys_stuck',
    'fail schedules_missing',
    'fail task_queue',
  ]);
  expect(checks).toContain('warn schedules_paused');
});

it('says that Temporal is away, and still shows what Postgres knows', async () => {
  answer = () => Promise.reject(new Error('no connection'));
  const body = await read();
  expect(body.schedules).toBeNull();
  expect(body.findings[0]).toMatchObject({ level: 'fail', check: 'temporal_server' });
  expect(body.lag).toMatchObject({ waitingCustomers: expect.any(Number) });
});

it('counts rejected events by reason and sender, filters their list, and names the newest reason', async () => {
  answer = async () => temporal;
  await api.batch({ type: 'track', userId: 'r', event: '' }, { type: 'track', event: 'No one' });
  const { rejected, findings } = await read();
  expect(rejected.length).toBeGreaterThan(0);
  const [{ code, source, lately, lastReason }] = rejected;
  expect([lately > 0, lastReason !== '']).toEqual([true, true]);
  expect(findings).toContainEqual(expect.objectContaining({ level: 'warn', check: 'rejected_events' }));
  const list = async (query: string) => (await api.get(`/v1/rejected?${query}`)).body.data;
  const own = await list(`code=${code}&source=${encodeURIComponent(source)}`);
  expect(own.length).toBeGreaterThan(0);
  expect(own.every((row: { code: string }) => row.code === code)).toBe(true);
  expect(await list('code=nothing')).toEqual([]);
});

it('shows the errors of a channel: red while the newest attempt failed, and when it last worked', async () => {
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  await insertDelivery('dlv_1', { state: 'sent', updated_at: ago(3) });
  await insertDelivery('dlv_2', { state: 'planned', error: 'connection refused', updated_at: ago(1) });
  await insertDelivery('dlv_3', { state: 'unknown', error: 'no answer', channel: 'sms', updated_at: ago(2) });
  await insertDelivery('dlv_4', { state: 'sent', channel: 'sms', updated_at: ago(1) });
  const { channels, findings, troubled, unknownDeliveries } = await read();
  expect(channels).toMatchObject([
    { channel: 'email', sent: 1, retrying: 1, lastError: 'connection refused', perMinute: 0.2, due: 1 },
    { channel: 'sms', sent: 1, unknown: 1, lastError: 'no answer' },
  ]);
  expect(troubled.map((row: { id: string }) => row.id)).toEqual(['dlv_2', 'dlv_3']);
  expect(unknownDeliveries.count).toBe(1);
  const errors = findings.filter((row: { check: string }) => row.check === 'channel_errors');
  expect(errors.map((row: { level: string }) => row.level)).toEqual(['fail', 'warn']);
  expect(errors[0].message).toContain('connection refused');
});

it('lists parked customers with their reason and a link, of the own workspace only', async () => {
  await api.db.sql`
    insert into journeys (customer_id, workspace, epoch, state) values
      ('cus_p', 'aroma', 1, ${JSON.stringify({ enrollments: [], poison: { reason: 'too_large', since: 5 } })}::text::jsonb)`;
  const { parked, stuck } = await read();
  expect(parked).toMatchObject([{ reason: 'too_large', customers: 1 }]);
  expect(stuck).toContainEqual({
    kind: 'parked',
    customerId: 'cus_p',
    reason: 'too_large',
    since: '1970-01-01T00:00:00.005Z',
    url: 'https://temporal.example/aroma/cus_p',
  });
  const other = await read(api.keys.otherApi);
  expect(other).toMatchObject({ parked: [], stuck: [], rejected: [], channels: [], schedules: null });
});

it('reads a bounded number of deliveries, however many there are', async () => {
  const { sql } = api.db;
  await sql`
    insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, channel,
      bundle_version, state, at, not_after, entry, claimed_at)
    select 'dlv_many_' || n, 'cus_1', 'aroma', 'd', 'e', 'tip', 'marketing', 'email', 1, 'sent', n, n, '{}',
      clock_timestamp() - n * interval '1 second'
    from generate_series(1, 40000) n`;
  await sql`analyze deliveries`;
  const rows = await sql.begin(async (tx) => {
    await readChannelHealth(tx, 'aroma');
    await listTroubledDeliveries(tx, 'aroma', 25);
    await countUnknownDeliveries(tx, 'aroma');
    const [read] = await tx`
      select seq_tup_read + idx_tup_fetch as rows from pg_stat_xact_user_tables where relname = 'deliveries'`;
    return Number(read?.rows);
  });
  expect(rows).toBeGreaterThan(5_000);
  expect(rows).toBeLessThan(12_000);
  await sql`delete from deliveries where id like 'dlv_many_%'`;
});
