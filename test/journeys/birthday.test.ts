import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRecord } from '../../db/decisions/record/decision-record.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { type BundleFile, treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem } from '../support/system.ts';

/** Replaces the mail by MJML, which is compiled when the bundle is applied. */
const MJML = `---
subject: "Happy birthday, {{ traits.firstName }}"
---
<mjml><mj-body><mj-section><mj-column>
<mj-text>Hello {{ traits.firstName }}</mj-text>
<mj-raw>{% if unsubscribe_url %}</mj-raw><mj-text><a href="{{ unsubscribe_url }}">No more</a></mj-text><mj-raw>{% endif %}</mj-raw>
</mj-column></mj-section></mj-body></mjml>
`;
const inMjml = (files: BundleFile[]) =>
  treatEveryCustomer(files).map((file) =>
    file.path === 'content/birthday-code/email.en.liquid'
      ? { path: 'content/birthday-code/email.en.mjml', text: MJML }
      : file,
  );

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: inMjml });
});
afterAll(() => system?.stop());

/** `YYYY-MM-DD` in the workspace's zone. */
const localDay = (at: number) => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' }).format(at);
/** Whether an instant is at nine, or within the ten minutes over which deliveries at nine are spread. */
const AT_NINE = expect.stringMatching(/^09:0\d$/);
const bornOn = (day: string) => `1990${day.slice(4)}`;

async function born(userId: string, birthday: string, traits: Record<string, unknown>): Promise<string> {
  await system.accept({
    name: 'Customer Identified',
    type: 'identify',
    userId,
    traits: { firstName: userId, birthday, ...traits },
    context: { consent: { categoryPreferences: { marketing: true } } },
  });
  const customer = await system.findCustomerId(userId);
  await system.waitUntilSettled(customer);
  return customer;
}

async function codes(
  customer: string,
): Promise<{ channel: string; state: string; day: string; time: string }[]> {
  const rows = await system.db.db.sql`
    select channel, state, at from deliveries where customer_id = ${customer} and action = 'birthday-code' order by at`;
  return rows.map(({ channel, state, at }) => ({
    channel,
    state,
    day: localDay(at),
    time: new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'short' }).format(at),
  }));
}

test('story 4, A-6: a birthday code is sent at nine on the local date by one channel, once a year', async () => {
  const day = localDay(Date.now() + 5 * DAY);
  const customer = await born('ada', bornOn(day), { email: 'ada@example.com', phone: '+49 170 1234567' });
  await system.advanceTime(customer, 4 * DAY - HOUR);
  expect(await codes(customer)).toEqual([]);
  await system.advanceTime(customer, 2 * DAY);
  expect(await codes(customer)).toEqual([{ channel: 'email', state: 'sent', day, time: AT_NINE }]);
  const [mail] = system.mailbox.messages().filter(({ to }) => to.includes('ada@example.com'));
  expect(mail).toMatchObject({ subject: 'Happy birthday, ada' });
  expect(mail?.html).toMatch(/<!--\[if mso[\s\S]*Hello ada/);
  expect(mail?.html).not.toMatch(/<mj|\{[{%]/);
  expect(mail?.text.trim()).toMatch(/^Hello ada\s+No more \(http.*\/unsubscribe\/.*\)$/);
  expect(mail?.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
  await system.advanceTime(customer, 300 * DAY);
  expect(await codes(customer)).toHaveLength(1);
  await system.advanceTime(customer, 65 * DAY);
  const all = await codes(customer);
  expect(all.map((code) => code.day)).toEqual([day, `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`]);
  expect(all[1]).toMatchObject({ channel: 'email', time: AT_NINE });
  await system.replayHistories(customer);
}, 120_000);

test('A-6: a customer without an e-mail address, or without consent for it, gets a text message', async () => {
  const day = localDay(Date.now() + 3 * DAY);
  const phoneOnly = await born('bert', bornOn(day), { phone: '+49 (170) 222-3333' });
  const noMail = await born('cleo', bornOn(day), { email: 'cleo@example.com', phone: '+491704445555' });
  await system.accept({
    name: 'Consent Changed',
    userId: 'cleo',
    properties: { purpose: 'marketing', channel: 'email', status: 'withdrawn' },
  });
  for (const customer of [phoneOnly, noMail]) {
    await system.advanceTime(customer, 4 * DAY);
    expect(await codes(customer)).toMatchObject([{ channel: 'sms', state: 'sent', day }]);
  }
  const texts = system.mailbox.messages().filter((message) => message.channel === 'sms');
  expect(texts.map((message) => message.to[0]).sort()).toEqual(['+491702223333', '+491704445555']);
  expect(texts.every((message) => message.text.length > 10)).toBe(true);
});

test('A-6: a birthday on 29 February is on the 28th in other years', async () => {
  const customer = await born('dora', '1992-02-29', { email: 'dora@example.com' });
  const year = [0, 1]
    .map((n) => new Date().getUTCFullYear() + n)
    .find((y) => Date.UTC(y, 1, 28) > Date.now());
  const leap = new Date(Date.UTC(year as number, 1, 29)).getUTCMonth() === 1;
  const day = `${year}-02-${leap ? '29' : '28'}`;
  await system.advanceTime(customer, Date.parse(day) - Date.now() + 2 * DAY);
  expect(await codes(customer)).toMatchObject([{ channel: 'email', state: 'sent', day }]);
}, 120_000);

test('A-6, D-2: an invalid date or one that may not be read enters no journey, and the decision records why', async () => {
  const wrong = await born('emil', '1990-02-31', { email: 'emil@example.com' });
  const shy = await born('fritz', bornOn(localDay(Date.now() + 3 * DAY)), { email: 'fritz@example.com' });
  await system.accept({ name: 'Preferences Changed', userId: 'fritz', properties: { personalisation: 1 } });
  for (const customer of [wrong, shy]) {
    await system.advanceTime(customer, 5 * DAY);
    expect(await codes(customer)).toEqual([]);
  }
  const rows = await system.db.db.sql`select record from decisions where customer_id = ${wrong}`;
  const changes = rows.flatMap(({ record }) => decodeRecord(record).changes);
  expect(changes).toContainEqual(
    expect.objectContaining({ kind: 'date', journey: 'birthday', state: 'invalid' }),
  );
});

test('B-10, C-2: the decision records which data the message used, and under which permission', async () => {
  const day = localDay(Date.now() + 3 * DAY);
  const customer = await born('gina', bornOn(day), { email: 'gina@example.com' });
  await system.advanceTime(customer, 4 * DAY);
  const [row] = await system.db.db.sql`
    select record from decisions where customer_id = ${customer} and outcome = 'acted' order by ordinal desc limit 1`;
  const [action] = decodeRecord(row?.record).actions;
  expect(action?.action).toBe('birthday-code');
  expect(action?.dataUsed).toContainEqual(
    expect.objectContaining({ attribute: 'traits.firstName', permission: 'undeclared', party: 'first' }),
  );
});
