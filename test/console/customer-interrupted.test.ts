import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { WORKSPACE } from '../support/system.ts';
import { inBrowser } from './support/chromium.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

/** Until what happened is on the page: events take a decision first, and the page a moment. */
const SOON = { timeout: 40_000 };

inBrowser('a page of a customer that stays open', () => {
  let console: RunningConsole;
  let page: Page;
  let helen: string;

  beforeAll(async () => {
    console = await startConsole({ files: treatEveryCustomer });
    helen = await orderAs('helen', 'Helen Berg');
  });
  afterEach(async () => {
    await page?.context().close();
    expect(console.errors.splice(0)).toEqual([]);
  });
  afterAll(() => console?.stop());

  async function orderAs(userId: string, name: string): Promise<string> {
    const { system } = console;
    await system.accept({
      name: 'Order Completed',
      userId,
      context: { traits: { email: `${userId}@example.com`, name } },
      properties: { order_id: `o-${userId}`, total: 412, products: [{ product_id: 'espresso-machine' }] },
    });
    const id = await system.findCustomerId(userId);
    await system.waitUntilSettled(id);
    return id;
  }

  async function open(ref: string, search = ''): Promise<void> {
    await page.goto(`${console.url}/console/customers/${ref}${search}`);
    await page.getByTestId('right-now').waitFor();
  }
  /** Ends the sessions of all users, as their time does. */
  const endSessions = () => console.system.db.db.sql`delete from sessions`;
  const login = () => page.getByRole('heading', { name: 'Log in' });
  const pathOf = () => new URL(page.url()).pathname + new URL(page.url()).search;

  /** Opens the dialog of a pause, and begins to fill it in. */
  async function typeReason(reason: string): Promise<void> {
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Pause …' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill(reason);
  }

  test('asks for a login when the session has ended, and is the same page with its filters afterwards', async () => {
    page = await console.login('support');
    const address = `/console/customers/${helen}?tab=timeline&kind=purchase`;
    await open(helen, '?tab=timeline&kind=purchase');
    await page.getByText('Order o-helen').first().waitFor(SOON);
    await endSessions();
    await login().waitFor(SOON);
    await page.getByText('Your session has ended').waitFor();
    expect(pathOf()).toBe(address);
    // What was on the screen may be seen by others who pass.
    expect(await page.getByTestId('right-now').isVisible()).toBe(true);
    const covers = `document.elementFromPoint(200, 120).closest('main') === null`;
    expect(await page.evaluate(covers)).toBe(true);
    await expectAccessible(page);
    await screenshot(page, 'customers/session-ended');
    await page.keyboard.press('Escape');
    await login().waitFor();
    await expectNoSidewaysScroll(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    await console.logIn(page, 'support');
    await login().waitFor({ state: 'detached' });
    expect(pathOf()).toBe(address);
    expect(await page.getByRole('button', { name: 'Purchases' }).getAttribute('aria-pressed')).toBe('true');
    await page.getByText('Order o-helen').first().waitFor();
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 40_000 });
  });

  test('keeps what was typed into a dialog while the session ended, and sends it after the login', async () => {
    const id = await orderAs('ada', 'Ada Stein');
    page = await console.login('support');
    await open(id, '?tab=profile');
    await typeReason('she called twice today');
    await endSessions();
    const dialog = page.getByRole('dialog').filter({ has: page.getByLabel('Reason') });
    // The page learns it from the answer to this press, or before that from its stream.
    // A press that still waits when the login has gone would be one too many.
    await dialog
      .getByRole('button', { name: 'Pause' })
      .click({ timeout: 2_000 })
      .catch(() => {});
    await login().waitFor(SOON);
    await console.logIn(page, 'support');
    await login().waitFor({ state: 'detached' });
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('she called twice today');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await dialog.waitFor({ state: 'hidden', ...SOON });
    const rightNow = page.getByTestId('right-now');
    await rightNow.getByText('This customer is paused').waitFor(SOON);
    expect(await rightNow.textContent()).toContain('she called twice today');
    expect(pathOf()).toBe(`/console/customers/${id}?tab=profile`);
  });

  test('shows nothing that one user has typed to another who logs in', async () => {
    page = await console.login('support');
    await open(helen);
    await typeReason('only mine');
    await endSessions();
    await login().waitFor(SOON);
    await console.logIn(page, 'viewer');
    await page.getByRole('button', { name: 'Account: Kim the viewer' }).waitFor();
    expect(await page.getByLabel('Reason').count()).toBe(0);
    expect(pathOf()).toBe(`/console/customers/${helen}`);
    await page.getByTestId('right-now').waitFor();
  });

  test('while the API is away the last data stays, and it goes on by itself', async () => {
    const { system } = console;
    page = await console.login('support');
    await open(helen);
    await page.getByText('Order o-helen').first().waitFor(SOON);
    await page.getByText('Live', { exact: true }).waitFor();
    const away = '**/{v1/**,readyz}';
    await page.route(away, (route) => route.abort());
    await typeReason('she waits');
    // The stream is still there, and makes the page ask.
    await system.accept({
      name: 'Ticket Opened',
      userId: 'helen',
      properties: { ticket_id: 'T1', subject: 'It leaks' },
    });
    await page.getByText(/^Not reachable since \d\d:\d\d$/).waitFor(SOON);
    expect(await page.getByTestId('right-now').textContent()).toContain('Nothing holds messages back');
    expect(await page.getByText('Order o-helen').count()).toBeGreaterThan(0);
    expect(await page.getByLabel('Reason').inputValue()).toBe('she waits');
    await page.keyboard.press('Escape');
    await expectAccessible(page);
    await screenshot(page, 'customers/away');
    await page.unroute(away);
    await page.getByText(/^Not reachable/).waitFor({ state: 'detached', ...SOON });
    await page.getByText('Marketing is silent while a ticket is open').waitFor(SOON);
  });

  test('follows its customer into a merge, and says so', async () => {
    const [loser, winner] = [await orderAs('cleo', 'Cleo Maas'), await orderAs('dora', 'Dora Maas')];
    page = await console.login('viewer');
    await open(loser, '?tab=profile');
    await page.getByRole('heading', { level: 1, name: 'Cleo Maas' }).waitFor();
    const key = await createKey(console.system.db.db, {
      workspace: WORKSPACE,
      label: 'tool',
      kind: 'api',
      scopes: ['act', 'operate'],
    });
    const answer = await fetch(`${console.url}/v1/customers/${loser}/merge`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ into: winner, reason: 'the same person', actor: 'ada' }),
    });
    expect(answer.status).toBeLessThan(300);
    await page.getByText(`merged into this one (${winner})`).waitFor(SOON);
    await page.getByText('o-dora').waitFor(SOON);
    expect(pathOf()).toBe(`/console/customers/${loser}?tab=profile`);
    await expectAccessible(page);
    await screenshot(page, 'customers/merged');
  });
});
