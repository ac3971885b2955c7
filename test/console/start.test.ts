import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { inBrowser } from './support/chromium.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

const SCRIPT = '<img src=x onerror="window.wasHere=1"><script>window.wasHere=1</script>';

inBrowser('the start page', () => {
  let console: RunningConsole;
  let page: Page;
  let writeKey: string;
  beforeAll(async () => {
    console = await startConsole({ files: treatEveryCustomer });
    writeKey = await createKey(console.system.db.db, {
      workspace: 'aroma',
      kind: 'write',
      scopes: [],
      label: 'shop',
    });
    page = await console.login('operator');
  });
  afterAll(() => console?.stop());

  const track = async (key: string, body: object): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${console.url}/v1/track`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return answer.status;
  };
  const example = () => page.getByRole('region', { name: 'What happens' });
  const isDone = (step: string) => page.getByRole('listitem').filter({ hasText: `Done: ${step}` });

  test('says what this is, and what to try, where nothing has happened yet', async () => {
    await page.getByText('follows each customer’s journey').waitFor();
    await page.getByText('0 of 5 done').waitFor();
    await page.getByText('No event has come yet').waitFor();
    await page.getByText('Helen is not a customer yet').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'start/empty');
  });

  test('creates a key, and the snippet that is copied sends an event, which appears by itself', async () => {
    await page.getByRole('button', { name: 'Create a write key' }).click();
    await page.getByText('It is shown only now').waitFor();
    const code = await page.getByRole('region', { name: 'Code that sends an event' }).innerText();
    const [, key = '', url] = /curl -u '(wk_[\w-]+):' (\S+)\/v1\/track/.exec(code) ?? [];
    expect(url).toBe(console.url);
    expect(
      await track(key, { userId: 'mara', event: 'Product Viewed', properties: { product_id: 'grinder' } }),
    ).toBe(200);
    await page
      .getByRole('row')
      .filter({ hasText: 'Product Viewed' })
      .getByText('product_id: grinder')
      .waitFor();
    await isDone('Send a first event').waitFor();
    await page.reload();
    await page.getByText('YOUR_WRITE_KEY').waitFor();
  });

  test('makes it happen: order, ticket, its close, a failed payment; and shows what comes of each', async () => {
    await page.getByRole('button', { name: 'Send her order' }).click();
    const message = example().frameLocator('iframe').first();
    await message.getByText('We have your order').waitFor();
    await example().getByText('Your order').first().waitFor();
    // A style that the mail has in an attribute.
    const font = await message.locator('body').evaluate('getComputedStyle(document.body).fontFamily');
    expect(font).toContain('Georgia');
    await isDone('Send an order').waitFor();
    await isDone('See a message leave').waitFor();
    await screenshot(page, 'start/order');
    await page.getByRole('button', { name: 'Open her ticket' }).click();
    await example().getByText('Marketing is silent').waitFor();
    await example()
      .getByText(/It lifts 48 hours after the ticket is closed/)
      .waitFor();
    await example().getByText('We are on it: It leaks').first().waitFor();
    await page.getByRole('button', { name: 'Open her ticket' }).and(page.locator(':disabled')).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'start/ticket');
    await page.getByRole('button', { name: 'Close the ticket' }).click();
    await example()
      .getByText(/is closed\. It lifts on/)
      .waitFor();
    await page.getByRole('button', { name: 'Send it' }).click();
    await example().getByText('Open Ada’s page').waitFor();
    await page.getByText('4 of 5 done').waitFor();
    await page.getByRole('button', { name: 'Helen', exact: true }).click();
    await example().getByText('Open Helen’s page').click();
    await page.waitForURL(/\/customers\/cus_/);
    await page.goBack();
  });

  test('shows a rejected event with its reason, and senders’ texts as text', async () => {
    await track(writeKey, { event: 'Signed Up', properties: { page: SCRIPT } });
    await page.getByRole('heading', { name: 'Rejected events' }).waitFor();
    await page.getByText('no_identity').waitFor();
    const properties = { [SCRIPT]: SCRIPT, long: 'x'.repeat(5_000), arabic: 'مرحبا بالعالم 😀' };
    await track(writeKey, { userId: `u${SCRIPT}`, event: SCRIPT, properties });
    await page.getByRole('rowheader').filter({ hasText: '<script>' }).waitFor();
    expect(await page.evaluate('window.wasHere')).toBeUndefined();
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.reload();
    await page.getByRole('heading', { name: 'Rejected events' }).waitFor();
    await example().locator('iframe').first().waitFor();
    await expectAccessible(page);
    await screenshot(page, 'start/dark');
    await page.emulateMedia({ colorScheme: 'light' });
  });

  test('follows again by itself once the stream can be opened', async () => {
    await page.route('**/v1/stream?**', (route) => route.abort());
    await page.reload();
    await page.getByText('Connecting', { exact: true }).waitFor();
    await page.unroute('**/v1/stream?**');
    await page.getByText('Live', { exact: true }).waitFor();
    await track(writeKey, { userId: 'back', event: 'Came Back' });
    await page.getByRole('row').filter({ hasText: 'Came Back' }).waitFor();
  });

  test('works by keyboard, on a narrow screen, and in Indonesian', async () => {
    const button = page.getByRole('button', { name: 'Send her order' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByText('Order Completed was accepted.').waitFor();
    await page.getByRole('tab', { name: 'curl' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('@segment/analytics-node').waitFor();
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'start/narrow');
    await page.evaluate(`localStorage.setItem('throughline.language', 'id')`);
    await page.reload();
    await page.getByText('Coba langsung').waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'start/indonesian');
  });

  test('a viewer sees what happens, and neither sends the example nor creates keys', async () => {
    const viewer = await console.login('viewer');
    await viewer.getByRole('heading', { name: 'Last events' }).waitFor();
    await viewer.getByText('An operator creates the key.').waitFor();
    expect(await viewer.getByRole('button', { name: 'Send her order' }).count()).toBe(0);
    expect(console.errors).toEqual([]);
  });
});
