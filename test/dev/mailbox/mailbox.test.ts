import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import { afterEach, expect, test } from 'vitest';
import type { MailboxMessage } from '../../../src/dev/mailbox/message.ts';
import { openLinksOutside } from '../../../src/dev/mailbox/open-links-outside.ts';
import { type Mailbox, type MailboxOptions, startMailbox } from '../../../src/dev/mailbox/start.ts';
import { createMailboxStore } from '../../../src/dev/mailbox/store.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function open(options: MailboxOptions = {}): Promise<Mailbox> {
  const mailbox = await startMailbox(options);
  cleanups.push(() => mailbox.stop());
  return mailbox;
}

function send(mailbox: Mailbox, mail: SendMailOptions) {
  const transport = nodemailer.createTransport(mailbox.smtpUrl);
  return transport.sendMail({ from: 'Aroma <shop@aroma.test>', ...mail }).finally(() => transport.close());
}

async function listed(mailbox: Mailbox, query = ''): Promise<MailboxMessage[]> {
  return (await (await fetch(mailbox.url + query)).json()) as MailboxMessage[];
}

test('the mailbox lists received messages, newest first', async () => {
  const mailbox = await open();
  await send(mailbox, {
    to: 'ada@x.test',
    subject: 'Grüße',
    text: 'Hallo',
    html: '<b>Hallo</b>',
    headers: { 'X-Id': 'd1' },
  });
  await send(mailbox, { to: 'bob@x.test', bcc: 'eve@x.test', subject: 'Second', text: 'two' });
  const [second, first] = await listed(mailbox);
  expect(first).toMatchObject({
    from: 'Aroma <shop@aroma.test>',
    to: ['ada@x.test'],
    subject: 'Grüße',
    html: '<b>Hallo</b>\n',
    headers: { 'x-id': 'd1' },
  });
  expect(first?.text.trim()).toBe('Hallo');
  expect(second).toMatchObject({ to: ['bob@x.test', 'eve@x.test'], subject: 'Second' });
  expect(mailbox.messages().map(({ id }) => id)).toEqual([second?.id, first?.id]);
  expect(await listed(mailbox, '?to=ADA@x.test')).toEqual([first]);
  expect(await listed(mailbox, '?limit=1')).toEqual([second]);
  expect((await fetch(`${mailbox.url}?limit=many`)).status).toBe(400);
  expect((await fetch(mailbox.url, { method: 'DELETE' })).status).toBe(204);
  expect(await listed(mailbox)).toEqual([]);
});

test('the mailbox refuses messages as scripted, and keeps none of them', async () => {
  const mailbox = await open({
    onRcpt: (address) => (address.startsWith('gone@') ? { code: 550, message: 'no such user' } : undefined),
    onData: async ({ subject }) => (subject === 'busy' ? { code: 451, message: 'later' } : undefined),
  });
  await expect(send(mailbox, { to: 'gone@x.test', subject: 'a' })).rejects.toMatchObject({
    responseCode: 550,
  });
  await expect(send(mailbox, { to: 'ada@x.test', subject: 'busy' })).rejects.toMatchObject({
    responseCode: 451,
  });
  await send(mailbox, { to: 'ada@x.test', subject: 'fine' });
  expect(mailbox.messages().map(({ subject }) => subject)).toEqual(['fine']);
});

test('the mailbox keeps its messages across a restart', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'mailbox-'));
  cleanups.push(() => rmSync(dir, { recursive: true }));
  const file = path.join(dir, 'mailbox.jsonl');
  const before = await startMailbox({ file });
  await send(before, { to: 'ada@x.test', subject: 'kept' });
  const messages = before.messages();
  await before.stop();
  const after = await open({ file });
  expect(after.messages()).toEqual(messages);
  expect(messages).toHaveLength(1);
});

test('the page of a message runs none of its scripts', async () => {
  const mailbox = await open();
  const evil = '"><script>alert(1)</script>';
  await send(mailbox, { to: 'ada@x.test', subject: evil, html: `<p>hi</p>${evil}` });
  const [message] = mailbox.messages();
  const list = await fetch(new URL('/', mailbox.url));
  const shown = await fetch(new URL(`/view/${message?.id}`, mailbox.url));
  for (const response of [list, shown]) {
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const body = await response.text();
    expect(body).not.toContain('<script');
    expect(body).toContain('&quot;&gt;&lt;script&gt;');
    if (response === shown)
      expect(body).toContain(
        '<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="HTML body" srcdoc="&lt;p&gt;hi',
      );
  }
  expect((await fetch(new URL('/view/other', mailbox.url))).status).toBe(404);
});

test.each([
  ['a plain link', '<a href="https://x.test/?a=1&amp;b=2">go</a>'],
  ['a link to the same frame', '<A HREF=https://x.test target=_self>go</A>'],
  ['a link to the whole window', '<a target="_top" href="https://x.test"><b>go</b></a>'],
  ['an area of a picture', '<map><area href="https://x.test"></map>'],
])('%s of a message opens in a tab of its own', (_name, html) => {
  const shown = openLinksOutside(`<!doctype html><html><body>${html}</body></html>`);
  expect(shown).toMatch(/<(a|area) [^>]*target="_blank"/);
  expect(shown).not.toMatch(/_self|_top/);
  expect(shown).toMatch(/^<!doctype html><html><body>/);
});

test('a message cannot send its frame to another page', () => {
  const shown = openLinksOutside(
    '<base target="_self"><meta http-equiv="Refresh" content="0; url=https://x.test"><p>y',
  );
  expect(shown).toBe('<base><p>y</p>');
});

test('the mailbox keeps at most its capacity of messages', () => {
  const store = createMailboxStore(10);
  const message = { from: '', to: ['a@x.test'], subject: '', headers: {}, text: '', html: '', at: '' };
  for (let index = 1; index <= 50; index += 1) store.add({ ...message, id: `${index}` });
  expect(store.list().map(({ id }) => id)).toEqual([
    '50',
    '49',
    '48',
    '47',
    '46',
    '45',
    '44',
    '43',
    '42',
    '41',
  ]);
  expect(store.find('1')).toBeUndefined();
});

test('startMailbox fails on a port in use, and frees its other port', async () => {
  const first = await open();
  const usedPort = Number(new URL(first.url).port);
  await expect(startMailbox({ httpPort: usedPort })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await expect(startMailbox({ smtpPort: Number(new URL(first.smtpUrl).port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
