import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE } from '../../../src/domain/time/time.ts';
import { loadVectors } from '../../sources/webhooks/load-vectors.ts';
import { type TestApi, WORKSPACE } from '../support/harness.ts';
import { deliver, startApiWithSources } from './support.ts';

const all = await loadVectors();

let api: TestApi;
beforeAll(async () => {
  const sources = all.map(({ kind, yaml }) => `- { id: ${kind}, kind: ${kind}${yaml ? `, ${yaml}` : ''} }\n`);
  api = await startApiWithSources(sources.join(''));
  for (const { kind, secrets } of all) api.sources.set(kind, { workspace: WORKSPACE, secrets: [secrets[0]] });
});
afterAll(() => api.stop());

/** Everything that a request may change. */
async function snapshot() {
  const [row] = await api.db.sql`
    select (select count(*) from events) as events, (select count(*) from rejected) as rejected,
      (select count(*) from customers) as customers, (select count(*) from deliveries) as deliveries`;
  return row;
}

describe.each(all.map((vectors) => [vectors.kind, vectors] as const))('fault 26: %s', (id, vectors) => {
  const url = `http://localhost/v1/sources/${id}`;
  const body = Buffer.from(vectors.posted ?? vectors.body);
  const [secret, other] = vectors.secrets;
  const sign = (key = secret, at = Date.now()) => vectors.sign(body, key, at, url);

  test('what is forged, changed or too old is answered with 401, and changes nothing', async () => {
    const before = await snapshot();
    await deliver(api, id, sign(other)).expect(401);
    await deliver(api, id, { ...sign(), headers: { 'content-type': sign().headers['content-type'] } }).expect(
      401,
    );
    if (vectors.signsBody) {
      const changed = Buffer.from(body);
      changed.writeUInt8(changed.readUInt8(body.length - 2) ^ 1, body.length - 2);
      await deliver(api, id, { ...sign(), body: changed }).expect(401);
    }
    if (vectors.signsTime) await deliver(api, id, sign(secret, Date.now() - 6 * MINUTE)).expect(401);
    expect(await snapshot()).toEqual(before);
  });

  test('what is genuine is stored, and a replay is answered with 200 and changes nothing', async () => {
    const before = await snapshot();
    await deliver(api, id, sign()).expect(200);
    const after = await snapshot();
    expect(after).not.toEqual(before);
    await deliver(api, id, sign()).expect(200);
    await Promise.all([1, 2, 3].map(() => deliver(api, id, sign()).expect(200)));
    expect(await snapshot()).toEqual(after);
  });

  test('the next secret is accepted beside the old one', async () => {
    api.sources.set(id, { workspace: WORKSPACE, secrets: [secret, other] });
    await deliver(api, id, sign(other)).expect(200);
    await deliver(api, id, sign(secret)).expect(200);
    api.sources.set(id, { workspace: WORKSPACE, secrets: [secret] });
  });

  test.each([
    ['nothing', ''],
    ['an empty object', '{}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['half of an object', '{"a":'],
    ['a text', '"text"'],
    ['three thousand brackets', `${'['.repeat(3_000)}${']'.repeat(3_000)}`],
    ['a broken form', 'a=b&c=%'],
  ])('a signed body that is none of its payloads is answered with 200: %s', async (_, text) => {
    await deliver(api, id, vectors.sign(Buffer.from(text), secret, Date.now(), url)).expect(200);
  });
});
