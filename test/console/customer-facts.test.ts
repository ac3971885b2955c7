import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { runJob } from '../../src/app/jobs/run-job.ts';
import { lookUpZone } from '../../src/app/time-zones.ts';
import { DAY } from '../../src/domain/time/time.ts';
import { insertBuyers } from '../support/insert-buyers.ts';
import { type TestEvent, WORKSPACE } from '../support/system.ts';
import { inBrowser } from './support/chromium.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

const NOW = Date.now();
const LONG = `${'Maschinenbaugesellschaft'.repeat(420)} \u202eחברה 👩‍👩‍👧`;

inBrowser('what the page of a customer knows', () => {
  let console: RunningConsole;
  let page: Page;
  let key: string;
  let ann: string;

  beforeAll(async () => {
    console = await startConsole({ worker: false, relay: false });
    const { system } = console;
    key = await createKey(system.db.db, {
      workspace: WORKSPACE,
      label: 'tool',
      kind: 'api',
      scopes: ['read'],
    });
    await insertBuyers(system.db.db.sql, WORKSPACE, 300);
    await system.accept(
      identify('ann', { name: 'Ann Lee', email: 'ann@example.com' }),
      order('ann', 'o-1', 200, 40, 'beans'),
      order('ann', 'o-2', 110, 55, 'cups'),
      order('ann', 'o-3', 20, 60, 'beans'),
      order('max', 'o-9', 30, 5_500.5, 'cups'),
      {
        ...event('max', 'Order Refunded', 1),
        properties: { order_id: 'o-9', amount: 1_000, currency: 'EUR' },
      },
      { ...event('ann', 'Product Reviewed', 12), properties: { product_id: 'p' } },
      { ...event('ann', 'Ticket Opened', 9), properties: { ticket_id: 'T1', subject: 'It leaks' } },
      { ...event('ann', 'Ticket Closed', 8), properties: { ticket_id: 'T1' } },
      {
        ...event('ann', 'Product Added', 1),
        properties: { product_id: 'p', name: 'Cup', price: 1_250, currency: 'EUR' },
      },
    );
    await runJob({ ...system.service, zones: lookUpZone } as never, {
      job: 'fit',
      workspace: WORKSPACE,
      now: NOW,
    });
    ann = await system.findCustomerId('ann');
  });
  afterEach(async () => {
    await page?.context().close();
    expect(console.errors.splice(0)).toEqual([]);
  });
  afterAll(() => console?.stop());

  const event = (userId: string, name: string, daysAgo: number): TestEvent => ({
    name,
    userId,
    at: NOW - daysAgo * DAY,
  });
  const order = (userId: string, order_id: string, daysAgo: number, total: number, category: string) => ({
    ...event(userId, 'Order Completed', daysAgo),
    properties: {
      order_id,
      total,
      currency: 'EUR',
      channel: 'web',
      products: [{ product_id: 'p', category, price: total }],
    },
  });
  const identify = (userId: string, traits: Record<string, unknown>): TestEvent => ({
    type: 'identify',
    name: 'Customer Identified',
    userId,
    traits,
  });
  const group = (userId: string, accountId: string, traits = {}): TestEvent => ({
    type: 'group',
    name: 'Account Joined',
    userId,
    context: { groupId: accountId },
    traits,
  });
  /** What the API answers to a tool. */
  const ask = async (path: string) => {
    const answer = await fetch(`${console.url}${path}`, { headers: { Authorization: `Bearer ${key}` } });
    return (await answer.json()) as Record<string, never>;
  };
  async function open(ref: string, search = ''): Promise<void> {
    await page.goto(`${console.url}/console/customers/${ref}${search}`);
    await page.getByTestId('right-now').waitFor();
  }

  test('the value thermometer shows the numbers of the API, its parts and where the money came from', async () => {
    page = await console.login('viewer');
    await open(ann, '?tab=profile');
    const { valueThermometer: value } = (await ask(`/v1/customers/${ann}`)) as unknown as {
      valueThermometer: {
        value: number;
        low: number;
        high: number;
        band: string;
        change: number;
        parts: Record<string, number>;
        areas: Record<'category' | 'channel', { name: string; amount: { amount: string }; share: number }[]>;
      };
    };
    const { parts } = value;
    const points = (n: number) => (n === 1 ? '1 point' : `${n} points`);
    expect(value.value).toBeGreaterThan(20);
    expect(value.value).toBeLessThan(100);
    const shown = page.getByTestId('thermometer');
    const text = (await shown.textContent()) ?? '';
    expect(text).toContain(`${value.value}/ 100`);
    expect(text).toContain(`between ${value.low} and ${value.high}`);
    expect(text).toContain(`+${value.change} in 30 days`);
    for (const [label, part] of [
      ['Future purchases', 'futureValue'],
      ['Margin so far', 'margin'],
      ['Advocacy', 'advocacy'],
      ['Engagement', 'engagement'],
    ] as const)
      expect(text).toContain(`${label}${points(parts[part] as number)}`);
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(value.value);
    // The bar is as long as the value says.
    const widths = await shown.getByRole('img').evaluate((bar) => {
      const { width } = bar.getBoundingClientRect();
      return [...bar.children].map((part) => (100 * part.getBoundingClientRect().width) / width);
    });
    expect(widths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(value.value, -0.5);
    const money = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'EUR' });
    expect(value.areas.category.length).toBeGreaterThan(1);
    for (const { name, amount, share } of [...value.areas.category, ...value.areas.channel])
      expect(text).toContain(`${name}${money.format(Number(amount.amount))}${Math.round(share)}%`);
    await expectAccessible(page);
    await screenshot(page, 'customers/value');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectAccessible(page);
    await screenshot(page, 'customers/value-dark');
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'customers/value-narrow');
  });

  test('amounts are written as money, and states in words', async () => {
    page = await console.login('viewer');
    await open('user:max', '?tab=profile');
    const row = page.getByRole('row').filter({ hasText: 'o-9' });
    expect(await row.textContent()).toMatch(/paid.*€5,500\.50€1,000\.00 refunded/);
    expect(await page.getByText(/\d EUR/).count()).toBe(0);
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await page.getByText('Order o-9 completed: €5,500.50').waitFor();
    await page.evaluate(`localStorage.setItem('throughline.language', 'id')`);
    await open('user:max', '?tab=profile');
    expect(await page.getByRole('row').filter({ hasText: 'o-9' }).textContent()).toMatch(/5\.500,50/);
  });

  test('the account has its name and its other customers, and leads to all of them', async () => {
    const { system } = console;
    const people = ['bo', 'cy', 'di', 'ed', 'flo', 'gus', 'hal'];
    await system.accept(
      ...people.flatMap((user) => [identify(user, { name: `${user} Acme` }), group(user, 'acme')]),
      group('bo', 'acme', { name: 'Acme Coffee Ltd' }),
      { ...event('cy', 'Ticket Opened', 0), properties: { ticket_id: 'T9', subject: 'Cold' } },
      identify('solo', { name: LONG }),
      group('solo', 'solo-account', { name: LONG }),
    );
    page = await console.login('support');
    await open('user:bo');
    const card = page.getByRole('region', { name: 'Account' });
    await card.getByText('Acme Coffee Ltd').waitFor();
    await card.getByRole('link', { name: 'cy Acme' }).waitFor();
    expect(await card.getByRole('listitem').filter({ hasText: 'cy Acme' }).textContent()).toContain(
      '1 open ticket',
    );
    expect(await card.getByRole('link', { name: 'bo Acme' }).count()).toBe(0);
    // Her ticket silences him: the page names her.
    await page.getByTestId('right-now').getByRole('link', { name: 'cy Acme' }).waitFor();
    await screenshot(page, 'customers/account');
    await card.getByRole('link', { name: 'All 7 customers' }).click();
    await page.waitForURL('**/customers?account=acme');
    await page.getByRole('button', { name: 'Account: Acme Coffee Ltd' }).waitFor();
    for (const user of people) await page.getByRole('link', { name: `${user} Acme` }).waitFor();
    expect(await page.getByRole('link', { name: 'Ann Lee' }).count()).toBe(0);
    await expectAccessible(page);
    await screenshot(page, 'customers/search-account');
    await page.getByRole('button', { name: 'Account: Acme Coffee Ltd' }).click();
    await page.getByRole('link', { name: 'Ann Lee' }).waitFor();

    await open('user:solo');
    await card.getByText('None: this customer is the only one.').waitFor();
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'customers/account-long-narrow');
    await page.goto(`${console.url}/console/customers?account=solo-account`);
    await page.locator('a[data-result]').waitFor();
    await expectNoSidewaysScroll(page);
  });

  test('the search has filters for segment and silence, which stay in the URL', async () => {
    const { system } = console;
    const inSegment = { v: 1, segments: { promoters: { inside: true, since: 0 } } };
    await system.db.db.sql`
      insert into journeys (customer_id, workspace, epoch, state)
      values (${ann}, ${WORKSPACE}, 1, ${JSON.stringify(inSegment)}::text::jsonb)`;
    try {
      page = await console.login('viewer');
      await page.goto(`${console.url}/console/customers`);
      await page.getByRole('combobox', { name: 'Segment' }).click();
      await page.getByRole('option', { name: 'promoters' }).click();
      await page.waitForURL('**/customers?segment=promoters');
      await page.getByRole('link', { name: 'Ann Lee' }).waitFor();
      await expect.poll(() => page.locator('a[data-result]').count()).toBe(1);
      await page.reload();
      await page.getByRole('link', { name: 'Ann Lee' }).waitFor();
      expect(await page.getByRole('combobox', { name: 'Segment' }).textContent()).toBe('promoters');
      await page.getByRole('button', { name: 'Silent because of tickets' }).click();
      await page.waitForURL('**/customers?segment=promoters&suppressed=true');
      await page.goto(`${console.url}/console/customers?suppressed=true`);
      // Her colleague's ticket silences the whole account.
      await page.getByRole('link', { name: 'bo Acme' }).waitFor();
      expect(await page.getByRole('row').filter({ hasText: 'bo Acme' }).textContent()).toContain('silent');
      await expectAccessible(page);
      await screenshot(page, 'customers/search-silent');
      await expectNoSidewaysScroll(page);
      await screenshot(page, 'customers/search-silent-narrow');
    } finally {
      await system.db.db.sql`delete from journeys where customer_id = ${ann}`;
    }
  });

  test('names who did something: the name of a user, otherwise what a key says', async () => {
    page = await console.login('support');
    const pause = (ref: string, actor: string) =>
      page.evaluate(`fetch('/v1/session').then((answer) => answer.json()).then(({ csrfToken }) =>
        fetch('/v1/customers/${ref}/pause', { method: 'POST', headers: {
          'Content-Type': 'application/json', 'X-CSRF-Token': csrfToken },
          body: JSON.stringify({ reason: 'she called', actor: '${actor}', wait: false }) }))
        .then((answer) => answer.status)`);
    expect(await pause(ann, 'somebody else')).toBe(202);
    await open(ann, '?kind=command');
    await page.getByText('Customer paused by Kim the support: she called.').waitFor();
    expect(await page.getByTestId('right-now').textContent()).toContain(
      'Kim the support paused all messages',
    );
    expect(await page.getByText('from support').count()).toBe(0);
    await screenshot(page, 'customers/named');
  });
});
