import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { treatEveryCustomer } from '../support/bundles.ts';
import { ROOT } from '../support/paths.ts';
import { inBrowser } from './support/chromium.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

/** `npm run screenshots` takes the README's pictures; otherwise their pages are only checked. */
const TAKES = process.env.UPDATE_SCREENSHOTS === '1';
const DIR = path.join(ROOT, 'docs', 'images');
const LARGEST = 200_000;
const OTHERS = ['ada', 'mara', 'kim', 'budi', 'sari', 'tom', 'ines'];

interface Picture {
  name: string;
  /** Of the screen; 800 by itself. */
  height?: number;
  /** Leads the page to what the picture is of. */
  open(page: Page, url: string): Promise<void>;
  /** What the picture must show. */
  shows: RegExp[];
}

const PICTURES: Picture[] = [
  {
    name: 'customer',
    open: async (page, url) => void (await page.goto(`${url}/console/customers/user:helen`)),
    shows: [
      /Helen Berg/,
      /Marketing is silent while a ticket is open/,
      /“It leaks”/,
      /It lifts when/,
      /What comes next/,
    ],
  },
  {
    name: 'journey',
    open: async (page, url) => void (await page.goto(`${url}/console/journeys/tips`)),
    shows: [/Where customers are/, /Tip on grinding/, /Enters by/, /Left/],
  },
  {
    name: 'decision',
    async open(page, url) {
      await page.goto(`${url}/console/customers/user:helen`);
      const opened = page.getByRole('listitem').filter({ hasText: 'Ticket T1 opened' });
      await opened.getByRole('link', { name: 'See the decision' }).first().click();
      await page.waitForURL('**/console/decisions/**');
    },
    height: 1_180,
    shows: [/^Chose .*Help with a ticket/, /Tip on grinding/, /ticket T1 is open/i],
  },
];

const buy = (userId: string, firstName: string, lastName: string) => ({
  name: 'Order Completed',
  userId,
  context: {
    traits: { email: `${userId}@example.com`, firstName, lastName },
    timezone: 'Europe/Berlin',
    consent: { categoryPreferences: { marketing: true } },
  },
  properties: {
    order_id: `o-${userId}`,
    total: 412,
    currency: 'EUR',
    products: [{ product_id: 'espresso-machine' }],
  },
});

inBrowser('the pictures of the README', () => {
  let console: RunningConsole;
  beforeAll(async () => {
    console = await startConsole({ files: treatEveryCustomer });
    const { system } = console;
    await system.accept(
      buy('helen', 'Helen', 'Berg'),
      {
        name: 'Ticket Opened',
        userId: 'helen',
        properties: { ticket_id: 'T1', subject: 'It leaks', severity: 'high' },
      },
      ...OTHERS.map((userId) => buy(userId, userId, 'Berg')),
    );
    for (const userId of ['helen', ...OTHERS])
      await system.waitUntilSettled(await system.findCustomerId(userId));
  }, 180_000);
  afterAll(() => console?.stop());

  test.each(PICTURES)(
    'the page of $name still shows what its picture shows',
    async ({ name, height = 800, open, shows }) => {
      const page = await console.login('operator', { viewport: { width: 1280, height } });
      await open(page, console.url);
      for (const text of shows) await page.getByText(text).first().waitFor();
      expect(console.errors).toEqual([]);
      const file = path.join(DIR, `${name}.png`);
      if (TAKES) {
        mkdirSync(DIR, { recursive: true });
        // Charts and graphs move into place.
        await page.waitForTimeout(1_000);
        await page.screenshot({ path: file });
      }
      expect(statSync(file).size).toBeLessThan(LARGEST);
    },
  );
});
