import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startApi } from '../../../src/service/api.ts';
import { buildProduct } from '../../support/product.ts';
import { startTestSystem, type TestSystem, type TestSystemOptions, WORKSPACE } from '../../support/system.ts';
import { launchChromium } from './chromium.ts';
import { type Role, startStandIn } from './session-stand-in.ts';

/** A running Throughline with its console, and a browser. */
export interface RunningConsole {
  system: TestSystem;
  /** Of the API, without a slash at the end. */
  url: string;
  browser: Browser;
  /** A page of a new browser profile, logged in with this role, on the console's start page. */
  login(role: Role, options?: BrowserContextOptions): Promise<Page>;
  /** The same without a login, on an empty page. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** What browsers reported as wrong since the start: exceptions, refused scripts and styles. */
  errors: string[];
  stop(): Promise<void>;
}

const DEFAULTS: BrowserContextOptions = {
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
  viewport: { width: 1280, height: 800 },
  reducedMotion: 'reduce',
};

/** Starts a system of the file's own with API and console, and a browser. */
export async function startConsole(options: TestSystemOptions = {}): Promise<RunningConsole> {
  buildProduct();
  const system = await startTestSystem(options);
  const api = await startApi(system.service);
  const standIn = await startStandIn(system.service, api.port, WORKSPACE);
  const browser = await launchChromium();
  const url = `http://127.0.0.1:${standIn.port}`;
  const errors: string[] = [];
  const newPage = async (more: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ ...DEFAULTS, ...more });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      // A refused request is also reported here; tests look at what the page makes of it.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        errors.push(message.text());
    });
    return page;
  };
  return {
    system,
    url,
    browser,
    errors,
    newPage,
    async login(role, more) {
      const page = await newPage(more);
      await page.context().addCookies([{ name: 'role', value: role, url }]);
      await page.goto(`${url}/console/`);
      await page.getByRole('main').waitFor();
      return page;
    },
    async stop() {
      await browser.close();
      await standIn.stop();
      await api.stop();
      await system.stop();
    },
  };
}
