import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { WORKSPACE } from '../support/system.ts';
import { inBrowser } from './support/chromium.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

inBrowser('the customer inside of a support tool', () => {
  let console: RunningConsole;
  let customer: string;
  let token: string;

  beforeAll(async () => {
    console = await startConsole({ files: treatEveryCustomer });
    const { system } = console;
    token = await createKey(system.db.db, {
      workspace: WORKSPACE,
      label: 'tool',
      kind: 'api',
      scopes: ['read'],
    });
    await system.accept(
      {
        name: 'Order Completed',
        userId: 'helen',
        context: {
          traits: { email: 'helen@example.com', name: 'Helen Berg' },
          consent: { categoryPreferences: { marketing: true } },
        },
        properties: { order_id: 'o-1', total: 412, products: [{ product_id: 'espresso-machine' }] },
      },
      { name: 'Ticket Opened', userId: 'helen', properties: { ticket_id: 'T1', subject: 'It leaks' } },
    );
    customer = await system.findCustomerId('helen');
    await system.waitUntilSettled(customer);
  });
  afterAll(() => console?.stop());

  const address = (search: string) => `${console.url}/console/embed/customers/${customer}${search}`;

  test('says why, what next and what happened in 360 px, without a session and without a link away', async () => {
    const page = await console.newPage({ viewport: { width: 360, height: 800 } });
    await page.goto(address(`?token=${token}`));
    await page.getByText('Marketing is silent while a ticket is open').waitFor();
    expect(await page.getByTestId('right-now').textContent()).toContain('It leaks');
    expect(await page.getByTestId('what-next').textContent()).toContain('tips tries the step tip again');
    await page.getByText('Ticket T1 opened').first().waitFor();
    await expectNoSidewaysScroll(page, 360);
    await expectAccessible(page);
    await screenshot(page, 'embed/light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectAccessible(page);
    await screenshot(page, 'embed/dark');
    for (const tab of ['Journeys', 'Why / why not', 'Profile']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.waitForTimeout(300);
      await expectNoSidewaysScroll(page, 360);
    }
    await screenshot(page, 'embed/profile');
    expect(await page.getByRole('link').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Actions' }).count()).toBe(0);
    expect(console.errors).toEqual([]);
  });

  test('says in a line that the link has ended, is missing, or leads to nobody', async () => {
    const page = await console.newPage({ viewport: { width: 360, height: 800 } });
    await page.goto(address('?token=et_over'));
    await page.getByText('This link has ended').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'embed/expired');
    await page.goto(address(''));
    await page.getByText('This page needs a link of its own').waitFor();
    await page.goto(`${console.url}/console/embed/customers/cus_00?token=${token}`);
    await page.getByText('There is no such customer').waitFor();
  });
});
