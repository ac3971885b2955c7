import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY } from '../../src/domain/time/time.ts';
import { replaceInFile, treatEveryCustomer } from '../support/bundles.ts';
import { inBrowser } from './support/chromium.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

const order = (userId: string, n: number) => ({
  name: 'Order Completed',
  userId,
  properties: { order_id: `o-${userId}-${n}`, total: 412, products: [{ product_id: 'espresso-machine' }] },
  context: {
    traits: { email: `${userId}@example.com`, firstName: userId },
    consent: { categoryPreferences: { marketing: true } },
  },
});

inBrowser('the journeys in the console', () => {
  let app: RunningConsole;
  beforeAll(async () => {
    app = await startConsole({ files: treatEveryCustomer });
    for (const name of ['helen', 'ada', 'mara', 'kim']) await app.system.accept(order(name, 1));
    // A day after the confirmation a tip follows. Then they wait for a week.
    for (const name of ['helen', 'ada', 'mara', 'kim']) {
      const customer = await app.system.findCustomerId(name);
      await app.system.waitUntilSettled(customer);
      await app.system.advanceTime(customer, DAY);
      await app.system.waitUntilSettled(customer);
    }
    // Another customer's ticket holds the tip back.
    await app.system.accept(order('greta', 1), {
      name: 'Ticket Opened',
      userId: 'greta',
      properties: { ticket_id: 'T-1', subject: 'It leaks' },
    });
    await app.system.waitUntilSettled(await app.system.findCustomerId('greta'));
    // An edit of one wait, so that there are two versions to compare.
    await app.system.applyExample((files) =>
      replaceInFile('journeys/tips.yaml', 'after: 7d', 'after: 5d')(treatEveryCustomer(files)),
    );
  }, 180_000);
  afterAll(() => app?.stop());

  const open = async (path: string, role: 'viewer' | 'operator' = 'operator'): Promise<Page> => {
    const page = await app.login(role);
    await page.goto(`${app.url}/console${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  };

  test('the list has goal, owner, holdout and customers; its filters are in the URL', async () => {
    const page = await open('/journeys');
    await page.getByRole('link', { name: 'Weekly tips', exact: true }).waitFor();
    await screenshot(page, 'journeys/list-light');
    await expectAccessible(page);
    await page.getByRole('searchbox', { name: 'Search' }).fill('payment');
    await page.waitForURL(/q=payment/);
    await page.getByRole('link', { name: 'Weekly tips', exact: true }).waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('link', { name: 'Payment rescue', exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'Weekly tips', exact: true }).count()).toBe(0);
    await page.getByRole('searchbox', { name: 'Search' }).fill('nothing has this name');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('link', { name: 'Weekly tips', exact: true }).waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    await screenshot(page, 'journeys/list-dark');
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'journeys/list-narrow');
    expect(app.errors).toEqual([]);
  });

  test('a journey shows where its customers are, on its graph and as a list, for the keyboard too', async () => {
    const page = await open('/journeys/tips', 'viewer');
    const picture = page.getByRole('region', { name: 'Steps of Weekly tips' });
    await picture.getByRole('button', { name: /Decision: tip/ }).waitFor();
    await page.waitForTimeout(300);
    await screenshot(page, 'journeys/tips-light');
    await expectAccessible(page);
    await picture.getByRole('button', { name: /Decision: tip/ }).focus();
    await page.keyboard.press('ArrowDown');
    const step = () => page.evaluate('document.activeElement.dataset.step');
    await expect.poll(step).toBe('week');
    await page.keyboard.press('ArrowUp');
    await expect.poll(step).toBe('tip');
    await page.keyboard.press('ArrowDown');
    await expect.poll(step).toBe('week');
    await page.keyboard.press('Enter');
    await page.waitForURL(/step=week/);
    await page.getByRole('table').getByRole('link').first().waitFor();
    await screenshot(page, 'journeys/tips-customers');
    await picture.getByRole('button', { name: 'List' }).click();
    const items = picture.getByRole('list').last().getByRole('listitem');
    await expect
      .poll(async () => (await items.allTextContents()).join('\n'))
      .toMatch(/Decision.*tip[\s\S]*Leads to[\s\S]*4 customers/);
    await screenshot(page, 'journeys/tips-list');
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture.getByRole('button', { name: 'Picture' }).click();
    await page.waitForTimeout(500);
    await screenshot(page, 'journeys/tips-dark');
    expect(app.errors).toEqual([]);
  });

  test('the drop-off has each rule that held the journey back, at which step, and leads to those decisions', async () => {
    const page = await open('/journeys/tips?tab=dropoff');
    const table = page.getByRole('table', { name: /^Rules by how many decisions/ });
    await table.getByRole('link', { name: 'A ticket is open' }).waitFor();
    const answer = await page.request.get(`${app.url}/v1/reports/holds?journey=tips`);
    const report = await answer.json();
    const ticket = report.rules.find(({ code }: { code: string }) => code === 'ticket_open');
    expect(ticket.held).toBeGreaterThan(0);
    const row = table.getByRole('row').filter({ hasText: 'A ticket is open' });
    expect(await row.getByRole('cell').nth(1).textContent()).toBe(String(ticket.held));
    expect(await row.textContent()).toMatch(/tip · Tip on grinding/);
    await expectAccessible(page);
    await screenshot(page, 'journeys/drop-off');
    await page.emulateMedia({ colorScheme: 'dark' });
    await screenshot(page, 'journeys/drop-off-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    // Of one step, by action.
    await page.getByRole('combobox', { name: 'Step' }).click();
    await page.getByRole('option', { name: 'tip', exact: true }).click();
    await page.waitForURL(/step=tip/);
    expect(await table.getByRole('link', { name: 'A ticket is open' }).count()).toBe(ticket.actions.length);
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'journeys/drop-off-narrow');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('combobox', { name: 'Step' }).click();
    await page.getByRole('option', { name: 'week', exact: true }).click();
    await page.getByText('This step decides nothing').waitFor();
    await page.getByRole('combobox', { name: 'Step' }).click();
    await page.getByRole('option', { name: 'All steps' }).click();
    await table.getByRole('link', { name: 'A ticket is open' }).click();
    await page.waitForURL(/decisions\?.*journey=tips.*gate=suppression/);
    await page.getByRole('table', { name: 'Decisions, newest first' }).getByRole('row').nth(1).waitFor();
    expect(app.errors).toEqual([]);
  });

  test('every tab of a journey is accessible; a phone begins with the list', async () => {
    const page = await open('/journeys/tips');
    for (const tab of ['Overview', 'Funnel', 'Drop-off', 'Versions', 'Customers now']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.waitForTimeout(400);
      await expectAccessible(page);
      await screenshot(page, `journeys/tab-${tab.toLowerCase().replace(/\W+/g, '-')}`);
    }
    await expectNoSidewaysScroll(page);
    await page.getByRole('region', { name: 'Steps of Weekly tips' }).getByRole('list').last().waitFor();
    await screenshot(page, 'journeys/tips-narrow');
    expect(app.errors).toEqual([]);
  });

  test('any two versions are compared as a picture and as text', async () => {
    const page = await open('/journeys/tips?tab=versions');
    const picture = page.getByRole('region', { name: /compared with/ });
    await picture.getByText('Changed').first().waitFor();
    await page.getByText('removed: ').first().waitFor({ state: 'attached' });
    await page.waitForTimeout(300);
    await screenshot(page, 'journeys/compare');
    await expectAccessible(page);
    expect(app.errors).toEqual([]);
  });

  test('in Indonesian', async () => {
    const page = await open('/journeys/tips');
    await page.evaluate(`localStorage.setItem('throughline.language', 'id')`);
    await page.reload();
    await page.getByRole('heading', { name: 'Di mana para pelanggan' }).waitFor();
    await page.waitForTimeout(300);
    await screenshot(page, 'journeys/tips-id');
    await page.goto(`${app.url}/console/journeys`);
    await page.getByText('Kelompok kontrol').first().waitFor();
    await screenshot(page, 'journeys/list-id');
  });

  test('a journey that is not there says so', async () => {
    const page = await open('/journeys/nowhere');
    await page.getByText('there is no such journey').waitFor();
    await screenshot(page, 'journeys/gone');
  });
});
