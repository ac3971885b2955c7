import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CustomerMail } from '../../../src/api/frame/deps.ts';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { readBundleDir } from '../../../src/definitions/source/read-directory.ts';
import { AROMA } from '../../support/paths.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';

let api: TestApi;
const sent: CustomerMail[] = [];
beforeAll(async () => {
  api = await startApi();
  api.deps.config.testRecipients = ['kim@aroma.example', '@team.aroma.example'];
  api.deps.sendMail = async (mail) => sent.push(mail) > 0;
  await api.batch(
    {
      type: 'identify',
      userId: 'helen',
      traits: { email: 'helen@example.com', firstName: 'Helen', locale: 'de_AT' },
    },
    {
      type: 'track',
      userId: 'helen',
      event: 'Order Completed',
      properties: { order_id: 'o-1', total: 12.5, products: [{ product_id: 'beans' }] },
    },
  );
});
afterAll(() => api?.stop());

const PATH = '/v1/content/preview';

/** Rows of every table that a message could leave something in. */
async function countRows(): Promise<unknown> {
  const tables = ['deliveries', 'sent_messages', 'coupons', 'decisions', 'events', 'wakes'];
  return Promise.all(
    tables.map(async (name) => (await api.db.sql`select count(*) as n from ${api.db.sql(name)}`)[0]?.n),
  );
}

test('C-5: a message as the customer would get it, about their newest order, and nothing is written', async () => {
  const before = await countRows();
  const { status, body } = await api.post(PATH, { action: 'order-confirmation', customer: 'user:helen' });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    channel: 'email',
    subject: 'Ihre Bestellung o-1 ist auf dem Weg zum Röster',
    locale: 'de',
    requestedLocale: 'de-AT',
    localeFallback: 'language',
    variant: null,
    segments: null,
    dataUsed: [{ attribute: 'traits.firstName' }],
    missing: [],
    warnings: [],
  });
  expect(body.blocks).toContainEqual({ block: 'roasting', locale: 'de', segment: null });
  expect(body.text).toContain('Hallo Helen,');
  expect(body.text).toContain('https://aroma.example/orders/o-1');
  expect(body.bytes).toBe(Buffer.byteLength(body.html) + Buffer.byteLength(body.text));
  expect(await countRows()).toEqual(before);
});

test('any treatment: locale, variant and channel are chosen, and a coupon is a sample', async () => {
  const before = await countRows();
  const of = async (body: object) => (await api.post(PATH, { customer: 'user:helen', ...body })).body;
  expect(await of({ action: 'refill', variant: 'cups', locale: 'EN_gb' })).toMatchObject({
    subject: 'How many cups are left, Helen?',
    locale: 'en',
    requestedLocale: 'en-GB',
    variant: 'cups',
  });
  const sms = await of({ action: 'coupon-20', channel: 'sms' });
  expect(sms).toMatchObject({ subject: null, html: null, segments: { segments: 1 } });
  expect(sms.text).toContain('SAMPLE-CODE');
  const tip = await of({ action: 'tip-milk' });
  expect(tip.html).toContain('/unsubscribe/preview');
  expect(await countRows()).toEqual(before);
});

test('sample data stands in for a customer, and what is missing is named', async () => {
  const { body } = await api.post(PATH, {
    action: 'help-email',
    sample: { traits: { firstName: 'Ada' }, event: { properties: { order_id: 'o-9', value: 20 } } },
  });
  expect(body.text).toContain('Hello Ada,');
  expect(body.text).toContain('o-9 over 20.00 EUR');
  expect(body.missing).toEqual(['event.properties.checkout_url']);
  const empty = await api.post(PATH, { action: 'help-email' });
  expect(empty.body.missing).toEqual([
    'event.properties.checkout_url',
    'event.properties.order_id',
    'event.properties.value',
    'traits.firstName',
  ]);
});

test('a changed bundle is previewed and not applied; its errors are named', async () => {
  const files = (await readBundleDir(AROMA)).map((file) =>
    file.path === 'content/welcome/email.en.liquid'
      ? { ...file, text: '---\nsubject: Changed {{ trait.x }}\n---\n<p>{{ traits.firstName }}</p>' }
      : file,
  );
  const { body } = await api.post(PATH, { action: 'welcome', locale: 'en', files });
  expect(body).toMatchObject({ subject: 'Changed', missing: ['traits.firstName'] });
  expect(body.warnings).toContainEqual(
    expect.stringContaining("content/welcome/email.en.liquid: unknown variable 'trait' prints nothing"),
  );
  const broken = files.map((file) =>
    file.path === 'content/welcome/email.en.liquid'
      ? { ...file, text: '---\nsubject: x\n---\n{% if %}' }
      : file,
  );
  expect(await api.post(PATH, { action: 'welcome', files: broken })).toMatchObject({
    status: 422,
    body: { code: 'invalid_bundle', errors: [{ file: 'content/welcome/email.en.liquid' }] },
  });
  const applied = await api.post(PATH, { action: 'welcome', locale: 'en' });
  expect(applied.body.subject).toBe('Good to have you here');
});

test('blocks of the fallback locale, and those of a subject, are part of what is missing', async () => {
  const files = [
    ...(await readBundleDir(AROMA)).map((file) =>
      file.path === 'content/welcome/email.de.liquid'
        ? {
            ...file,
            text: "---\nsubject: Hallo {% render 'who' %}\n---\n<p>{% render 'extra' %}{{ unsubscribe_url }}</p>",
          }
        : file,
    ),
    { path: 'content/_blocks/who.de.txt', text: '{{ traits.firstName }}' },
    { path: 'content/_blocks/who.en.txt', text: '{{ traits.firstName }}' },
    { path: 'content/_blocks/extra.en.liquid', text: 'Enjoy {{ event.properties.constructor }}' },
  ];
  const { status, body } = await api.post(PATH, { action: 'welcome', locale: 'de', files });
  expect(status).toBe(200);
  expect(body).toMatchObject({ subject: 'Hallo', locale: 'de' });
  expect(body.blocks).toContainEqual({ block: 'extra', locale: 'en', segment: null });
  expect(body.missing).toEqual(['event.properties.constructor', 'traits.firstName']);
});

test.each([
  [{ action: 'gone' }, 404, 'not_found'],
  [{ action: 'welcome', customer: 'user:nobody' }, 404, 'not_found'],
  [{ action: 'welcome', channel: 'sms' }, 400, 'invalid_request'],
  [{ action: 'welcome', locale: '!!' }, 400, 'invalid_request'],
  [{ action: 'listen-call' }, 400, 'invalid_request'],
])('bad input: %j is refused', async (body, status, code) => {
  expect(await api.post(PATH, body)).toMatchObject({ status, body: { code } });
});

test('a key needs the scopes of what the preview reads', async () => {
  const key = (...scopes: ('read' | 'configure' | 'act')[]) =>
    createKey(api.db, { workspace: WORKSPACE, kind: 'api', scopes, label: scopes.join() });
  const files = await readBundleDir(AROMA);
  const preview = async (of: string, body: object) =>
    (await api.post(PATH, { action: 'welcome', ...body }, of)).status;
  expect(await preview(await key('read'), {})).toBe(200);
  expect(await preview(await key('configure'), {})).toBe(403);
  expect(await preview(await key('read'), { files })).toBe(403);
  expect(await preview(await key('read', 'configure'), { files })).toBe(200);
});

test('a test mail goes to permitted addresses only, is marked, rate limited, and is no contact', async () => {
  const before = await countRows();
  const send = (to: string, more: object = {}) =>
    api.post('/v1/content/test-send', { action: 'welcome', customer: 'user:helen', to, ...more });
  expect(await send('helen@example.com')).toMatchObject({
    status: 403,
    body: { code: 'recipient_not_permitted' },
  });
  expect(await send('no address')).toMatchObject({ status: 400 });
  expect(await send('Kim@aroma.example')).toMatchObject({
    status: 200,
    body: { subject: '[Test] Schön, dass Sie da sind' },
  });
  expect(sent).toMatchObject([
    {
      to: expect.stringMatching(/^kim@aroma\.example$/i),
      subject: '[Test] Schön, dass Sie da sind',
      html: expect.stringContaining('Willkommen'),
      from: { email: 'hello@aroma.example' },
    },
  ]);
  const answers = [await send('a@team.aroma.example'), await send('a@team.aroma.example')];
  expect(answers.map(({ status }) => status)).toContain(429);
  expect(await countRows()).toEqual(before);
});
