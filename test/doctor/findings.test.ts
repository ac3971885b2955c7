import { describe, expect, test } from 'vitest';
import type { LagFacts } from '../../db/doctor/lag.ts';
import type { ServerFacts, TableFacts } from '../../db/doctor/server.ts';
import { compileBundle } from '../../src/definitions/compile/bundle.ts';
import { judgeClock } from '../../src/doctor/clock.ts';
import { type Finding, formatAge, formatBytes } from '../../src/doctor/finding.ts';
import { judgeJourneys } from '../../src/doctor/journeys.ts';
import { judgeLag } from '../../src/doctor/lag.ts';
import { judgeMail } from '../../src/doctor/mail.ts';
import { judgePostgres } from '../../src/doctor/postgres.ts';
import { judgeQueues } from '../../src/doctor/queues.ts';
import { judgeRejected } from '../../src/doctor/rejected.ts';
import { judgeSchedules } from '../../src/doctor/schedules.ts';
import { judgeSchema } from '../../src/doctor/schema.ts';
import { judgeSends } from '../../src/doctor/sends.ts';
import { judgeEnvironmentProblems, judgeSettings } from '../../src/doctor/settings.ts';
import { judgeSources } from '../../src/doctor/sources.ts';
import { judgeTasks } from '../../src/doctor/tasks.ts';
import { judgeTemporal } from '../../src/doctor/temporal.ts';
import { judgeWorkspaces } from '../../src/doctor/workspaces.ts';
import { listDeliveryChannels } from '../../src/service/delivery-channels.ts';
import type { TemporalFacts } from '../../src/temporal/inspect.ts';
import { readBundleDir } from '../support/bundles.ts';
import { AROMA } from '../support/paths.ts';

/** The findings that are not `ok`, as `level check`. */
const problems = (findings: readonly Finding[]) =>
  findings.filter(({ level }) => level !== 'ok').map(({ level, check }) => `${level} ${check}`);

const SERVER: ServerFacts = {
  version: '17.5',
  major: 17,
  fsync: 'on',
  fullPageWrites: 'on',
  synchronousCommit: 'on',
  synchronousStandbys: 'standby',
  connectedStandbys: 1,
  maxConnections: 200,
  reservedConnections: 3,
  usedConnections: 40,
  autovacuum: 'on',
  readOnly: false,
  timeZone: 'UTC',
  statementTimeout: '8s',
  lockTimeout: '2s',
  databaseBytes: 12_000_000,
};
const EVENTS: TableFacts = {
  name: 'events',
  bytes: 8_000_000,
  liveRows: 100_000,
  deadRows: 20_000,
  vacuumedHoursAgo: 1,
};

describe('judgePostgres', () => {
  const judge = (server: Partial<ServerFacts>, table: Partial<TableFacts> = {}, transactionPooling = false) =>
    judgePostgres({
      place: 'db.example:5432/throughline',
      server: { ...SERVER, ...server },
      tables: [{ ...EVENTS, ...table }],
      transactionPooling,
    });

  test('finds nothing wrong with a server as it should be, and says what it is', () => {
    const findings = judge({});
    expect(problems(findings)).toEqual([]);
    expect(findings.map(({ message }) => message)).toEqual([
      'Postgres 17.5 at db.example:5432/throughline',
      'the server can be written to',
      'fsync is on',
      'full_page_writes is on',
      'synchronous_commit is on',
      'commits wait for one standby',
      '40 of 197 connections are in use; there is room for 8 processes',
      'sessions keep their connection and their settings (TimeZone UTC)',
      'autovacuum is on and keeps up',
      'the database has 12 MB: events 8 MB',
    ]);
  });

  test.each([
    [{ version: '13.9', major: 13 }, 'fail postgres_version'],
    [{ readOnly: true }, 'fail postgres_writable'],
    [{ fsync: 'off' }, 'fail postgres_fsync'],
    [{ fullPageWrites: 'off' }, 'warn postgres_full_page_writes'],
    [{ synchronousCommit: 'off' }, 'fail postgres_synchronous_commit'],
    [{ synchronousStandbys: '', connectedStandbys: 0 }, 'warn postgres_standby'],
    [{ synchronousCommit: 'local' }, 'warn postgres_standby'],
    [{ connectedStandbys: 0 }, 'fail postgres_standby'],
    [{ connectedStandbys: null }, undefined],
    [{ maxConnections: 71 }, 'warn postgres_connections'],
    [{ maxConnections: 72, usedConnections: 5 }, undefined],
    [{ usedConnections: 190 }, 'warn postgres_connections'],
    [{ timeZone: 'Europe/Berlin' }, 'fail postgres_pooler'],
    [{ statementTimeout: '0' }, 'fail postgres_pooler'],
    [{ lockTimeout: '0' }, 'fail postgres_pooler'],
    [{ autovacuum: 'off' }, 'fail postgres_autovacuum'],
  ])('%j', (server, problem) => {
    expect(problems(judge(server))).toEqual(problem === undefined ? [] : [problem]);
  });

  test('finds a pooler in transaction mode, and a table that vacuum neglects', () => {
    expect(problems(judge({}, {}, true))).toEqual(['fail postgres_pooler']);
    const neglected = judge({}, { deadRows: 60_000, vacuumedHoursAgo: null });
    expect(problems(neglected)).toEqual(['warn postgres_autovacuum']);
    expect(neglected.map(({ message }) => message)).toContain(
      'events has 60000 dead rows, and was never vacuumed',
    );
  });
});

test.each([
  [{ kind: 'current', name: 'b' }, []],
  [{ kind: 'behind', from: null, to: 'b', missing: ['a', 'b'] }, ['fail schema']],
  [{ kind: 'ahead', name: 'b', further: 1 }, ['fail schema']],
  [{ kind: 'foreign' }, ['fail schema']],
  [{ kind: 'unreadable' }, ['warn schema']],
] as const)('judgeSchema: %j', (version, expected) => {
  expect(problems([judgeSchema(version as Parameters<typeof judgeSchema>[0])])).toEqual(expected);
});

test.each([
  [300, 10, 'ok'],
  [700, 300, 'ok'],
  [-700, 10, 'warn'],
  [4_000, 10, 'warn'],
  [-90_000, 10, 'fail'],
])('judgeClock: %i ms, known to %i ms', (skewMs, uncertaintyMs, level) => {
  expect(judgeClock({ skewMs, uncertaintyMs }).level).toBe(level);
});

describe('judgeTemporal', () => {
  const FACTS: TemporalFacts = {
    address: 'temporal:7233',
    namespace: 'shop',
    serverVersion: '1.32.0',
    namespaceFound: true,
    retentionMs: 3 * 86_400_000,
    partitions: 4,
    marksProblems: true,
  };
  test.each([
    [{}, []],
    [{ namespaceFound: false }, ['fail temporal_namespace']],
    [{ retentionMs: 3_600_000 }, ['warn temporal_namespace']],
    [{ retentionMs: null, partitions: null, serverVersion: '' }, []],
    [{ partitions: 40 }, ['warn temporal_partitions']],
    [{ marksProblems: false }, ['warn temporal_problems']],
  ])('%j', (facts, expected) => {
    expect(problems(judgeTemporal({ ...FACTS, ...facts }))).toEqual(expected);
  });
});

test('judgeQueues finds a queue that nobody polls, or nobody has polled for long', () => {
  const queue = { queue: 'throughline', purpose: 'workflows' };
  expect(
    judgeQueues([
      { ...queue, pollers: 2, seenMs: 4_000 },
      { ...queue, pollers: 0, seenMs: null },
      { ...queue, pollers: 1, seenMs: 200_000 },
    ]).map(({ level, message }) => [level, message]),
  ).toEqual([
    ['ok', 'throughline (workflows) is polled by 2 workers'],
    ['fail', 'no worker polls throughline (workflows)'],
    ['warn', 'throughline (workflows) was last polled 3 min ago'],
  ]);
});

test('judgeSchedules compares what bundles require with what exists', () => {
  const required = ['learn/aroma', 'fit/aroma'];
  const existing = required.map((name) => ({ name, paused: false }));
  expect(problems(judgeSchedules({ required, existing, unsynced: [] }))).toEqual([]);
  const findings = judgeSchedules({
    required,
    existing: [
      { name: 'fit/aroma', paused: true },
      { name: 'hourly/gone', paused: true },
    ],
    unsynced: ['aroma'],
  });
  expect(problems(findings)).toEqual([
    'warn schedules_behind',
    'fail schedules_missing',
    'warn schedules_orphaned',
    'warn schedules_paused',
  ]);
  expect(findings[3]?.message).toBe('one schedule is paused: fit/aroma');
});

describe('judgeLag', () => {
  const NONE: LagFacts = {
    waitingCustomers: 0,
    oldestEventMs: 0,
    overdueWakeUps: 0,
    oldestWakeUpMs: 0,
    outboxEvents: 0,
    oldestOutboxMs: 0,
    uncounted: 0,
    oldestCountMs: 0,
  };
  test.each([
    [{}, []],
    [{ waitingCustomers: 3, oldestEventMs: 30_000 }, ['warn lag_events']],
    [{ waitingCustomers: 3, oldestEventMs: 300_000 }, ['fail lag_events']],
    [{ overdueWakeUps: 1, oldestWakeUpMs: 90_000 }, ['warn lag_wake_ups']],
    [{ uncounted: 5, oldestCountMs: 60_000 }, []],
    [{ uncounted: 5, oldestCountMs: 700_000 }, ['warn lag_counts']],
    [{ outboxEvents: 1, oldestOutboxMs: 1_000 }, []],
    [{ outboxEvents: 1, oldestOutboxMs: 200_000 }, ['warn lag_outbox']],
  ])('%j', (lag, expected) => {
    expect(problems(judgeLag({ ...NONE, ...lag }, []))).toEqual(expected);
  });

  test('names the channel whose deliveries stand still', () => {
    const findings = judgeLag(NONE, [{ channel: 'sms', state: 'planned', deliveries: 7 }]);
    expect(problems(findings)).toEqual(['warn lag_deliveries']);
    expect(findings.at(-1)?.message).toBe('7 deliveries by sms did not move for 5 min (planned)');
  });
});

test('judgeJourneys finds stuck workflows, parked customers and enrollments that were given up', () => {
  expect(problems(judgeJourneys({ stuck: [], parked: [], poisoned: [] }))).toEqual([]);
  const findings = judgeJourneys({
    stuck: ['customer-journey/aroma/cus_1'],
    parked: [{ workspace: 'aroma', reason: 'too many steps', customers: 2, oldestMs: 7_200_000 }],
    poisoned: [{ workspace: 'aroma', journey: 'tips', reason: 'no such step', enrollments: 1 }],
  });
  expect(findings.map(({ level, message }) => [level, message])).toEqual([
    ['fail', 'one workflow fails at each task: customer-journey/aroma/cus_1'],
    ['warn', '2 customers of aroma are parked for up to 2 h: too many steps'],
    ['warn', 'one enrollment of tips in aroma was given up: no such step'],
  ]);
});

describe('judgeSources', () => {
  const desk = { workspace: 'aroma', id: 'desk' };
  const judge = (
    declared: (typeof desk)[],
    configured: (typeof desk)[] | null,
    fileProblem: string | null = null,
  ) => judgeSources({ declared, configured, fileProblem });

  test.each([
    ['each source has a secret', judge([desk], [desk]), []],
    ['there is neither', judge([], []), []],
    ['a source has no secret', judge([desk], []), ['warn sources']],
    ['a secret has no source', judge([], [desk]), ['warn sources']],
    ['two workspaces have one id', judge([desk], [{ ...desk, workspace: 'tealeaf' }]), ['fail sources']],
    ['the environment is not known', judge([desk], null), []],
    ['the file cannot be read', judge([desk], null, 'is not JSON'), ['fail sources']],
  ])('%s', (_, findings, expected) => {
    expect(problems(findings)).toEqual(expected);
  });
});

describe('judgeWorkspaces', () => {
  const AROMA = { id: 'aroma', version: 3, keys: 2, channels: ['email', 'sms'] };
  test.each([
    [[], null, ['warn workspaces']],
    [[{ ...AROMA, version: 0 }], null, ['warn workspaces']],
    [[{ ...AROMA, keys: 0 }], null, ['warn workspaces']],
    [[AROMA], null, []],
    [[AROMA], ['email', 'sms'], []],
    [[AROMA], ['sms'], ['fail channels']],
    [[AROMA], ['email'], ['fail channels']],
    [[{ ...AROMA, channels: [] }], [], []],
  ])('%j with %j', (workspaces, configured, expected) => {
    expect(problems(judgeWorkspaces(workspaces, configured))).toEqual(expected);
  });
});

describe('judgeSettings', () => {
  const GOOD = {
    secret: 'h6JH0tXQ3+T1yXb0p2m8ZtqgkPp2cVt7a9Qe4R5s6U=',
    previousSecret: null,
    publicUrl: 'https://shop.example',
  };
  test.each([
    [{}, []],
    [{ secret: 'a secret text of at least 16 characters' }, ['warn secret']],
    [{ secret: 'x7!x7!x7!x7!x7!x7!x7!x7!x7!x7!x7!x7!' }, ['warn secret']],
    [{ previousSecret: GOOD.secret }, ['warn previous_secret']],
    [{ publicUrl: 'http://127.0.0.1:3000' }, ['warn public_url']],
    [{ publicUrl: 'http://localhost:3000' }, ['warn public_url']],
    [{ publicUrl: 'http://[::1]:3000' }, ['warn public_url']],
    [{ publicUrl: 'http://shop.example' }, ['warn public_url']],
  ])('%j', (settings, expected) => {
    expect(problems(judgeSettings({ ...GOOD, ...settings }))).toEqual(expected);
  });

  test('each variable that is missing or wrong is a failure of its own', () => {
    expect(problems(judgeEnvironmentProblems('PORT: x\nHOST: y'))).toEqual([
      'fail environment',
      'fail environment',
    ]);
  });
});

test('judgeMail says why the mail server does not answer', () => {
  expect(problems([judgeMail({ server: 'mail:25', problem: null })])).toEqual([]);
  expect(judgeMail({ server: 'mail:25', problem: 'refused' })).toMatchObject({
    level: 'fail',
    message: 'the mail server mail:25 does not answer (refused)',
  });
});

test('listDeliveryChannels leaves out the desk, and what only placements use', async () => {
  const compiled = compileBundle(await readBundleDir(AROMA), null, 0);
  if (!compiled.ok) throw new Error('the example has errors');
  const { bundle } = compiled;
  expect(bundle.actions.flatMap(({ channels }) => channels)).toEqual(
    expect.arrayContaining(['email', 'web', 'ivr', 'agent_desk']),
  );
  expect(listDeliveryChannels(bundle)).toEqual(['email', 'sms']);
});

test('ages and sizes are rounded to one unit', () => {
  expect([999, 59_000, 61_000, 7_200_000, 200_000_000].map(formatAge)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '2 h',
    '2 d',
  ]);
  expect([1, 12_300, 340_400_000, 1_240_000_000].map(formatBytes)).toEqual([
    '1 kB',
    '13 kB',
    '340 MB',
    '1.2 GB',
  ]);
});

test('every problem says what to do about it', () => {
  const findings = [
    ...judgePostgres({
      place: 'db.example:5432/throughline',
      server: { ...SERVER, fsync: 'off', readOnly: true, autovacuum: 'off' },
      tables: [],
      transactionPooling: true,
    }),
    ...judgeWorkspaces([], null),
  ];
  for (const { level, remedy } of findings) expect(remedy === undefined).toBe(level === 'ok');
});

describe('judgeSends', () => {
  const NOW = 1_000_000;
  const MAIL = {
    channel: 'email',
    sent: 100,
    failed: 0,
    unknown: 0,
    retrying: 0,
    sentLately: 1,
    lastSentAt: NOW - 1_000,
    lastErrorAt: null,
    lastError: null,
  };

  test.each([
    ['sent all of it', {}, []],
    ['lost little, a while ago', { failed: 2, lastErrorAt: NOW - 9_000, lastError: 'full' }, []],
    ['lost a tenth', { failed: 20, lastErrorAt: NOW - 9_000, lastError: 'full' }, ['warn channel_errors']],
    ['failed last', { retrying: 1, lastErrorAt: NOW, lastError: 'refused' }, ['fail channel_errors']],
    ['never sent', { sent: 0, lastSentAt: null, lastErrorAt: NOW, lastError: 'x' }, ['fail channel_errors']],
  ])('a channel that %s', (_, change, expected) => {
    expect(problems(judgeSends([{ ...MAIL, ...change }], NOW))).toEqual(expected);
  });

  test('says since when nothing was sent, and the error', () => {
    const failing = { ...MAIL, lastSentAt: NOW - 600_000, lastErrorAt: NOW, lastError: 'connection refused' };
    expect(judgeSends([failing], NOW)[0]?.message).toBe(
      'nothing was sent by email for 10 min: connection refused',
    );
  });
});

describe('judgeRejected and judgeTasks', () => {
  const row = { code: 'a', source: 'shop', count: 9, lastAt: 1, lastReason: 'no name' };

  test('name what was rejected most in the last hour, and nothing older', () => {
    expect(problems(judgeRejected([{ ...row, lately: 0 }]))).toEqual([]);
    const [finding] = judgeRejected([
      { ...row, lately: 1 },
      { ...row, code: 'b', lately: 4, lastReason: 'no id' },
    ]);
    expect(finding?.message).toBe('5 events were rejected in the last hour, most often b from shop: no id');
  });

  test('name the queues with overdue tasks', () => {
    expect(problems(judgeTasks([{ queue: 'sales', overdue: 0 }]))).toEqual([]);
    expect(judgeTasks([{ queue: 'sales', overdue: 2 }])[0]?.message).toBe(
      '2 tasks of the queue sales are overdue',
    );
  });
});
