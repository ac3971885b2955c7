import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrollmentResult } from '../../../src/api/commands/schema.ts';
import { startApi, type TestApi } from '../support/harness.ts';
import { shop } from '../support/shop.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ waitMs: 5_000 }, shop);
});
afterAll(() => api.stop());

const COMMAND = { reason: 'asked by phone', actor: 'kim' };
const enroll = (journey: string, body: object) => api.post(`/v1/journeys/${journey}/enrollments`, body);

async function requests(userId: string): Promise<number> {
  const [row] = await api.db.sql`
    select count(*) as n from events
    where customer_id = ${await api.customerOf(userId)} and name = 'Enrollment Requested'`;
  return Number(row?.n);
}

describe('entering a journey by API', () => {
  it('E-1: returns the enrollment once the journey has processed the request; the entry reads its properties', async () => {
    await api.track('in', 'Seen');
    const request = {
      customer: 'user:in',
      key: 'L-1',
      properties: { colour: 'red', journey: 'news' },
      ...COMMAND,
    };
    const answer = await api.whileDeciding(() => enroll('letters', request));
    expect([answer.status, enrollmentResult.safeParse(answer.body).error?.issues]).toEqual([201, undefined]);
    expect(answer.body).toMatchObject({ journey: 'letters', key: 'L-1', arm: 'treated' });
    const { enrollments } = (await api.get('/v1/customers/user:in')).body;
    expect(enrollments).toMatchObject([{ id: answer.body.enrollmentId, journey: 'letters', key: 'L-1' }]);
    const decided = (await api.get(`/v1/decisions/${answer.body.decisionId}`)).body;
    expect(decided.changes).toContainEqual(expect.objectContaining({ kind: 'entered', journey: 'letters' }));
    const [row] = await api.db.sql`
      select body -> 'properties' as properties, body -> 'context' as context from events
      where customer_id = ${answer.body.customerId} and seq = ${answer.body.seq}`;
    expect(row).toMatchObject({
      properties: { journey: 'letters', letter_id: 'L-1', colour: 'red' },
      context: COMMAND,
    });
  });

  it('returns 409 with the reason of the decision when the key is already enrolled', async () => {
    await api.track('twice', 'Seen');
    const ask = () => enroll('letters', { customer: 'user:twice', properties: { letter_id: 7 } });
    const [first, second] = await api.whileDeciding(async () => [await ask(), await ask()]);
    expect([first?.status, first?.body.key]).toEqual([201, '7']);
    expect([second?.status, second?.body.code, second?.body.reason]).toEqual([
      409,
      'not_entered',
      'already_open',
    ]);
  });

  it('returns 202 while the journey has not processed the request', async () => {
    await api.track('later', 'Seen');
    const answer = await enroll('letters', { customer: 'user:later', key: 'L', wait: false });
    expect([answer.status, answer.body.enrollmentId]).toEqual([202, null]);
    await api.decide();
    expect((await api.get('/v1/customers/user:later')).body.enrollments).toHaveLength(1);
  });

  it('refuses without appending an event: no API entry, a missing key, an unexpected key, an unknown customer', async () => {
    await api.track('out', 'Seen');
    const cases: [string, object, number, string][] = [
      ['news', { customer: 'user:out' }, 409, 'no_api_entry'],
      ['nowhere', { customer: 'user:out' }, 404, 'not_found'],
      ['letters', { customer: 'user:out' }, 400, 'invalid_request'],
      ['letters', { customer: 'user:out', properties: { letter_id: {} } }, 400, 'invalid_request'],
      ['letters', { customer: 'user:nobody', key: 'L' }, 404, 'not_found'],
      ['letters', { customer: 'email:out@example.com', key: 'L' }, 400, 'personal_data_in_url'],
      ['letters', { key: 'L' }, 400, 'invalid_request'],
      ['letters', { customer: 'user:out', key: '' }, 400, 'invalid_request'],
    ];
    for (const [journey, body, status, code] of cases) {
      const answer = await enroll(journey, body);
      expect([journey, body, answer.status, answer.body.code]).toEqual([journey, body, status, code]);
    }
    expect(await requests('out')).toBe(0);
  });

  it('a repeated request under its Idempotency-Key enters once', async () => {
    await api.track('once', 'Seen');
    const ask = () =>
      enroll('letters', { customer: 'user:once', key: 'L' }).set('Idempotency-Key', 'enter-once');
    const [first, second] = await api.whileDeciding(async () => [await ask(), await ask()]);
    expect([first?.status, second?.body]).toEqual([201, first?.body]);
    expect(await requests('once')).toBe(1);
  });
});

describe('leaving an enrollment by API', () => {
  it('ends only that enrollment; returns 409 with the reason when it has already ended', async () => {
    await api.track('leave', 'Seen');
    const [item, two] = await api.whileDeciding(async () => [
      (await enroll('letters', { customer: 'user:leave', key: 'A' })).body,
      (await enroll('letters', { customer: 'user:leave', key: 'B' })).body,
    ]);
    const exit = () => api.post(`/v1/enrollments/${item?.enrollmentId}/exit`, COMMAND);
    const [left, again] = await api.whileDeciding(async () => [await exit(), await exit()]);
    expect(left?.status).toBe(200);
    expect(left?.body.enrollments.map((e: { id: string }) => e.id)).toEqual([two?.enrollmentId]);
    expect([again?.status, again?.body.code]).toEqual([409, 'ended']);
    expect((await api.post('/v1/enrollments/enr_nobody/exit', COMMAND)).status).toBe(404);
  });
});
