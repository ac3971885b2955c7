import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page, Request, Response } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createWorkspace } from '../../db/config/workspaces.ts';
import { createUser, disableUser } from '../../src/app/users/manage-users.ts';
import { WORKSPACE } from '../support/system.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

const PASSWORD = 'correct horse battery staple';
const OTHER = 'bean';

let console: RunningConsole;
let page: Page;
beforeAll(async () => {
  console = await startConsole({ worker: false, relay: false, env: { ONE_CLICK_LOGIN: 'true' } });
  const { db } = console.system.db;
  await createWorkspace(db.sql, OTHER);
  const roles = { [WORKSPACE]: 'agent', [OTHER]: 'viewer' } as const;
  await createUser(db, { login: 'kim', name: 'Kim Tan', password: PASSWORD, roles });
  const gone = await createUser(db, { login: 'gone', name: 'Gone', password: PASSWORD, roles });
  await disableUser(db, gone.id, true);
}, 180_000);
beforeEach(async () => {
  await console.system.db.db.sql`delete from login_attempts`;
});
afterEach(async () => {
  await page?.context().close();
  expect(console.errors.splice(0)).toEqual([]);
});
afterAll(() => console?.stop());

const openLogin = async (options?: Parameters<RunningConsole['newPage']>[0]) => {
  page = await console.newPage(options);
  await page.goto(`${console.url}/console/customers?q=helen`);
  await page.getByRole('heading', { level: 1 }).waitFor();
};
const logIn = async (login: string, password: string) => {
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Password').fill(password);
  // What stood there before this answer is no answer.
  const isAnswer = (answer: Response) =>
    answer.url() === `${console.url}/v1/session` && answer.request().method() === 'POST';
  await Promise.all([page.waitForResponse(isAnswer), page.getByRole('button', { name: 'Log in' }).click()]);
};
/** What the API answers to the page. */
const ask = (path: string, init: object = {}) =>
  page.evaluate<{ status: number; body: Record<string, unknown> }>(
    `fetch(${JSON.stringify(path)}, ${JSON.stringify(init)}).then(async (answer) => ({
      status: answer.status, body: await answer.json().catch(() => ({})) }))`,
  );

test('by keyboard alone: the login leads to where one wanted to be', async () => {
  await openLogin();
  await page.getByLabel('Login').focus();
  await page.keyboard.type('kim');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/console/customers?q=helen');
  await page.getByRole('navigation').waitFor();
  expect((await ask('/v1/session')).body).toMatchObject({ user: { name: 'Kim Tan' }, role: 'agent' });
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({
    name: 'throughline_session',
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
  });
  expect(await page.evaluate('document.cookie')).toBe('');
});

test('says that it was wrong, not what; that a user is disabled; and how long to wait', async () => {
  await openLogin();
  for (const [login, password] of [
    ['kim', 'wrong'],
    ['nobody', PASSWORD],
  ] as const) {
    await logIn(login, password);
    await page.getByRole('alert').filter({ hasText: 'Login or password is wrong.' }).waitFor();
  }
  await screenshot(page, 'login/wrong');
  await expectAccessible(page);
  await logIn('gone', PASSWORD);
  await page.getByRole('alert').filter({ hasText: 'disabled' }).waitFor();
  // The attempts of the address are used up.
  await console.system.db.db.sql`update login_attempts set remaining = 0, at = clock_timestamp()`;
  await logIn('kim', PASSWORD);
  await page
    .getByRole('alert')
    .filter({ hasText: /Too many attempts.* \d+\ss/ })
    .waitFor();
  await screenshot(page, 'login/throttled');
  await expectAccessible(page);
});

test('fits 390 px, in light and dark, in English and Indonesian', async () => {
  for (const locale of ['en-GB', 'id-ID'])
    for (const colorScheme of ['light', 'dark'] as const) {
      await openLogin({ locale, colorScheme });
      await expectAccessible(page);
      await screenshot(page, `login/${locale}-${colorScheme}`);
      await expectNoSidewaysScroll(page);
      await screenshot(page, `login/${locale}-${colorScheme}-390`);
      await page.context().close();
    }
  await openLogin({ locale: 'id-ID' });
  await page.getByLabel('Nama pengguna').fill('kim');
  await page.getByLabel('Kata sandi').fill('salah');
  await page.getByRole('button', { name: 'Masuk', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'salah' }).waitFor();
});

test('one click is enough on a development machine', async () => {
  await openLogin();
  await page.getByRole('button', { name: 'Continue without a password' }).click();
  await page.waitForURL('**/console/customers?q=helen');
  await page.getByRole('navigation').waitFor();
  expect((await ask('/v1/session')).body).toMatchObject({ user: { login: 'developer' }, role: 'operator' });
});

test('a user of several workspaces changes between them, with the role of each', async () => {
  await openLogin();
  await logIn('kim', PASSWORD);
  await page.getByRole('navigation').waitFor();
  await page.getByRole('button', { name: `Workspace: ${WORKSPACE}` }).click();
  await page.getByRole('menuitemcheckbox', { name: OTHER }).click();
  await page.getByRole('button', { name: `Workspace: ${OTHER}` }).waitFor();
  expect((await ask('/v1/session')).body).toMatchObject({ workspace: OTHER, role: 'viewer' });
});

test('what a role does not permit is refused by the API, whatever a page sends', async () => {
  await openLogin();
  await logIn('kim', PASSWORD);
  await page.getByRole('navigation').waitFor();
  const { body } = await ask('/v1/session');
  const send = (path: string, headers: object) =>
    ask(path, { method: 'POST', headers, body: '{"reason":"r"}' });
  const token = { 'X-CSRF-Token': body.csrfToken };
  expect(await send('/v1/customers/user:x/pause', token)).toMatchObject({
    status: 403,
    body: { code: 'role_not_permitted', detail: expect.stringContaining('agent') },
  });
  expect(await send('/v1/tasks/none/dismiss', token)).toMatchObject({ status: 404 });
  expect(await send('/v1/tasks/none/dismiss', {})).toMatchObject({
    status: 403,
    body: { code: 'csrf_token' },
  });
});

test('forms and scripts of another origin change nothing and read nothing, even on the same host', async () => {
  await openLogin();
  await logIn('kim', PASSWORD);
  await page.getByRole('navigation').waitFor();
  const evil = http.createServer((_req, res) =>
    res.setHeader('content-type', 'text/html').end('<h1>Prizes</h1>'),
  );
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
  const { port } = evil.address() as AddressInfo;
  const answers: [string, number][] = [];
  let posts = 0;
  // A refused navigation may end on a page of the browser's own, so that each attempt has its own tab.
  const openAttacker = async (host: string) => {
    const attacker = await page.context().newPage();
    attacker.on('response', (answer) => answers.push([answer.url(), answer.status()]));
    await attacker.goto(`http://${host}:${port}/`);
    return attacker;
  };
  try {
    // Another port is another origin of the same site: browsers send the cookie there.
    for (const host of ['127.0.0.1', 'localhost']) {
      for (const [path, body] of [
        ['/v1/session/end', ''],
        ['/v1/session/workspace', `{"workspace":"${OTHER}"}`],
        ['/v1/session', '{"login":"gone","password":"x"}'],
        ['/v1/session/one-click', ''],
        ['/v1/tasks/none/dismiss', '{"reason":"r"}'],
      ]) {
        const attacker = await openAttacker(host);
        // A refusal may be a page, or end the navigation.
        const isOver = new Promise<void>((resolve) => {
          const note = (sent: Request) => {
            if (sent.method() === 'POST' && sent.url() === console.url + path) resolve();
          };
          attacker.on('requestfinished', note).on('requestfailed', note);
        });
        await Promise.all([
          isOver,
          attacker.evaluate(`{
            const form = document.createElement('form');
            Object.assign(form, { method: 'post', enctype: 'text/plain', action: ${JSON.stringify(console.url + path)} });
            const input = document.createElement('input');
            Object.assign(input, { name: ${JSON.stringify(body)}, value: '' });
            form.append(input); document.body.append(form); form.submit(); }`),
        ]);
        await attacker.close();
        posts++;
      }
      const attacker = await openAttacker(host);
      for (const path of ['/v1/session', '/v1/customers', '/v1/customers/user:x/inbox']) {
        const read = `fetch(${JSON.stringify(console.url + path)}, { credentials: 'include' }).then((answer) => answer.status, () => 'refused')`;
        expect([path, await attacker.evaluate(read)]).not.toEqual([path, 200]);
      }
    }
    expect(posts).toBe(10);
    const reached = answers.filter(([url]) => url.startsWith(console.url));
    expect(reached.length).toBeGreaterThan(5);
    expect(reached.filter(([, status]) => status < 400)).toEqual([]);
    expect((await ask('/v1/session')).body).toMatchObject({ user: { login: 'kim' }, workspace: WORKSPACE });
  } finally {
    await new Promise((resolve) => {
      evil.close(resolve);
      evil.closeAllConnections();
    });
  }
});
