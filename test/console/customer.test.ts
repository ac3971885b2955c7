import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { inBrowser } from './support/chromium.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

/** Until what happened is on the page: events take a decision first, and the page a moment. */
const SOON = { timeout: 40_000 };

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
    await page.goto(`${console.url}/console/customers/${encodeURIComponent(ref)}${search}`);
    await page.getByTestId('right-now').waitFor();
  }

  /** Chooses a command, gives a reason, and confirms. */
  async function command(page: Page, item: string, confirm: string): Promise<void> {
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: item }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: confirm }).isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('she called');
    await dialog.getByRole('button', { name: confirm }).click();
    await dialog.waitFor({ state: 'hidden', ...SOON });
  }

  test('story 1: the page says why Helen gets no tip, what comes next, and follows what happens', async () => {
    const { system } = console;
    const page = await console.login('support');
    await openCustomer(page, 'user:helen');
    const rightNow = page.getByTestId('right-now');
    await rightNow.getByText('Nothing holds messages back').waitFor();

    // The other side: her ticket opens while the page is open.
    await system.accept({
      name: 'Ticket Opened',
      userId: 'helen',
      properties: { ticket_id: 'T1', subject: 'It leaks', severity: 'high' },
    });
    await rightNow.getByText('Marketing is silent while a ticket is open').waitFor(SOON);
    expect(await rightNow.textContent()).toMatch(
      /Ticket T1 has been open since .* \(.* your time\)\.“It leaks” · severity high.*It lifts when the ticket is closed, and 48 hours have passed/,
    );
    const next = page.getByTestId('what-next');
    await next.getByText('Weekly tips tries the step tip again').waitFor(SOON);
    expect(await next.textContent()).toMatch(/your time/);
    // Both answers without a click: what waits, and when it goes on.
    await rightNow.getByText('Held until then: Weekly tips (step tip).').waitFor(SOON);
    await next.getByText('The silence ends 48 hours after ticket T1 is closed').waitFor(SOON);
    await page.getByText('Help with a ticket was sent by email').first().waitFor(SOON);
    await screenshot(page, 'customers/silent');
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectAccessible(page);
    await screenshot(page, 'customers/silent-dark');
    await page.emulateMedia({ colorScheme: 'light' });

    // Why not the tip, in words, one link away.
    await rightNow.getByRole('link', { name: 'Why not a certain message?' }).click();
    await page.getByRole('combobox', { name: 'Action' }).click();
    await page.getByRole('option', { name: 'Tip on grinding' }).click();
    const outlook = page.getByTestId('outlook');
    await outlook.getByText(/^Silent: ticket T1 has been open since/).waitFor(SOON);
    await expect.poll(() => outlook.textContent()).toContain('lifts on Ticket Closed, then 48 h');
    expect(await outlook.textContent()).toMatch(/Open tickettickets.*Passes: Consent, Address, Quiet hours/);
    expect(page.url()).toContain('action=tip-grinder');
    await screenshot(page, 'customers/why');

    // The last ticket closes: a cool-down, then the survey.
    await system.accept({ name: 'Ticket Closed', userId: 'helen', properties: { ticket_id: 'T1' } });
    await rightNow.getByText('The cool-down ends on').waitFor(SOON);
    await next.getByText('The silence after ticket T1 ends').waitFor(SOON);
    await outlook.getByText(/^Silent: ticket T1 was closed at .* and is cooling down/).waitFor(SOON);
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await system.advanceTime(helen, 49 * HOUR);
    await page.getByText('Satisfaction survey was sent by email').first().waitFor(SOON);
    await system.advanceTime(helen, 2 * DAY);
    await page
      .getByText(/^Tip on [a-z ]+ was sent by email/)
      .first()
      .waitFor(SOON);
    expect(console.errors).toEqual([]);
  });

  test('a message is shown as it was sent, in a frame that can do nothing', async () => {
    const page = await console.login('viewer');
    await openCustomer(page, helen, '?kind=outcome');
    await page.getByRole('button', { name: 'Message as sent' }).last().click();
    const frame = page.locator('iframe');
    expect(await frame.getAttribute('sandbox')).toBe('');
    const inside = page.frameLocator('iframe');
    await inside
      .getByText(/o-helen/)
      .first()
      .waitFor();
    await page.getByRole('tab', { name: 'Plain text' }).click();
    await page.locator('pre', { hasText: 'o-helen' }).waitFor();
    await screenshot(page, 'customers/message');
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Everything', pressed: false }).waitFor();
  });

  test('pause, resume, snooze and exit ask for a reason, and the page shows the result', async () => {
    const id = await buyMachine('ada', 'Ada', 'Stein');
    const page = await console.login('support');
    await openCustomer(page, id);
    const rightNow = page.getByTestId('right-now');
    await command(page, 'Pause …', 'Pause');
    await rightNow.getByText('This customer is paused').waitFor(SOON);
    await expect.poll(() => rightNow.textContent()).toContain('she called');
    await command(page, 'Resume …', 'Resume');
    await rightNow.getByText('Nothing holds messages back').waitFor(SOON);
    await command(page, 'Snooze marketing …', 'Snooze');
    await rightNow.getByText('Marketing is snoozed').waitFor(SOON);
    await command(page, 'End the snooze …', 'End the snooze');
    await rightNow.getByText('Nothing holds messages back').waitFor(SOON);
    await command(page, 'Leave journeys …', 'Leave');
    await page.getByRole('tab', { name: 'Journeys' }).click();
    await page.getByText('In no journey').waitFor(SOON);
    expect(console.errors).toEqual([]);
  });

  test('a command whose answer was lost does nothing twice when it is sent again', async () => {
    const id = await buyMachine('bo', 'Bo', 'Lind');
    const page = await console.login('support');
    await openCustomer(page, id);
    let lost = 0;
    await page.route('**/pause', async (route) => {
      const response = await route.fetch();
      if (lost++ === 0) await route.abort();
      else await route.fulfill({ response });
    });
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Pause …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('twice');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await dialog.getByRole('alert').or(dialog.getByRole('status')).waitFor(SOON);
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await dialog.waitFor({ state: 'hidden', ...SOON });
    const [row] = await console.system.db.db.sql<{ count: number }[]>`
      select count(*) as count from events where customer_id = ${id} and name = 'Customer Paused'`;
    expect([lost, Number(row?.count)]).toEqual([2, 1]);
  });

  test('a viewer may not act, and support may not erase', async () => {
    const viewer = await console.login('viewer');
    await openCustomer(viewer, helen);
    await viewer.getByRole('button', { name: 'Actions' }).click();
    await viewer.getByText('Your role may only read').waitFor();
    for (const name of ['Pause …', 'Merge into another …', 'Erase …'])
      expect(await viewer.getByRole('menuitem', { name }).getAttribute('aria-disabled')).toBe('true');
    const support = await console.login('support');
    await openCustomer(support, helen);
    await support.getByRole('button', { name: 'Actions' }).click();
    expect(await support.getByRole('menuitem', { name: 'Erase …' }).getAttribute('aria-disabled')).toBe(
      'true',
    );
    expect(await support.getByRole('menuitem', { name: 'Pause …' }).getAttribute('aria-disabled')).toBeNull();
  });

  test('a merge shows both sides first, is undone, and an erasure shows on a page that is open', async () => {
    await buyMachine('cleo', 'Cleo', 'Maas');
    const winner = await buyMachine('dora', 'Dora', 'Maas');
    const page = await console.login('operator');
    await openCustomer(page, 'user:cleo');
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Merge into another …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Find the other customer').fill('dora maas');
    await dialog.getByRole('button', { name: 'Choose' }).click();
    await dialog.getByText('The customer who remains').waitFor(SOON);
    await screenshot(page, 'customers/merge');
    await dialog.getByLabel('Reason').fill('the same person');
    await dialog.getByRole('button', { name: 'Merge' }).click();
    await dialog.waitFor({ state: 'hidden', ...SOON });
    await page.getByText('One other customer was merged into this one.').waitFor(SOON);
    expect(await page.getByRole('main').textContent()).toContain(winner);

    await command(page, 'Undo a merge …', 'Undo the merge');
    await openCustomer(page, winner);
    expect(await page.getByText('One other customer was merged into this one.').count()).toBe(0);

    // Two people have the page open; one of them erases.
    const watching = await console.login('viewer');
    await openCustomer(watching, winner);
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Erase …' }).click();
    await dialog.getByLabel('Reason').fill('she asked for it');
    const erase = dialog.getByRole('button', { name: 'Erase for good' });
    await dialog.getByLabel('Type “Dora Maas” to confirm').fill('Dora');
    expect(await erase.isDisabled()).toBe(true);
    await dialog.getByLabel('Type “Dora Maas” to confirm').fill('Dora Maas');
    await erase.click();
    for (const one of [page, watching]) await one.getByText('This customer was erased').waitFor(SOON);
    await screenshot(watching, 'customers/erased');
    await expectAccessible(watching);
  });

  test('a search finds by anything, keeps its filters in the URL, and works by keyboard only', async () => {
    const page = await console.login('viewer');
    await page.goto(`${console.url}/console/customers`);
    await page.getByRole('link', { name: 'Helen Berg' }).waitFor();
    const field = page.getByRole('searchbox', { name: 'Search' });
    for (const q of ['berg', 'o-helen', 'T1', 'helen@ex']) {
      await field.fill(q);
      await page.waitForURL((url) => url.searchParams.get('q') === q);
      await page.getByRole('link', { name: 'Helen Berg' }).waitFor();
    }
    await screenshot(page, 'customers/search');
    await expectAccessible(page);
    await field.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByTestId('right-now').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Helen Berg', exact: true }).waitFor();

    await page.goto(`${console.url}/console/customers?q=nobody-at-all&ticket=true`);
    await page.getByText('No customer matches').waitFor();
    await screenshot(page, 'customers/search-none');
    await expectNoSidewaysScroll(page);
    await page.getByRole('button', { name: 'Take all filters away' }).click();
    await page.getByText('Helen Berg').waitFor();
    await screenshot(page, 'customers/search-narrow');
    await page.goto(`${console.url}/console/customers/user:nobody`);
    await page.getByText('There is no such customer').waitFor();
    expect(console.errors).toEqual([]);
  });

  test('nothing that a sender writes runs, or breaks the page', async () => {
    const attack = (what: string) =>
      `"><img src=x onerror="window.hit='${what}'"><script>window.hit=1</script>`;
    const long = `${'Very'.repeat(2_500)} \u202eאבג 👩‍👩‍👧`;
    const { system } = console;
    const userId = attack('user');
    await system.accept(
      {
        type: 'identify',
        name: 'Customer Identified',
        userId,
        traits: {
          name: `${attack('name')}${long}`,
          [attack('trait')]: attack('value'),
          locale: attack('locale'),
        },
      },
      {
        name: attack('event'),
        userId,
        source: attack('source'),
        properties: { [attack('key')]: attack('property'), url: `javascript:window.hit='url'`, long },
      },
      {
        name: 'Ticket Opened',
        userId,
        properties: { ticket_id: attack('ticket'), subject: attack('subject'), severity: attack('severity') },
      },
      {
        name: 'Order Completed',
        userId,
        properties: {
          order_id: attack('order'),
          total: 1,
          products: [{ product_id: attack('p'), name: attack('n') }],
        },
      },
      {
        name: 'Checkout Started',
        userId,
        properties: { cart_id: attack('cart'), value: 2, products: [{ name: attack('cart') }] },
      },
      {
        name: 'Consent Changed',
        userId,
        properties: { purpose: 'marketing', channel: 'email', topic: attack('topic'), status: 'granted' },
      },
    );
    const id = await system.findCustomerId(userId);
    await system.waitUntilSettled(id);
    const page = await console.login('support');
    for (const tab of ['timeline', 'journeys', 'why&action=tip-grinder', 'profile']) {
      await openCustomer(page, id, `?tab=${tab}`);
      await page.getByRole('tabpanel').waitFor();
      for (const summary of await page.locator('summary:visible').all()) await summary.click();
      await expectNoSidewaysScroll(page);
      await page.setViewportSize({ width: 1280, height: 800 });
      await screenshot(page, `customers/hostile-${tab.slice(0, 3)}`);
    }
    await page.goto(`${console.url}/console/customers?q=${encodeURIComponent('"><img')}`);
    await page.locator('a[data-result]').waitFor();
    await expectNoSidewaysScroll(page);
    expect(await page.evaluate('window.hit')).toBeUndefined();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(console.errors).toEqual([]);
  });

  test('every part fits a phone, is accessible, and is there in Indonesian', async () => {
    const page = await console.login('support');
    for (const tab of ['timeline', 'journeys', 'why&action=tip-grinder', 'profile']) {
      await openCustomer(page, helen, `?tab=${tab}`);
      await page.getByRole('tabpanel').waitFor();
      await page.waitForTimeout(700);
      await expectAccessible(page);
      await screenshot(page, `customers/wide-${tab.slice(0, 3)}`);
      await expectNoSidewaysScroll(page);
      await screenshot(page, `customers/narrow-${tab.slice(0, 3)}`);
      await page.setViewportSize({ width: 1280, height: 800 });
    }
    await page.evaluate(`localStorage.setItem('throughline.language', 'id')`);
    await openCustomer(page, helen);
    await page.getByText('Yang terjadi selanjutnya').waitFor();
    await screenshot(page, 'customers/indonesian');
    await expectAccessible(page);
    expect(console.errors).toEqual([]);
  });
});
