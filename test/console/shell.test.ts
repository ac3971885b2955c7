import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { inBrowser } from './support/chromium.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

/** What has the focus, by its role's text. */
const focused = (page: Page) =>
  page.evaluate('document.activeElement.textContent || document.activeElement.ariaLabel');
const pathOf = (page: Page) => new URL(page.url()).pathname + new URL(page.url()).search;

inBrowser('the shell of the console', () => {
  let console: RunningConsole;
  let page: Page;
  beforeAll(async () => {
    console = await startConsole({ worker: false, relay: false });
  });
  afterEach(async () => {
    await page?.context().close();
    expect(console.errors.splice(0)).toEqual([]);
  });
  afterAll(() => console?.stop());

  test('is accessible in light and dark, and fits a screen of 390 px', async () => {
    page = await console.login('operator');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'shell/light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectAccessible(page);
    await screenshot(page, 'shell/dark');
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'shell/narrow');
  });

  test('on a narrow screen the navigation is a drawer, which a link closes', async () => {
    page = await console.login('operator', { viewport: { width: 390, height: 844 } });
    await page.getByRole('button', { name: 'Open the navigation' }).click();
    await expectAccessible(page);
    await screenshot(page, 'shell/drawer');
    await page.getByRole('dialog').getByRole('link', { name: 'Operations' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => pathOf(page)).toBe('/console/operations');
  });

  test('works by keyboard alone: skip link, navigation, menu', async () => {
    page = await console.login('viewer');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('content');
    await page.goto(`${console.url}/console/`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    for (let presses = 0; presses < 12 && (await focused(page)) !== 'Journeys'; presses++)
      await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Journeys');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console/journeys');
    await page.getByRole('status').filter({ hasText: 'Journeys · Throughline' }).waitFor();

    await page.getByRole('button', { name: /^Account/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitemcheckbox', { name: 'Dark' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    // The focus goes back once the menu has gone.
    await expect.poll(() => focused(page)).toContain('Kim');
  });

  test('theme and language are kept in the browser, and change the page at once', async () => {
    page = await console.login('viewer');
    const choose = async (name: string) => {
      await page.getByRole('button', { name: /^(Account|Akun)/ }).click();
      await page.getByRole('menuitemcheckbox', { name }).click();
    };
    const background = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const light = await background();
    await choose('Dark');
    await expect.poll(background).not.toBe(light);
    await choose('Bahasa Indonesia');
    await page.getByRole('link', { name: 'Pelanggan' }).waitFor();
    await expect.poll(() => page.evaluate('document.documentElement.lang')).toBe('id');
    await expectAccessible(page);
    await screenshot(page, 'shell/indonesian');
    await page.reload();
    await page.getByRole('link', { name: 'Pelanggan' }).waitFor();
    await expect.poll(background).not.toBe(light);
  });

  test('a browser in Indonesian begins in Indonesian', async () => {
    page = await console.login('viewer', { locale: 'id-ID' });
    await page.getByRole('link', { name: 'Pelanggan' }).waitFor();
  });

  test('an address that leads nowhere is a page of its own, inside of the shell', async () => {
    page = await console.login('viewer');
    await page.goto(`${console.url}/console/no/such%2fpage?x=%00`);
    await page.getByRole('heading', { name: 'No such page' }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'shell/not-found');
    await page.getByRole('link', { name: 'To the start page' }).click();
    await page.waitForURL('**/console/');
  });

  test('without a session the login comes first, and leads to where one wanted to be', async () => {
    page = await console.newPage();
    await page.goto(`${console.url}/console/customers?q=helen%20m`);
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'shell/login');
    await console.logIn(page, 'support');
    await page.waitForURL('**/console/customers?q=*');
    expect(new URL(page.url()).searchParams.get('q')).toBe('helen m');
  });

  test('the login leads to no other site', async () => {
    page = await console.login('viewer');
    for (const next of [
      '//evil.example/x',
      '/\\evil.example',
      'https://evil.example/',
      'javascript:alert(1)',
    ]) {
      await page.goto(`${console.url}/console/login?next=${encodeURIComponent(next)}`);
      await page.getByRole('navigation').waitFor();
      await expect
        .poll(() => [next, new URL(page.url()).host, pathOf(page)])
        .toEqual([next, new URL(console.url).host, '/console/']);
    }
  });

  test('a session that ran out leads to the login, and back', async () => {
    page = await console.login('support');
    await page.goto(`${console.url}/console/tasks?queue=sales`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.context().clearCookies();
    await page.evaluate(`window.dispatchEvent(new Event('visibilitychange'))`);
    await page.getByRole('link', { name: 'Journeys' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await page.getByText('Your session has ended').waitFor();
    await console.logIn(page, 'support');
    await page.getByRole('navigation').waitFor();
    await expect.poll(() => pathOf(page)).toBe('/console/journeys');
  });

  test('while the API is away the page says since when, and goes on by itself', async () => {
    page = await console.login('support');
    const away = '**/{v1/**,readyz}';
    await page.route(away, (route) => route.abort());
    await page.getByRole('link', { name: 'Journeys' }).click();
    await page.getByText(/^Not reachable since \d\d:\d\d$/).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'shell/away');
    await page.unroute(away);
    await page.getByText(/^Not reachable/).waitFor({ state: 'detached' });
  });

  test('after a logout the pages ask for a login again', async () => {
    page = await console.login('viewer');
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await page.goto(`${console.url}/console/customers`);
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
  });
});
