import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { inBrowser } from './support/chromium.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

/** Until what happened is on the page: events take a decision first, and the page a moment. */
const SOON = { timeout: 20_000 };

inBrowser('the pages of customers', () => {
  let console: RunningConsole;
  let helen: string;

  beforeAll(async () => {
    console = await startConsole({ files: treatEveryCustomer });
    helen = await buyMachine('helen', 'Helen', 'Berg');
  });
  afterAll(() => console?.stop());

  async function buyMachine(userId: string, firstName: string, lastName: string): Promise<string> {
    const { system } = console;
    await system.accept({
      name: 'Order Completed',
      userId,
      context: {
        traits: { email: `${userId}@example.com`, firstName, lastName },
        timezone: 'Asia/Jakarta',
        consent: { categoryPreferences: { marketing: true } },
      },
      properties: {
        order_id: `o-${userId}`,
        total: 412,
        currency: 'EUR',
        products: [{ product_id: 'espresso-machine', name: 'Espresso machine' }],
      },
    });
    const id = await system.findCustomerId(userId);
    await system.waitUntilSettled(id);
    return id;
  }

  async function openCustomer(page: Page, ref: string, search = ''): Promise<void> {
    await page.goto(`${console.url}/console/customers/${ref}${search}`);
    await page.getByTestId('right-now').waitFor();
  }

  test('story 1: the page says why Helen gets no tip, what comes next, and follows what happens', async () => {
    const { system } = console;
    const page = await console.login('support');
    await openCustomer(page, 'user:helen');
    const rightNow = page.getByTestId('right-now');
    expect(await rightNow.textContent()).toContain('Nothing holds messages back');
    await screenshot(page, 'customers/clear');

    // The other side: her ticket opens while the page is open.
    await system.accept({
      name: 'Ticket Opened',
      userId: 'helen',
      properties: { ticket_id: 'T1', subject: 'It leaks', severity: 'high' },
    });
    await rightNow.getByText('Marketing is silent while a ticket is open').waitFor(SOON);
    expect(await rightNow.textContent()).toMatch(
      /Ticket T1 has been open since .*“It leaks” · severity high.*It lifts when the ticket is closed, and 48 hours have passed/,
    );
    const next = page.getByTestId('what-next');
    await next.getByText('tips decides afresh at the step tip').waitFor(SOON);
    expect(await next.textContent()).toMatch(/your time/);
    await page.getByText('Ticket-help was sent by email').first().waitFor(SOON);
    await screenshot(page, 'customers/silent');
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectAccessible(page);
    await screenshot(page, 'customers/silent-dark');
    await page.emulateMedia({ colorScheme: 'light' });

    // The last ticket closes: a cool-down, then the survey.
    await system.accept({ name: 'Ticket Closed', userId: 'helen', properties: { ticket_id: 'T1' } });
    await rightNow.getByText('The cool-down ends on').waitFor(SOON);
    await next.getByText('The silence after ticket T1 ends').waitFor(SOON);
    await screenshot(page, 'customers/cool-down');
    await system.advanceTime(helen, 49 * HOUR);
    await page
      .getByText(/csat-survey/)
      .first()
      .waitFor(SOON);
    await system.advanceTime(helen, 2 * DAY);
    await rightNow.getByText('Nothing holds messages back').waitFor(SOON);
    expect(console.errors).toEqual([]);
  });

  test('narrow', async () => {
    const page = await console.login('support');
    await openCustomer(page, helen);
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'customers/narrow');
    for (const tab of ['why&action=tip-grinder', 'journeys', 'profile']) {
      await openCustomer(page, helen, `?tab=${tab}`);
      await page.waitForTimeout(500);
      await screenshot(page, `customers/narrow-${tab.slice(0, 3)}`);
      await expectNoSidewaysScroll(page);
      await page.setViewportSize({ width: 1280, height: 800 });
      await screenshot(page, `customers/wide-${tab.slice(0, 3)}`);
      await expectAccessible(page);
    }
    await page.goto(`${console.url}/console/customers`);
    await page.getByText('Helen Berg').waitFor();
    await screenshot(page, 'customers/search');
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'customers/search-narrow');
    expect(console.errors).toEqual([]);
  });
});
