import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';
import { CHROMIUM_PLACES, findChromium } from './find-chromium.ts';

/** A group of tests in a real browser. It is skipped, with a line that says why, where there is none. */
export function inBrowser(name: string, tests: () => void): void {
  if (findChromium()) return void describe(name, tests);
  console.warn(
    `${name}: skipped, no Chromium at ${CHROMIUM_PLACES[0]}: install it (apt-get install chromium) or set CHROMIUM_PATH`,
  );
  describe.skip(name, tests);
}

/** Starts the machine's Chromium. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('there is no Chromium on this machine');
  // Its sandbox does not run under root, as which most containers run.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
