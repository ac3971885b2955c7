import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../src/domain/time/time.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions } from '../support/system.ts';
import { inBrowser } from './support/chromium.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

const XSS = '"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

inBrowser('the agent desk', () => {
  let console: RunningConsole;
  beforeAll(async () => {
    console = await startConsole({ files: treatEveryCustomer });
  });
  afterAll(() => console?.stop());

  const identify = (userId: string, traits: Record<string, unknown> = {}) => ({
    userId,
    context: {
      traits: { email: `${userId}@example.com`, ...traits },
      consent: { categoryPreferences: { marketing: true } },
    },
  });
  const bought = (userId: string, order_id: string, total: number) => ({
    ...identify(userId),
    name: 'Order Completed',
    properties: { order_id, total, currency: 'EUR' },
  });

  /** A valuable customer with a full cart, whose payment fails. Returns the customer's id. */
  async function failPayment(userId: string, name = userId, product = 'Grinder Pro'): Promise<string> {
    const { system } = console;
    const cart = {
      total: 412,
      currency: 'EUR',
      products: [{ product_id: 'grinder', name: product, quantity: 1 }],
    };
    await system.accept(
      { ...bought(userId, `${userId}-1`, 900), ...identify(userId, { name, phone: '+49 30 901820' }) },
      { ...identify(userId), name: 'Checkout Started', properties: cart },
    );
    const customer = await system.findCustomerId(userId);
    await system.waitUntilSettled(customer);
    const payment = { order_id: `${userId}-2`, value: 412, currency: 'EUR', code: 'card_declined' };
    await system.accept({ ...identify(userId), name: 'Payment Failed', properties: payment });
    await system.waitUntilSettled(customer);
    return customer;
  }

  const openDesk = async (role: 'agent' | 'support' | 'viewer', path = '/tasks') => {
    const page = await console.login(role);
    await page.goto(`${console.url}/console${path}`);
    await page.getByRole('heading', { level: 1 }).or(page.getByRole('article')).first().waitFor();
    return page;
  };
  const row = (page: Page, name: string) => page.locator('[data-task]', { hasText: name });

  test('story 2 from both sides: a failed payment appears, one agent claims it, the order takes it away', async () => {
    const [ada, ben] = [await openDesk('agent'), await openDesk('support')];
    await ada.getByText('No task here').waitFor();
    await expectAccessible(ada);
    await screenshot(ada, 'tasks/empty');

    const greta = await failPayment('greta', 'Greta Lindqvist');
    // Without a reload.
    await row(ada, 'Greta Lindqvist').waitFor();
    await row(ben, 'Greta Lindqvist').waitFor();
    await screenshot(ada, 'tasks/list');

    await row(ada, 'Greta Lindqvist').click();
    await row(ben, 'Greta Lindqvist').click();
    const pane = ada.getByRole('article');
    await pane.getByText('nothing was charged').waitFor();
    for (const text of [
      'Grinder Pro',
      'Card declined',
      'Payment failed',
      'greta@example.com',
      '+49 30 901820',
    ])
      await pane.getByText(text).first().waitFor();
    await screenshot(ada, 'tasks/case');

    await pane.getByRole('button', { name: 'Claim' }).click();
    await pane.getByText('With you').waitFor();
    // The other agent sees it without a reload, and who has it.
    await ben.getByText('agent has claimed this task').waitFor();
    await ben.getByRole('button', { name: 'Claim' }).waitFor({ state: 'detached' });
    await screenshot(ben, 'tasks/taken');

    // The agent places the order by phone: the confirmation leaves, and the reason for the task is gone.
    await console.system.accept(bought('greta', 'greta-3', 412));
    await pane.getByText('the customer has reached the goal of the journey').waitFor();
    await console.system.waitUntilSettled(greta);
    await expect
      .poll(() => findSentActions(console.system, greta), { timeout: 40_000 })
      .toEqual(['order-confirmation', 'order-confirmation']);
    await screenshot(ada, 'tasks/gone');
    expect([...console.errors]).toEqual([]);
  }, 120_000);

  test('two agents claim at the same time: one gets a clear line', async () => {
    await failPayment('max', 'Max Frisch');
    const ben = await openDesk('support');
    await row(ben, 'Max Frisch').click();
    const claim = ben.getByRole('button', { name: 'Claim' });
    await claim.waitFor();
    const [task] = await console.system.db.db.sql`
      select id from agent_tasks where state = 'open' and customer_id = ${await console.system.findCustomerId('max')}`;
    // Between what Ben sees and his press.
    await console.system.db.db.sql`
      update agent_tasks set state = 'acknowledged', assignee = 'agent' where id = ${task?.id}`;
    await claim.click({ timeout: 2_000 }).catch(() => {});
    await ben
      .getByText(/agent (was faster and has|has claimed) this task/)
      .first()
      .waitFor();
  });

  test('by keyboard only: move, open, claim, put off, resolve; keys belong to fields while one writes', async () => {
    const nina = await failPayment('nina', 'Nina Simon');
    const page = await openDesk('agent');
    await row(page, 'Nina Simon').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('j');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    for (let presses = 0; presses < 10; presses++) {
      await page.keyboard.press('j');
      if (await page.evaluate('document.activeElement.textContent.includes("Nina Simon")')) break;
    }
    await page.keyboard.press('Enter');
    const pane = page.getByRole('article');
    await pane.getByRole('heading', { name: 'Nina Simon' }).waitFor();
    await page.keyboard.press('c');
    await pane.getByText('With you').waitFor();

    await page.keyboard.press('s');
    const snooze = page.getByRole('dialog', { name: 'Put this task off' });
    await snooze.waitFor();
    await expectAccessible(page);
    await screenshot(page, 'tasks/snooze');
    await snooze.getByLabel('Reason').fill('');
    await snooze.getByLabel('Reason').focus();
    await page.keyboard.type('rce?jk');
    expect(await snooze.getByLabel('Reason').inputValue()).toBe('rce?jk');
    await page.keyboard.press('Escape');
    await snooze.waitFor({ state: 'detached' });

    await page.keyboard.press('r');
    const resolve = page.getByRole('dialog', { name: 'How did it end?' });
    await resolve.waitFor();
    await expectAccessible(page);
    await screenshot(page, 'tasks/resolve');
    await resolve.getByLabel('Unreached').check();
    await resolve.getByLabel('Note').fill('no answer');
    await resolve.getByRole('button', { name: 'Resolve' }).press('Enter');
    await pane.getByText('Its outcome is “Unreached”').waitFor();
    // The journey goes on: they get the mail in place of a call.
    await expect
      .poll(() => findSentActions(console.system, nina), { timeout: 40_000 })
      .toContain('help-email');
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/tasks(\?|$)/);
    await page.locator('[data-task], p').first().waitFor();
  }, 120_000);

  test('a task that nobody acknowledges escalates while it is on the screen', async () => {
    const jan = await failPayment('jan', 'Jan Novak');
    const page = await openDesk('agent', '/tasks?queue=sales');
    await row(page, 'Jan Novak').click();
    const pane = page.getByRole('article');
    await pane.getByRole('heading', { name: 'Jan Novak' }).waitFor();
    await console.system.advanceTime(jan, 16 * MINUTE);
    await pane.getByText('This task is in the queue sales-leads now').waitFor();
    await console.system.advanceTime(jan, 4 * HOUR);
    await pane.getByText('Nobody resolved it in time').waitFor();
    await row(page, 'Jan Novak').waitFor({ state: 'detached' });
  }, 120_000);

  test('texts of senders never run and never break the page; narrow, dark and Indonesian', async () => {
    await failPayment('mallory', `${XSS} مرحبا 🦜 ${'x'.repeat(10_000)}`, `${XSS}${'y'.repeat(3_000)}`);
    const customer = await console.system.findCustomerId('mallory');
    await console.system.accept({
      ...identify('mallory'),
      name: 'Ticket Opened',
      properties: { ticket_id: XSS, subject: XSS, severity: 'high' },
    });
    await console.system.waitUntilSettled(customer);
    const page = await openDesk('agent');
    await row(page, 'onerror').first().click();
    const pane = page.getByRole('article');
    await pane.getByRole('heading', { level: 2 }).first().waitFor();
    await pane.getByText('mallory@example.com').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'tasks/xss');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(300);
    await expectAccessible(page);
    await screenshot(page, 'tasks/dark');
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'tasks/narrow-case');
    await page.getByRole('link', { name: 'All tasks' }).click();
    await page.locator('[data-task]').first().waitFor();
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'tasks/narrow-list');
    expect(await page.evaluate('window.hacked')).toBeUndefined();

    const indonesian = await console.login('viewer', { locale: 'id-ID' });
    await indonesian.goto(`${console.url}/console/tasks`);
    await indonesian.locator('[data-task]').first().click();
    await indonesian.getByText('Mengapa tugas ini ada').waitFor();
    // A viewer reads.
    await indonesian.getByText('Anda dapat membaca tugas').waitFor();
    expect(await indonesian.getByRole('button', { name: 'Ambil' }).count()).toBe(0);
    await expectAccessible(indonesian);
    await screenshot(indonesian, 'tasks/indonesian');
    expect([...console.errors]).toEqual([]);
  }, 120_000);
});
