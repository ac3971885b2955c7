import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activateBundle } from '../../../src/app/config/activate-bundle.ts';
import mapped from '../../sources/webhooks/vectors/mapped.ts';
import { readBundleDir, treatEveryCustomer } from '../../support/bundles.ts';
import { inlineCompiler } from '../../support/inline-compiler.ts';
import { AROMA } from '../../support/paths.ts';
import { deliver, logOf, rejectedOf, sign, startApiWithSources } from '../sources/support.ts';
import { type TestApi, WORKSPACE } from '../support/harness.ts';

const VERIFY = 'verify: { hmac: { header: X-Signature, prefix: "sha256=", timestamp: X-Timestamp } }';
/** It expects the member's number where the vendor has sent it until last week. */
const OLD = `- { id: loyalty, kind: mapped, ${VERIFY},
  messages: [{ when: "headers['x-topic'] == 'points'", event: Points Earned, messageId: payload.number }] }`;
const MENDED = OLD.replace('payload.number', 'payload.id, userId: payload.member.number');

let api: TestApi;
beforeAll(async () => {
  api = await startApiWithSources(OLD);
  api.sources.set('loyalty', { workspace: WORKSPACE, secrets: [mapped.secrets[0]] });
});
afterAll(() => api.stop());

async function apply(sources: string): Promise<void> {
  const files = treatEveryCustomer(await readBundleDir(AROMA)).filter(({ path }) => path !== 'sources.yaml');
  const result = await activateBundle({ db: api.db, compiler: inlineCompiler }, WORKSPACE, [
    ...files,
    { path: 'sources.yaml', text: sources },
  ]);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
}

const payload = (id: number) => ({ ...(JSON.parse(String(mapped.body)) as object), id });
const retry = (id: string | undefined) => api.post(`/v1/rejected/${id}/retry`);

describe('a webhook', () => {
  it('is in the log once after its mapping was mended, and off the list', async () => {
    await apply(OLD);
    await deliver(api, 'loyalty', sign(mapped)).expect(200);
    const [row] = await rejectedOf(api, 'loyalty');
    expect(row?.reason).toBe('expected messageId (payload.number) to be text or a number, found nothing');
    const still = await retry(row?.id).expect(200);
    expect(still.body).toMatchObject({ status: 'rejected', code: 'unexpected_payload' });
    await apply(MENDED);
    expect((await retry(row?.id).expect(200)).body).toEqual({ status: 'accepted', code: null, reason: null });
    expect(await rejectedOf(api, 'loyalty')).toEqual([]);
    expect(await logOf(api, 'loyalty')).toMatchObject([{ messageId: 'loyalty:4711', userId: 'helen' }]);
    await retry(row?.id).expect(404);
    // The vendor sends it once more.
    await deliver(api, 'loyalty', sign(mapped)).expect(200);
    expect(await logOf(api, 'loyalty')).toHaveLength(1);
  });

  it('that is still unreadable has the reason of today', async () => {
    await apply(OLD);
    await deliver(api, 'loyalty', sign(mapped, payload(1))).expect(200);
    const [row] = await rejectedOf(api, 'loyalty');
    await apply(OLD.replace('payload.number', 'payload.code'));
    const { body } = await retry(row?.id).expect(200);
    expect(body.reason).toBe('expected messageId (payload.code) to be text or a number, found nothing');
    expect(await rejectedOf(api, 'loyalty')).toMatchObject([{ id: row?.id, reason: body.reason }]);
    await apply('- { id: other, kind: standard-webhooks }');
    expect((await retry(row?.id).expect(200)).body).toMatchObject({ status: 'rejected', code: 'no_source' });
    await apply(MENDED);
    await retry(row?.id).expect(200);
  });

  it('that has a name with U+0000 says so without it', async () => {
    await apply(OLD.replace("== 'points'", "== 'other'"));
    await deliver(api, 'loyalty', sign(mapped, { 'a\u0000b': 1 })).expect(200);
    const [row] = await rejectedOf(api, 'loyalty');
    expect(row?.reason).toContain('found an object with a\ufffdb');
    await retry(row?.id).expect(200);
    expect(await rejectedOf(api, 'loyalty')).toEqual([row]);
    await api.db.sql`delete from rejected where id = ${row?.id as string}`;
  });

  it('is in the log once if two retry it at the same time, or the first was killed before it left the list', async () => {
    await apply(OLD);
    await deliver(api, 'loyalty', sign(mapped, payload(2))).expect(200);
    const [row] = await api.db.sql`select * from rejected where source = 'loyalty'`;
    await apply(MENDED);
    const answers = await Promise.all([1, 2, 3].map(() => retry(row?.id)));
    expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 404)).toEqual(
      [],
    );
    // As if the process had died between the commit and the deletion.
    await api.db.sql`insert into rejected ${api.db.sql(row as Record<string, never>)}`;
    expect((await retry(row?.id).expect(200)).body.status).toBe('repeated');
    expect((await logOf(api, 'loyalty')).filter(({ messageId }) => messageId === 'loyalty:2')).toHaveLength(
      1,
    );
  });

  it('may be retried with all others of its source or code', async () => {
    await apply(OLD);
    for (let id = 100; id < 105; id++) await deliver(api, 'loyalty', sign(mapped, payload(id))).expect(200);
    await apply(MENDED);
    const { body } = await api
      .post('/v1/rejected/retry', { source: 'loyalty', code: 'unexpected_payload' })
      .expect(200);
    expect(body).toEqual({ accepted: 5, repeated: 0, ignored: 0, rejected: 0, next: null });
    expect(await rejectedOf(api, 'loyalty')).toEqual([]);
  });

  it('whose body was not kept whole can not be retried', async () => {
    await apply(OLD);
    await deliver(api, 'loyalty', sign(mapped, { filler: 'x'.repeat(70_000) })).expect(200);
    const [row] = await rejectedOf(api, 'loyalty');
    expect(row?.body).toHaveLength(64_000);
    expect((await retry(row?.id).expect(409)).body.code).toBe('not_retryable');
    const { body } = await api.get('/v1/rejected').expect(200);
    expect(body.data.find(({ id }: { id: string }) => id === row?.id).retryable).toBe(false);
  });
});

describe('an event of a library', () => {
  const send = (path: string, body: object) =>
    request(api.app).post(path).auth(api.keys.write, '').send(body).expect(200);
  const rejected = async (code: string) =>
    (await rejectedOf(api, `${WORKSPACE} write`)).filter((row) => row.code === code);

  it('that can be read now is accepted, with a message id that stays the same', async () => {
    await send('/v1/track', { event: 'Lost', properties: { a: 1 } });
    const [row] = await rejected('no_identity');
    expect((await retry(row?.id).expect(200)).body).toMatchObject({
      status: 'rejected',
      code: 'no_identity',
    });
    // As if a later build read an id where this one finds none.
    await api.db
      .sql`update rejected set body = ${JSON.stringify({ event: 'Lost', userId: 'found' })} where id = ${row?.id as string}`;
    expect((await retry(row?.id).expect(200)).body.status).toBe('accepted');
    const [event] = await api.db.sql`select message_id, type from events where name = 'Lost'`;
    expect(event).toEqual({ message_id: row?.id, type: 'track' });
  });

  it('that the log has refused for what it says can not be retried', async () => {
    await send('/v1/track', { event: 'First', userId: 'conflict', messageId: 'conflict-1' });
    await send('/v1/track', { event: 'Second', userId: 'conflict', messageId: 'conflict-1' });
    const [row] = await rejected('message_id_conflict');
    expect((await retry(row?.id).expect(409)).body.code).toBe('not_retryable');
  });

  it('is not found by a key of another workspace', async () => {
    await send('/v1/track', { event: 'Nobody again' });
    const [row] = await rejected('no_identity');
    await api.post(`/v1/rejected/${row?.id}/retry`, {}, api.keys.otherApi).expect(404);
  });
});
