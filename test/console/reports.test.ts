import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examples } from '../../src/api/reports/examples.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
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

const REPORTS = {
  value: { example: 'ValueReport', shows: 'All marketing' },
  retention: { example: 'RetentionReport', shows: 'Cohorts by the month of the first order' },
  experiments: { example: 'ExperimentsReport', shows: 'Reached the goal' },
  attribution: { example: 'AttributionReport', shows: 'All models beside the incremental number' },
  deliveries: { example: 'DeliveriesReport', shows: 'By action, channel and variant' },
} as const;

const money = (amount: number) => ({ amount: amount.toFixed(2), currency: 'EUR' });

/** A comparison of money per customer with an interval. */
const worth = (difference: number, low: number, high: number) => ({
  kind: 'compared',
  difference: money(difference),
  low: money(low),
  high: money(high),
  detectable: money(0.6),
  treated: { customers: 9_000, mean: money(14.2 + difference) },
  control: { customers: 1_000, mean: money(14.2) },
  lift: difference / 14.2,
  p: 0.01,
});

/** The example of the API's documentation, with a control group that is large enough. */
function buildValueReport() {
  const report = structuredClone(examples.ValueReport) as Record<string, unknown> & {
    global: Record<string, unknown> & { cohorts: Record<string, unknown>[] };
  };
  const { global } = report;
  global.value = worth(1.84, 0.9, 2.78);
  global.incremental = { amount: money(16_560), low: money(8_100), high: money(25_020) };
  const [cohort] = global.cohorts;
  global.cohorts = ['2026-06', '2026-07', '2026-08', '2026-09'].map((month, i) => ({
    ...cohort,
    cohort: month,
    value: worth(1.2 + i / 4, 0.1 + i / 5, 2.3 + i / 4),
  }));
  return report;
}

inBrowser('the reports in the console', () => {
  let app: RunningConsole;
  beforeAll(async () => {
    app = await startConsole({ files: treatEveryCustomer });
    for (const name of ['helen', 'ada', 'mara']) await app.system.accept(order(name, 1));
    await app.system.waitUntilSettled(await app.system.findCustomerId('mara'));
  }, 180_000);
  afterAll(() => app?.stop());

  const open = async (path: string): Promise<Page> => {
    const page = await app.login('viewer');
    await page.goto(`${app.url}/console${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  };

  test('E-4: each report has its age and a file, and claims nothing of a few customers', async () => {
    const page = await open('/reports/value');
    for (const [report, { shows }] of Object.entries(REPORTS)) {
      await page.goto(`${app.url}/console/reports/${report}`);
      await page.getByRole('heading', { name: shows }).waitFor();
      await page.getByText(/^Counted/).waitFor();
      await screenshot(page, `reports/${report}-few`);
      await expectAccessible(page);
    }
    await page.goto(`${app.url}/console/reports/value`);
    await page.getByRole('table', { name: 'Figures: All marketing' }).waitFor();
    await expect.poll(() => page.getByText(/Too few customers|No control group/).count()).toBeGreaterThan(4);
    expect(await page.getByText(/^(More|Less)$/).count()).toBe(0);
    expect(app.errors).toEqual([]);
  });

  test('the file has the rows of the report', async () => {
    const page = await open('/reports/deliveries');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download CSV' }).click(),
    ]);
    const stream = await download.createReadStream();
    let text = '';
    for await (const chunk of stream) text += chunk;
    expect(text).toMatch(/order-confirmation/);
    expect(text.split('\n')[0]).toMatch(/channel.*action|action.*channel/);
  });

  test('the period is in the URL, and stays from one report to the next', async () => {
    const page = await open('/reports/value');
    await page.getByRole('combobox', { name: 'Period' }).click();
    await page.getByRole('option', { name: 'Last 28 days' }).click();
    await page.waitForURL(/from=\d{4}-\d\d-\d\d/);
    const { searchParams } = new URL(page.url());
    await page.getByRole('link', { name: 'Deliveries' }).click();
    await page.getByRole('heading', { level: 1, name: 'Deliveries' }).waitFor();
    expect(new URL(page.url()).searchParams.get('from')).toBe(searchParams.get('from'));
    await page.getByLabel('First day').fill('2026-01-02');
    await page.waitForURL(/from=2026-01-02/);
    await page.getByRole('combobox', { name: 'Period' }).getByText('Own period').waitFor();
  });

  test('figures have intervals, and every report fits a phone, in light and dark', async () => {
    const page = await open('/reports/value');
    for (const [report, { example, shows }] of Object.entries(REPORTS)) {
      await page.route(`**/v1/reports/${report}?**`, (route) =>
        route.fulfill({
          json: report === 'value' ? buildValueReport() : (examples as Record<string, unknown>)[example],
        }),
      );
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(`${app.url}/console/reports/${report}`);
      await page.getByRole('heading', { name: shows }).waitFor();
      await page.waitForTimeout(300);
      await page.emulateMedia({ colorScheme: 'light' });
      await screenshot(page, `reports/${report}-light`);
      if (report === 'value') {
        const row = page.getByRole('row', { name: /^Value/ });
        await expect
          .poll(() => row.textContent())
          .toMatch(/€16\.04€14\.20\+€1\.84€0\.90 to €2\.78€0\.60More/);
        await page.getByText('€16,560.00').waitFor();
      }
      await page.emulateMedia({ colorScheme: 'dark' });
      await expectAccessible(page);
      await screenshot(page, `reports/${report}-dark`);
      await expectNoSidewaysScroll(page);
      await screenshot(page, `reports/${report}-narrow`);
    }
    expect(app.errors).toEqual([]);
  });

  test('a report that is unknown says so, and the texts are in Indonesian, too', async () => {
    const page = await app.login('viewer', { locale: 'id-ID' });
    await page.goto(`${app.url}/console/reports/value`);
    await page.getByRole('heading', { name: 'Seluruh pemasaran' }).waitFor();
    await screenshot(page, 'reports/value-id');
    await page.goto(`${app.url}/console/reports/nonsense`);
    await page.getByText('Laporan ini tidak ada.').waitFor();
  });
});
