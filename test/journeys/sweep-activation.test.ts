import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBundleCache } from '../../db/config/bundle-cache.ts';
import { decideNextBestAction } from '../../src/app/decide/journey.ts';
import { acceptOrSplit } from '../../src/app/intake/batcher.ts';
import { recompileBundle } from '../../src/definitions/compile/recompile.ts';
import { DAY } from '../../src/domain/time/time.ts';
import { createActivityDeps } from '../../src/service/activity-deps.ts';
import {
  buildJourneyFile,
  buildSegmentsFile,
  buildSmallBundle,
  createScheduleSyncFor,
  findOpenEnrollments,
  PATIENT_JOURNEY,
} from '../support/sweep-fixtures.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: () => buildSmallBundle(PATIENT_JOURNEY) });
});
afterAll(() => system?.stop());

const points = (n: number) => `has(traits.points) && traits.points >= ${n}.0`;

async function identify(userId: string, traits: Record<string, unknown>): Promise<string> {
  await system.accept({ type: 'identify', name: 'Customer Identified', userId, traits });
  return system.findCustomerId(userId);
}

/** Activates these files, and waits until the activation's sweep has ended. */
async function activate(...files: Parameters<typeof buildSmallBundle>): Promise<number> {
  const version = await system.applyExample(() => buildSmallBundle(...files));
  await createScheduleSyncFor(system)();
  await waitUntil(async () => {
    const rows = await system.db.db.sql`
      select 1 from sweeps where kind = 'activation' and version = ${version} and done_at is not null`;
    return rows.length === 1;
  }, `the sweep of version ${version}`);
  return version;
}

const isIn = async (customer: string, journey: string) =>
  (await findOpenEnrollments(system, customer)).some((e) => e.journey === journey);

test('C-3: when a segment widens, customers now inside enter, and enrolled customers are not restarted', async () => {
  const [a, b, c] = [
    await identify('c3-a', { points: 150 }),
    await identify('c3-b', { points: 60 }),
    await identify('c3-c', { points: 10 }),
  ];
  const care = buildJourneyFile('care', '{ segment: loyal, on: enter, backfill: true }');
  await activate(care, buildSegmentsFile({ loyal: points(100) }));
  await waitUntil(() => isIn(a, 'care'), 'the one inside to enter');
  const [before] = await findOpenEnrollments(system, a);

  await activate(care, buildSegmentsFile({ loyal: points(50) }));
  await waitUntil(() => isIn(b, 'care'), 'the one who is inside now to enter');
  for (const customer of [a, b, c]) await system.waitUntilSettled(customer);
  expect(await findOpenEnrollments(system, a)).toEqual([before]);
  expect(await findOpenEnrollments(system, c)).toEqual([]);
  const rows = await system.db.db.sql`select customer_id as id from enrollments where journey = 'care'`;
  expect(rows.map((row) => row.id).sort()).toEqual([a, b].sort());

  // The same with another, wider segment.
  const wider = buildJourneyFile('care', '{ segment: all-known, on: enter, backfill: true }');
  await activate(wider, buildSegmentsFile({ 'all-known': 'has(traits.points)' }));
  await waitUntil(() => isIn(c, 'care'), 'the last one to enter');
  expect(await findOpenEnrollments(system, a)).toEqual([before]);
});

test('A-3: without backfill, customers already inside do not enter; later and returning customers do', async () => {
  const [old, late] = [await identify('bf-old', { points: 900 }), await identify('bf-late', { points: 700 })];
  const club = buildJourneyFile('club', '{ segment: rich, on: enter }');
  await activate(club, buildSegmentsFile({ rich: points(800) }));
  await system.waitUntilSettled(old);
  expect(await findOpenEnrollments(system, old)).toEqual([]);
  const [row] = await system.db.db
    .sql`select state -> 'segments' -> 'rich' as rich from journeys where customer_id = ${old}`;
  expect(row?.rich.inside).toBe(true);

  await identify('bf-late', { points: 850 });
  await waitUntil(() => isIn(late, 'club'), 'who comes in later to enter');
  const young = await identify('bf-young', { points: 999 });
  await waitUntil(() => isIn(young, 'club'), 'who is new and inside to enter');
  await identify('bf-old', { points: 1 });
  await system.waitUntilSettled(old);
  await identify('bf-old', { points: 901 });
  await waitUntil(() => isIn(old, 'club'), 'who comes back to enter');
});

test('A-6: an activation sets the timers of dates that were stored long ago', async () => {
  const customer = await identify('date-1', { birthday: '1990-05-17' });
  const other = await identify('date-2', { points: 5 });
  const version = await activate(buildJourneyFile('birthday', '{ date: traits.birthday, repeat: year }', {}));
  await waitUntil(async () => {
    const [row] = await system.db.db
      .sql`select state -> 'dates' as dates from journeys where customer_id = ${customer}`;
    return row?.dates?.['birthday#0']?.state === 'armed';
  }, 'the date to be armed');
  const due = await system.db.db.sql`
    select customer_id as id from events where name = 'Entry Due' and message_id like ${`sweep:%/activation/${version}:%`}`;
  const dueIds = due.map((row) => row.id);
  expect(dueIds).toContain(customer);
  expect(dueIds).not.toContain(other);
});

test('I4: the hourly sweep wakes only customers whom time alone has moved into a segment', async () => {
  const lookOf = () =>
    system.client.schedule.getHandle(`${system.service.config.taskQueue}/hourly/${WORKSPACE}`);
  await activate(
    buildJourneyFile('club', '{ segment: rich, on: enter }'),
    buildSegmentsFile({ rich: points(800) }),
  );
  await expect(lookOf().describe()).rejects.toThrow();
  // The activation and its sweep end before it.
  const ends = new Date(Date.now() + 15_000).toISOString();
  const [soon, never] = [
    await identify('look-soon', { ends }),
    await identify('look-never', { ends: '2999-01-01' }),
  ];
  const lapsed = buildSegmentsFile({ lapsed: 'has(traits.ends) && timestamp(traits.ends) < now' });
  await activate(buildJourneyFile('lapse', '{ segment: lapsed, on: enter }'), lapsed);
  expect((await lookOf().describe()).spec.calendars?.length).toBe(1);
  await system.waitUntilSettled(soon);
  expect(await findOpenEnrollments(system, soon)).toEqual([]);
  await waitUntil(async () => Date.now() > Date.parse(ends), 'the date to pass');
  await lookOf().trigger();
  await waitUntil(() => isIn(soon, 'lapse'), 'who has lapsed to enter');
  const rows = await system.db.db.sql`
    select customer_id as id from events where name = 'Entry Due' and body -> 'properties' ->> 'reason' = 'hourly'`;
  expect(rows.map((row) => row.id)).toEqual([soon]);
  expect(await findOpenEnrollments(system, never)).toEqual([]);
});

test('correctness 13: a wait counts matching events from its activation on, and none from before', async () => {
  const steps = (until: string) =>
    `[{ id: rest, wait: { until: [${until}{ after: 30d }] } }, { id: on, wait: { until: [{ after: 30d }] } }]`;
  const journey = (text: string) => buildJourneyFile('badges', '{ on: Started }', { steps: steps(text) });
  await activate(journey(''));
  const users = Array.from({ length: 24 }, (_, n) => `wait-${n}`);
  await system.accept(...users.map((userId) => ({ name: 'Started', userId })));
  const ids = await Promise.all(users.map((user) => system.findCustomerId(user)));
  for (const id of ids) await waitUntil(() => isIn(id, 'badges'), `${id} to enter`);

  // Another API process with the older bundle accepts events while the activation commits.
  const bundles = createBundleCache((_, ...bundle) => recompileBundle(...bundle));
  const intake = { ...createActivityDeps(system.service, []), bundles };
  const say = (userId: string) =>
    acceptOrSplit(intake, [
      {
        workspace: WORKSPACE,
        messageId: `badge-${userId}`,
        type: 'track',
        name: 'Badge Earned',
        userId,
        at: Date.now(),
        historical: false,
        source: 'test',
        properties: {},
        traits: {},
        context: {},
      },
    ]);
  await say('wait-0');
  const activation = system.applyExample(() => buildSmallBundle(journey('{ on: Badge Earned }, ')));
  for (const user of users.slice(1, -5)) await say(user);
  const version = await activation;
  for (const user of users.slice(-5)) await say(user);
  const rows = await system.db.db.sql`
    select e.customer_id as id, e.accepted_at >= b.activated_at as after from events e
    join bundles b on b.workspace = e.workspace and b.version = ${version}
    where e.name = 'Badge Earned' and e.customer_id = any(${ids})`;
  const after = rows.filter((row) => row.after).map((row) => row.id);
  for (const id of after) {
    await waitUntil(
      async () => (await findOpenEnrollments(system, id))[0]?.step === 'on',
      `${id}, whose event came after the activation, to move`,
      40_000,
    );
  }
  for (const id of ids.filter((candidate) => !after.includes(candidate))) {
    await system.waitUntilSettled(id);
    expect([id, (await findOpenEnrollments(system, id))[0]?.step]).toEqual([id, 'rest']);
  }
  expect(ids.length - after.length).toBeGreaterThan(0);
  expect(after.length).toBeGreaterThan(0);
}, 90_000);

test('correctness 14: events from before the activation, or from last month, enter no journey', async () => {
  await activate(PATIENT_JOURNEY);
  const userId = 'past-1';
  await system.accept(...[1, 2, 3].map((n) => ({ name: 'Guide Read', userId, properties: { n } })));
  const customer = await system.findCustomerId(userId);
  const month = Date.now() - 30 * DAY;
  await activate(buildJourneyFile('guides', '{ on: Guide Read }', { rest: 'key: n' }));
  // Another event wakes the journey; then a late event arrives, and finally one of today.
  await system.accept({ name: 'Ticket Opened', userId, properties: { ticket_id: 'T-past' } });
  await system.accept({ name: 'Guide Read', userId, at: month, properties: { n: 4 } });
  await system.accept({ name: 'Guide Read', userId, properties: { n: 5 } });
  await waitUntil(
    async () => (await findOpenEnrollments(system, customer)).length > 0,
    'the event of today to enter',
  );
  await system.waitUntilSettled(customer);
  const rows = await system.db.db
    .sql`select key from enrollments where customer_id = ${customer} order by key`;
  expect(rows.map((row) => row.key)).toEqual(['5']);
});

test('correctness 34: a worker with an older bundle never sets a customer back to it', async () => {
  const cold = await startTestSystem({
    files: () => buildSmallBundle(PATIENT_JOURNEY),
    worker: false,
    relay: false,
  });
  try {
    const workers = [0, 1].map(() =>
      createActivityDeps(
        { ...cold.service, bundles: createBundleCache((_, ...bundle) => recompileBundle(...bundle)) },
        [],
      ),
    );
    const journey = (n: number) => buildJourneyFile('j', '{ on: Started }', { rest: `limit: ${n + 1}` });
    await cold.applyExample(() => buildSmallBundle(journey(0)));
    await cold.accept({ name: 'Started', userId: 'x' });
    const customerId = await cold.findCustomerId('x');
    for (let n = 1; n < 8; n++) {
      if (n % 2 === 0) await cold.applyExample(() => buildSmallBundle(journey(n)));
      await cold.accept({ name: 'Ticket Opened', userId: 'x', properties: { ticket_id: `T${n}` } });
      await Promise.all(
        workers.map((deps) =>
          decideNextBestAction(deps, {
            workspace: WORKSPACE,
            customerId,
            ordinal: n,
            now: Date.now(),
            directEvents: [],
            effectsSettled: false,
            rollingOver: false,
          }),
        ),
      );
    }
    const rows = await cold.db.db
      .sql`select bundle_version as v from decisions where customer_id = ${customerId} order by ordinal`;
    const versions = rows.map((row) => row.v);
    expect(versions.length).toBe(7);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBeGreaterThan(2);
    expect((await findOpenEnrollments(cold, customerId)).map((e) => e.status.kind)).toEqual(['waiting']);
  } finally {
    await cold.stop();
  }
});
