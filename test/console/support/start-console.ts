import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Role } from '../../../db/access/users.ts';
import { startApi } from '../../../src/service/api.ts';
import { buildProduct } from '../../support/product.ts';
import { startTestSystem, type TestSystem, type TestSystemOptions, WORKSPACE } from '../../support/system.ts';
import { launchChromium } from './chromium.ts';
import { createUsers } from './log-in.ts';

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
  /** Fills in the login page that is open, and sends it. */
  logIn(page: Page, role: Role): Promise<void>;
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
/** A loaded machine takes its time. */
const PATIENCE_MS = 30_000;

/** Starts a system of the file's own with API and console, and a browser. Users have their role in all workspaces. */
export async function startConsole(options: TestSystemOptions = {}): Promise<RunningConsole> {
  buildProduct();
  const system = await startTestSystem(options);
  const api = await startApi(system.service);
  const browser = await launchChromium();
  const url = `http://127.0.0.1:${api.port}`;
  const users = createUsers(system.db.db, url, [WORKSPACE, ...Object.keys(options.workspaces ?? {})]);
  const errors: string[] = [];
  const newPage = async (more: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ ...DEFAULTS, ...more });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
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
      await users.begin(page, role);
      await page.goto(`${url}/console/`);
      await page.getByRole('main').waitFor();
      return page;
    },
    logIn: users.logIn,
    async stop() {
      await browser.close();
      await api.stop();
      await system.stop();
    },
  };
}
