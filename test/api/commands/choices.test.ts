import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/harness.ts';
import { shop } from '../support/shop.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ waitMs: 5_000 }, shop);
});
afterAll(() => api.stop());

const COMMAND = { reason: 'asked by phone', actor: 'kim' };

async function customer(userId: string): Promise<string> {
  await api.batch(
    { type: 'identify', userId, traits: { email: `${userId}@example.com` } },
    {
      type: 'track',
      userId,
      event: 'Consent Changed',
      properties: { purpose: 'marketing', status: 'granted' },
    },
  );
  return `/v1/customers/user:${userId}`;
}

async function said(userId: string, name: string): Promise<Record<string, unknown>[]> {
  const rows = await api.db.sql<{ properties: Record<string, unknown> }[]>`
    select body -> 'properties' as properties from events
    where customer_id = ${await api.customerOf(userId)} and name = ${name} and source = 'api' order by seq`;
  return rows.map((row) => row.properties);
}

/** Codes of the verdicts that block a tip. */
async function refusals(url: string): Promise<string[]> {
  const { body } = await api.get(`${url}/actions/tip`);
  return body.channels[0].gates.flatMap((g: { pass: boolean; code: string }) => (g.pass ? [] : [g.code]));
}

describe('snooze', () => {
  it('E-5: appends an event with reason and actor, suppresses marketing until then, and ends with null', async () => {
    const url = await customer('s-1');
    const [asleep, awake] = await api.whileDeciding(async () => [
      await api.post(`${url}/snooze`, { duration: '7d', ...COMMAND }),
      await api.post(`${url}/snooze`, { until: null, ...COMMAND }),
    ]);
    expect([asleep?.status, awake?.status]).toEqual([200, 200]);
    expect(Date.parse(asleep?.body.snoozedUntil) - Date.now()).toBeGreaterThan(6.99 * 86_400_000);
    expect([awake?.body.snoozedUntil, await refusals(url)]).toEqual([null, []]);
    const [first, second] = await said('s-1', 'Customer Snoozed');
    expect(first).toMatchObject(COMMAND);
    const items = (await api.get(`${url}/timeline?limit=100`)).body.data;
    const snoozes = items.filter((item: { title: string }) => item.title === 'Customer Snoozed');
    expect(snoozes.map((item: { kind: string; effects: string[] }) => [item.kind, item.effects[0]])).toEqual([
      ['command', `silence ended, entered by ${COMMAND.actor}`],
      ['command', expect.stringMatching(/^silence until \w+ \d+ \w+ \d{4}, \d\d:\d\d, entered by/)],
    ]);
    expect(second).toMatchObject({ until: null });
  });

  it('E-5: applies to some topics only; the verdict has the end', async () => {
    const url = await customer('s-2');
    const until = new Date(Date.now() + 3 * 86_400_000).toISOString();
    await api.post(`${url}/snooze`, { until, topics: ['new-arrivals'], ...COMMAND, wait: false });
    expect((await api.get(url)).body).toMatchObject({ snoozedUntil: until, snoozedTopics: ['new-arrivals'] });
    expect(await refusals(url)).toEqual([]);
    await api.post(`${url}/snooze`, { until, topics: ['tips'], ...COMMAND, wait: false });
    expect(await refusals(url)).toEqual(['snoozed']);
    expect((await api.get(`${url}/actions/tip`)).body).toMatchObject({ allowed: false, liftsAt: until });
  });

  it('refuses invalid bodies with a clear message, and appends nothing', async () => {
    const url = await customer('s-3');
    const year = new Date(Date.now() + 400 * 86_400_000).toISOString();
    const cases: [object, string, string][] = [
      [{}, 'until', 'exactly_one'],
      [{ until: null, duration: '7d' }, 'until', 'exactly_one'],
      [{ until: '2020-01-01T00:00:00Z' }, 'until', 'in_the_past'],
      [{ until: year }, 'until', 'too_far'],
      [{ duration: '60w' }, 'duration', 'too_far'],
      [{ duration: '0d' }, 'duration', 'in_the_past'],
      [{ duration: 'a while' }, 'duration', 'invalid'],
      [{ until: 'tomorrow' }, 'until', 'invalid_format'],
      [{ until: '2026-02-31T00:00:00Z' }, 'until', 'invalid_format'],
      [{ duration: '7d', topics: [] }, 'topics', 'too_small'],
      [{ duration: '7d', topics: ['tips', 'fish'] }, 'topics[1]', 'unknown_topic'],
      [{ duration: '7d', reason: '' }, 'reason', 'too_small'],
    ];
    for (const [body, path, code] of cases) {
      const { status, body: problem } = await api.post(`${url}/snooze`, { ...COMMAND, ...body });
      const lines = problem.errors?.map((e: { path: string; code: string }) => [e.path, e.code]);
      expect([body, status, problem.code, lines]).toEqual([body, 400, 'invalid_request', [[path, code]]]);
      expect(problem.errors[0].detail).toMatch(/\w/);
    }
    expect(await said('s-3', 'Customer Snoozed')).toEqual([]);
  });
});

describe('consents', () => {
  it('E-5: appends several statements in one commit, each an event with its source', async () => {
    const url = await customer('c-1');
    const consents = [
      { channel: 'email', topic: 'tips', status: 'withdrawn', source: 'call_centre' },
      { channel: 'sms', status: 'granted', source: 'call_centre' },
    ];
    const answer = await api.whileDeciding(() => api.put(`${url}/consents`, { consents, ...COMMAND }));
    expect(answer.status).toBe(200);
    expect(answer.body.consents).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          purpose: 'marketing',
          channel: 'email',
          topic: 'tips',
          status: 'withdrawn',
        }),
        expect.objectContaining({ purpose: 'marketing', channel: 'sms', topic: '*', status: 'granted' }),
      ]),
    );
    expect(await said('c-1', 'Consent Changed')).toMatchObject([
      { topic: 'tips', status: 'withdrawn', source: 'call_centre', actor: 'kim' },
      { channel: 'sms', topic: '*', status: 'granted' },
    ]);
    const rows = await api.db.sql`
      select count(distinct accepted_at) as n from events
      where customer_id = ${await api.customerOf('c-1')} and source = 'api'`;
    expect(Number(rows[0]?.n)).toBe(1);
    expect(await refusals(url)).toEqual(['consent_withdrawn']);
  });

  it('refuses invalid statements with one error each, and appends none of the list', async () => {
    const url = await customer('c-2');
    const right = { channel: 'email', status: 'granted', source: 'form' };
    const cases: [unknown, string, string][] = [
      [[], 'consents', 'too_small'],
      [[{ ...right, status: 'maybe' }], 'consents[0].status', 'invalid_value'],
      [[{ ...right, channel: 'emial' }], 'consents[0].channel', 'unknown_channel'],
      [[right, { ...right, topic: 'fish' }], 'consents[1].topic', 'unknown_topic'],
      [[right, { ...right, status: 'withdrawn' }], 'consents[1]', 'said_twice'],
      [[{ channel: 'email', status: 'granted' }], 'consents[0].source', 'invalid_type'],
      [[{ ...right, purpose: 'x'.repeat(300) }], 'consents[0].purpose', 'too_big'],
      ['all of them', 'consents', 'invalid_type'],
    ];
    for (const [consents, path, code] of cases) {
      const { status, body } = await api.put(`${url}/consents`, { consents, ...COMMAND });
      const lines = body.errors?.map((e: { path: string; code: string }) => [e.path, e.code]);
      expect([consents, status, lines]).toEqual([consents, 400, [[path, code]]]);
    }
    expect(await said('c-2', 'Consent Changed')).toEqual([]);
  });
});

describe('personalisation', () => {
  it('E-5 D-2: the level of the customer replaces the default, and attributes above it read as missing', async () => {
    const url = await customer('p-1');
    await api.batch({ type: 'identify', userId: 'p-1', traits: { horoscope: 'leo' } });
    await api.put(`${url}/consents`, {
      consents: [{ purpose: 'profiling', status: 'granted', source: 'form' }],
      ...COMMAND,
      wait: false,
    });
    const withheld = async () =>
      (await api.get(url)).body.attributes.find((a: { name: string }) => a.name === 'horoscope').withheld;
    expect(await withheld()).toEqual({ marketing: 'sensitivity', service: 'sensitivity' });
    const answer = await api.whileDeciding(() =>
      api.put(`${url}/preferences`, { personalisation: 3, ...COMMAND }),
    );
    expect([answer.status, answer.body.personalisation]).toEqual([200, { level: 3, chosenByCustomer: true }]);
    expect(await withheld()).toEqual({ marketing: null, service: null });
    for (const personalisation of [4, -1, 1.5, '2', null])
      expect((await api.put(`${url}/preferences`, { personalisation, ...COMMAND })).status).toBe(400);
    expect(await said('p-1', 'Preferences Changed')).toMatchObject([{ personalisation: 3, ...COMMAND }]);
  });
});
