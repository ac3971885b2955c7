import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createCustomerToken } from '../../src/api/frame/customer-token.ts';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { WORKSPACE } from '../support/system.ts';
import { inBrowser } from './support/chromium.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

/** Until what happened is on the page: events take a decision first, and the page a moment. */
const SOON = { timeout: 20_000 };

/** A support tool on a site of its own, with a frame of this address beside its ticket. */
interface Tool {
  origin: string;
  show(src: string): void;
  stop(): Promise<unknown>;
}

async function startTool(): Promise<Tool> {
  let src = '';
  const server = http.createServer((_req, res) =>
    res
      .setHeader('content-type', 'text/html')
      .end(
        `<title>Tool</title><h1>Ticket 7</h1><iframe title="Customer" src="${src}" width="380" height="900">`,
      ),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    show: (next) => {
      src = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

inBrowser('the customer inside of a support tool', () => {
  let console: RunningConsole;
  let tool: Tool;
  let stranger: Tool;
  let key: string;
  let page: Page;
  /** Customers by user id. */
  const ids = new Map<string, string>();

  beforeAll(async () => {
    [tool, stranger] = await Promise.all([startTool(), startTool()]);
    console = await startConsole({
      files: treatEveryCustomer,
      env: { CONSOLE_EMBED_ANCESTORS: tool.origin },
    });
    const { system } = console;
    key = await createKey(system.db.db, {
      workspace: WORKSPACE,
      label: 'tool',
      kind: 'api',
      scopes: ['act'],
    });
    for (const userId of ['helen', 'ada']) {
      await system.accept(
        {
          name: 'Order Completed',
          userId,
          context: {
            traits: { email: `${userId}@example.com`, name: `${userId} Berg` },
            consent: { categoryPreferences: { marketing: true } },
          },
          properties: { order_id: `o-${userId}`, total: 412, products: [{ product_id: 'espresso-machine' }] },
        },
        { name: 'Ticket Opened', userId, properties: { ticket_id: `T-${userId}`, subject: 'It leaks' } },
      );
      const id = await system.findCustomerId(userId);
      await system.waitUntilSettled(id);
      ids.set(userId, id);
    }
  });
  afterEach(() => page?.context().close());
  afterAll(async () => {
    await console?.stop();
    await Promise.all([tool?.stop(), stranger?.stop()]);
  });

  /** What the server of a support tool does when an agent opens a ticket. */
  async function requestToken(userId: string): Promise<{ url: string; token: string }> {
    const answer = await fetch(`${console.url}/v1/customers/user:${userId}/embed-tokens`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ expiresIn: 600 }),
    });
    const { url, token } = (await answer.json()) as { url: string; token: string };
    // The API does not know by which address this test reaches it.
    return { url: console.url + new URL(url).pathname + new URL(url).search, token };
  }
  const narrow = () => console.newPage({ viewport: { width: 360, height: 800 } });
  const address = (userId: string, token: string) =>
    `${console.url}/console/embed/customers/${ids.get(userId)}?token=${token}`;

  test('says why, what next and what happened in 360 px, without a session and without a link away', async () => {
    page = await narrow();
    await page.goto((await requestToken('helen')).url);
    await page.getByText('Marketing is silent while a ticket is open').waitFor();
    expect(await page.getByTestId('right-now').textContent()).toContain('It leaks');
    expect(await page.getByTestId('what-next').textContent()).toContain(
      'Weekly tips tries the step tip again',
    );
    await page.getByText('Ticket T-helen opened').first().waitFor();
    await expectNoSidewaysScroll(page, 360);
    await expectAccessible(page);
    await screenshot(page, 'embed/light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectAccessible(page);
    await screenshot(page, 'embed/dark');
    for (const tab of ['Journeys', 'Why / why not', 'Profile']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel', { name: tab }).waitFor();
      await expectNoSidewaysScroll(page, 360);
    }
    await screenshot(page, 'embed/profile');
    expect(await page.getByRole('link').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Actions' }).count()).toBe(0);
    expect(console.errors).toEqual([]);
  });

  test('its token answers every question of the page: why not, and the message as it was sent', async () => {
    page = await narrow();
    await page.goto((await requestToken('helen')).url);
    await page.getByRole('button', { name: 'Message as sent' }).first().click();
    await page.getByRole('tab', { name: 'Plain text' }).click();
    await page.getByRole('dialog').locator('pre', { hasText: /\w+/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Why / why not' }).click();
    await page.getByRole('combobox', { name: 'Action' }).click();
    await page.getByRole('option', { name: 'Tip on grinding' }).click();
    await page
      .getByTestId('outlook')
      .getByText(/^Silent: ticket T-helen has been open since/)
      .waitFor(SOON);
    expect(console.errors).toEqual([]);
  });

  test('says in a line that the link has ended, is missing, or leads to nobody', async () => {
    page = await narrow();
    const expiresAt = Date.now() - 1;
    const { secret } = console.system.service.config;
    const old = createCustomerToken('embed', { customerId: ids.get('helen') as string, expiresAt }, secret);
    await page.goto(address('helen', old));
    await page.getByText('This link has ended').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'embed/expired');
    expect(await page.getByRole('alert').or(page.getByRole('status')).count()).toBe(1);
    expect(await page.getByRole('main').textContent()).not.toContain('helen');
    await page.goto(address('helen', 'et_forged'));
    await page.getByText('This link has ended').waitFor();
    await page.goto(`${console.url}/console/embed/customers/${ids.get('helen')}`);
    await page.getByText('This page needs a link of its own').waitFor();
  });

  test('the token of one customer shows nothing of another, whom the address names', async () => {
    page = await narrow();
    const { token } = await requestToken('helen');
    await page.goto(address('ada', token));
    await page.getByText('There is no such customer').waitFor();
    const text = (await page.getByRole('main').textContent()) ?? '';
    for (const fact of ['ada', 'Berg', 'It leaks', 'Ticket'])
      expect([fact, text.includes(fact)]).toEqual([fact, false]);
    await expectAccessible(page);
    await screenshot(page, 'embed/another');
  });

  test('a link that ends while the page is open says so, in place of what it showed', async () => {
    page = await narrow();
    await page.goto((await requestToken('helen')).url);
    await page.getByTestId('right-now').waitFor();
    const ended = { type: '/problems/expired_token', title: 'Expired', status: 401, code: 'expired_token' };
    await page.route('**/v1/**', (route) => route.fulfill({ status: 401, json: ended }));
    await page.getByRole('tab', { name: 'Why / why not' }).click();
    await page.getByText('This link has ended').waitFor(SOON);
    expect(await page.getByTestId('right-now').count()).toBe(0);
  });

  test('a configured site shows it in a frame, live; no other site does, and no other page', async () => {
    const { system } = console;
    page = await console.newPage();
    const frame = (): FrameLocator => page.frameLocator('iframe[title="Customer"]');
    tool.show((await requestToken('ada')).url);
    await page.goto(tool.origin);
    await frame().getByText('Marketing is silent while a ticket is open').waitFor(SOON);
    await screenshot(page, 'embed/in-a-tool');
    // The stream of the token makes it ask again.
    await system.accept({ name: 'Ticket Closed', userId: 'ada', properties: { ticket_id: 'T-ada' } });
    await frame().getByText('Marketing is still silent after a ticket').waitFor(SOON);
    expect(console.errors).toEqual([]);

    const refused = async (from: Tool, src: string) => {
      from.show(src);
      const policy = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
      await page.goto(from.origin);
      await policy;
      expect(await frame().getByRole('main').count()).toBe(0);
    };
    await refused(stranger, (await requestToken('ada')).url);
    await refused(tool, `${console.url}/console/customers/${ids.get('ada')}`);
    console.errors.length = 0;
  });
});
