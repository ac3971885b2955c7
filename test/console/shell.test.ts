import { afterAll, beforeAll, expect, test } from 'vitest';
import { inBrowser } from './support/chromium.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

inBrowser('the shell of the console', () => {
  let console: RunningConsole;
  beforeAll(async () => {
    console = await startConsole({ worker: false, relay: false });
  });
  afterAll(() => console?.stop());

  test('the start page is accessible, light and dark, wide and narrow', async () => {
    const page = await console.login('operator');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'shell/light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectAccessible(page);
    await screenshot(page, 'shell/dark');
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'shell/narrow');
    await page.getByRole('button', { name: 'Open the navigation' }).click();
    await expectAccessible(page);
    await screenshot(page, 'shell/drawer');
    expect(console.errors).toEqual([]);
  });
});
