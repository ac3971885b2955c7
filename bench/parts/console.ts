import { chromium, type Page } from 'playwright-core';
import { createUser } from '../../src/app/users/manage-users.ts';
import { findChromium } from '../../test/console/support/find-chromium.ts';
import { buildShopEvent, toUserId } from '../events.ts';
import { createSender, encodeBatch } from '../http-sender.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import { runRounds, summarize } from '../stats.ts';
import type { Stops } from '../stops.ts';
import { type BenchSystem, startSystem, WORKSPACE } from '../system.ts';
import { measureSearch } from './console-search.ts';

const EVENTS = 10_000;
const BATCH = 100;
const CUSTOMER = 1;
const ROUNDS = 7;
const BUDGET_MS = 60_000;
const PASSWORD = 'only for measurements';

/**
 * console: milliseconds until a browser shows a customer with 10,000 events, against an empty page of the same server;
 * and those of a search among 1,000,000 customers, against the same search among 1,000.
 */
export async function benchConsole(servers: Servers, stops: Stops): Promise<Result[]> {
  const system = await startSystem(servers, 'console', ['api'], stops);
  const view = await measureView(system, stops);
  return [...view, await measureSearch(system)];
}

async function measureView(system: BenchSystem, stops: Stops): Promise<Result[]> {
  const executablePath = findChromium();
  if (!executablePath) {
    console.warn('  console: no Chromium (apt-get install chromium), so no page is measured');
    return [];
  }
  await fillLog(system, stops);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  stops.push(() => browser.close());
  const page = await logIn(system, await browser.newPage());
  const show = async (path: string, shown: string) => {
    const began = performance.now();
    await page.goto(`${system.url}/console${path}`);
    await page.locator(shown).first().waitFor();
    return performance.now() - began;
  };
  const customer = () => show(`/customers/user:${toUserId(CUSTOMER)}`, 'ol time');
  const empty = () => show('/no-such-page', 'h1');
  // The first views fill the caches of the browser and of the API, so they are discarded.
  await customer();
  await empty();
  const pairs = await runRounds(ROUNDS, BUDGET_MS, async () => ({
    ours: await customer(),
    floor: await empty(),
  }));
  const goal = { at: 'most', value: 5 } as const;
  return [
    {
      part: 'console',
      measure: 'view of a customer with 10,000 events',
      unit: 'ms',
      goal,
      ...summarize(pairs),
    },
  ];
}

async function fillLog(system: BenchSystem, stops: Stops): Promise<void> {
  const sender = createSender(system.urls, system.writeKeys, 1);
  stops.push(() => sender.close());
  for (let from = 0; from < EVENTS; from += BATCH) {
    const events = Array.from({ length: BATCH }, (_, index) =>
      buildShopEvent(CUSTOMER, `console-${from + index}`),
    );
    await sender.post('/v1/batch', encodeBatch(events));
  }
}

async function logIn(system: BenchSystem, page: Page): Promise<Page> {
  const login = 'bench@example.com';
  await createUser(system.db, { login, name: 'Bench', password: PASSWORD, roles: { [WORKSPACE]: 'viewer' } });
  const answer = await page.request.post(`${system.url}/v1/session`, { data: { login, password: PASSWORD } });
  if (!answer.ok()) throw new Error(`the login answered ${answer.status()}`);
  return page;
}
