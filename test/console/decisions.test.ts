import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY } from '../../src/domain/time/time.ts';
import { type BundleFile, replaceInFile, treatEveryCustomer } from '../support/bundles.ts';
import { inBrowser } from './support/chromium.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

const SCRIPT = '<img src=x onerror="document.title=1">';

/** The customers' clocks are ahead of that of the machine. */
const LATER = new Date(Date.now() + 30 * DAY).toISOString().slice(0, 10);

const person = (userId: string, granted: boolean) => ({
  userId,
  context: {
    traits: { email: `${userId}@example.com` },
    ...(granted ? { consent: { categoryPreferences: { marketing: true } } } : {}),
  },
});

const setScheme = async (page: Page, colorScheme: 'light' | 'dark') => {
  await page.emulateMedia({ colorScheme });
  await page.waitForTimeout(250);
};

inBrowser('decisions in the console', () => {
  let console: RunningConsole;
  let customers: Record<'helen' | 'ada' | 'cleo', string>;
  let operator: Page;

  const open = async (page: Page, path: string) => {
    await page.goto(`${console.url}/console${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
  };
  const ask = async (path: string) => {
    const response = await operator.request.get(`${console.url}${path}`);
    expect(response.status()).toBe(200);
    return response.json();
  };
  const latestOf = async (customerId: string, query = '') => {
    const { data } = await ask(`/v1/decisions?limit=100&to=${LATER}${query}`);
    return data.find((item: { customerId: string }) => item.customerId === customerId).id as string;
  };

  /** Helen has a ticket when she orders; Cleo has granted nothing; Ada gets a tip, and then has reached her cap. */
  beforeAll(async () => {
    console = await startConsole();
    const { system } = console;
    const capAt = (max: number) => (files: BundleFile[]) =>
      replaceInFile(
        'workspace.yaml',
        '{ max: 3, per: 7d }',
        `{ max: ${max}, per: 28d }`,
      )(replaceInFile('workspace.yaml', 'spacing: 24h', 'spacing: 0s')(treatEveryCustomer(files)));
    await system.applyExample(capAt(3));
    const order = (id: string) => ({
      name: 'Order Completed',
      properties: { order_id: id, total: 412, products: [{ product_id: 'espresso-machine' }] },
    });
    await system.accept({
      ...person('helen', true),
      name: 'Ticket Opened',
      properties: { ticket_id: SCRIPT, subject: SCRIPT, severity: 'high' },
    });
    await system.accept(
      { ...person('helen', true), ...order('o-1') },
      { ...person('ada', true), ...order('o-2') },
      { ...person('cleo', false), ...order('o-3') },
      { ...person('ada', true), name: SCRIPT, properties: { [SCRIPT]: SCRIPT } },
    );
    customers = {
      helen: await system.findCustomerId('helen'),
      ada: await system.findCustomerId('ada'),
      cleo: await system.findCustomerId('cleo'),
    };
    for (const id of Object.values(customers)) await system.waitUntilSettled(id);
    // Another bundle decides afresh what was held behind the confirmation.
    await system.applyExample(capAt(1));
    await system.accept({
      ...person('ada', true),
      name: 'Product Viewed',
      properties: { product_id: 'filters' },
    });
    await system.advanceTime(customers.ada, 8 * DAY);
    // No decision comes while pages and the API's answers are compared.
    for (const id of Object.values(customers)) await system.waitUntilSettled(id);
    operator = await console.login('operator');
  }, 240_000);
  afterAll(() => console?.stop());

  test('the overview shows the funnel, the reasons in words and the newest decisions', async () => {
    await open(operator, '/decisions');
    await operator.getByRole('figure', { name: 'From candidates to sent' }).waitFor();
    await operator.getByRole('link', { name: 'No consent is known' }).waitFor();
    await operator.getByRole('heading', { name: 'Latest decisions' }).waitFor();
    await operator.locator('svg').first().waitFor();
    await expectAccessible(operator);
    await screenshot(operator, 'decisions/overview-light');
    await setScheme(operator, 'dark');
    await expectAccessible(operator);
    await screenshot(operator, 'decisions/overview-dark');
    await setScheme(operator, 'light');
  });

  test('a chart is a table, too, with the numbers of the report', async () => {
    await open(operator, '/decisions');
    const figure = operator.getByRole('figure', { name: 'From candidates to sent' });
    await figure.getByRole('button', { name: 'Show as table' }).click();
    const { days } = await ask('/v1/reports/funnel');
    const chosen = days.reduce((sum: number, day: { chosen: number }) => sum + day.chosen, 0);
    await figure.getByRole('row', { name: `Chosen ${chosen}` }).waitFor();
    await figure.getByRole('button', { name: 'Show as chart' }).click();
    const csv = await operator.getByRole('link', { name: 'Download as CSV' }).first().getAttribute('href');
    const file = await operator.request.get(`${console.url}${csv}`);
    expect(await file.text()).toMatch(/^day,gate,code,decisions,candidates/);
  });

  test('filters are in the URL, and restrict what is listed', async () => {
    await open(operator, '/decisions?gate=suppression');
    const table = operator.getByRole('table', { name: 'Decisions, newest first' });
    await table.getByTitle(customers.helen).first().waitFor();
    expect(await table.getByTitle(customers.cleo).count()).toBe(0);
    await operator.getByRole('combobox', { name: 'Outcome' }).click();
    await operator.getByRole('option', { name: 'Offered' }).click();
    await operator.getByText('No decision matches').waitFor();
    await operator.waitForURL(/outcome=offered/);
    await operator.getByRole('button', { name: 'Clear filters' }).click();
    await table.getByTitle(customers.cleo).first().waitFor();
  });

  test('a decision has words for every verdict: by ticket, by consent, by cap, and chosen', async () => {
    const cases = [
      [await latestOf(customers.helen, '&gate=suppression'), /Ticket .* is open/],
      [await latestOf(customers.cleo, '&gate=consent'), /No consent to marketing/],
      [await latestOf(customers.ada, '&gate=caps'), /The cap .* is full: 1 of 1/],
    ] as const;
    const names = await ask('/v1/names');
    for (const [id, words] of cases) {
      await open(operator, `/decisions/${id}`);
      await operator.getByText(words).first().waitFor();
      const { candidates } = await ask(`/v1/decisions/${id}`);
      const body = await operator.getByRole('main').innerText();
      for (const { action } of candidates) expect(body).toContain(names.actions[action] ?? action);
      expect(body).not.toMatch(/The rule \w+ blocks/);
    }
    await open(operator, `/decisions/${await latestOf(customers.ada, '&outcome=acted&journey=tips')}`);
    await operator.getByText(/Chose Tip on/).waitFor();
    await operator.getByText(/came first by the rules/).waitFor();
    await operator.getByText('Sent').first().waitFor();
    await operator.locator('svg').first().waitFor();
    await expectAccessible(operator);
    await screenshot(operator, 'decisions/decision-acted');
    await open(operator, `/decisions/${cases[0][0]}`);
    await expectAccessible(operator);
    await screenshot(operator, 'decisions/decision-held');
    await setScheme(operator, 'dark');
    await screenshot(operator, 'decisions/decision-dark');
    await setScheme(operator, 'light');
  });

  test('a decision is opened with the keyboard alone', async () => {
    await open(operator, '/decisions');
    await operator.getByTitle(customers.helen).first().waitFor();
    const focused = () => operator.evaluate('document.activeElement?.getAttribute("href") ?? ""');
    for (let presses = 0; presses < 120 && !/decisions\/dec_/.test(String(await focused())); presses++)
      await operator.keyboard.press('Tab');
    await operator.keyboard.press('Enter');
    await operator.waitForURL('**/console/decisions/dec_**');
    await operator.getByRole('heading', { name: 'Candidates', exact: true }).waitFor();
  });

  test('candidates are found by their words and verdict', async () => {
    await open(operator, `/decisions/${await latestOf(customers.helen, '&gate=suppression')}`);
    await operator
      .getByText(/is open/)
      .first()
      .waitFor();
    await operator
      .getByRole('searchbox', { name: 'Find an action, channel or reason' })
      .fill('nothing like it');
    await operator.getByText('No candidate matches').waitFor();
    await operator.waitForURL(/find=nothing/);
    await operator.getByRole('searchbox').fill('is open');
    await operator
      .getByText(/is open/)
      .last()
      .waitFor();
    await operator.getByText('Show as JSON').click();
    await operator.getByRole('button', { name: 'Copy the record' }).waitFor();
  });

  test('texts of senders stay texts', async () => {
    const id = await latestOf(customers.helen, '&gate=suppression');
    await open(operator, `/decisions/${id}`);
    await operator.getByText('onerror').first().waitFor();
    await open(operator, `/actions/${encodeURIComponent(SCRIPT)}`);
    await operator.getByRole('heading', { name: SCRIPT }).waitFor();
    expect(await operator.title()).not.toBe('1');
    expect(await operator.locator('img[src="x"]').count()).toBe(0);
  });

  test('other weights are tried by keyboard, and copied as an edit', async () => {
    await open(operator, '/decisions?tab=weights');
    await operator.getByText('Move a slider to try other weights.').first().waitFor();
    await operator.getByRole('slider', { name: 'Cost of a contact' }).focus();
    await operator.keyboard.press('ArrowRight');
    await operator.getByText('1 weight changed').waitFor();
    await operator.getByRole('spinbutton', { name: 'Priority of Tip on milk foam' }).fill('99');
    await operator.getByText('2 weights changed').waitFor();
    await operator.getByText(/of \d+ decisions would choose something else/).waitFor();
    await operator.getByText(/cannot carry an estimate|No clear gain/).waitFor();
    await operator.locator('svg').first().waitFor();
    await expectAccessible(operator);
    await screenshot(operator, 'decisions/weights-light');
    await setScheme(operator, 'dark');
    await expectAccessible(operator);
    await screenshot(operator, 'decisions/weights-dark');
    await setScheme(operator, 'light');
    await operator.getByRole('button', { name: 'Copy as an edit' }).click();
    await operator.waitForURL('**/console/journeys/edit**');
  });

  test('an action is paused and resumed with a reason, by those who may', async () => {
    await open(operator, '/actions/tip-grinder');
    await operator.getByRole('button', { name: 'Pause' }).click();
    const dialog = operator.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill(`wrong price ${SCRIPT}`);
    await expectAccessible(operator);
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await operator.getByText('Paused since').waitFor();
    await expect.poll(async () => (await ask('/v1/actions/tip-grinder')).state).toBe('paused');
    await expectAccessible(operator);
    await screenshot(operator, 'decisions/action-paused');
    await operator.getByRole('button', { name: 'Resume' }).click();
    await operator.getByRole('dialog').getByRole('textbox').fill('corrected');
    await operator.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await operator.getByRole('button', { name: 'Pause' }).waitFor();
    await expect.poll(async () => (await ask('/v1/actions/tip-grinder')).state).toBe('active');
    const viewer = await console.login('viewer');
    await open(viewer, '/actions/tip-grinder');
    await viewer.getByRole('heading', { name: 'Guardrails' }).waitFor();
    expect(await viewer.getByRole('button', { name: 'Pause' }).count()).toBe(0);
    await open(viewer, '/decisions?tab=weights');
    await viewer.getByText('Your role may look at the weights.', { exact: false }).waitFor();
    expect(await viewer.getByRole('slider', { name: 'Exploration' }).isDisabled()).toBe(true);
    await viewer.context().close();
  });

  test('all actions are listed with their figures; the filters are in the URL', async () => {
    await open(operator, '/decisions');
    await operator.getByRole('navigation').getByRole('link', { name: 'Actions' }).click();
    await operator.waitForURL('**/console/actions');
    const table = operator.getByRole('table', { name: 'Actions of the active bundle' });
    await table.getByRole('link', { name: 'Tip on milk foam', exact: true }).waitFor();
    const report = await ask('/v1/reports/decisions');
    const { blocked } = report.actions.find((item: { action: string }) => item.action === 'tip-milk');
    const row = table.getByRole('row').filter({ hasText: 'tip-milk' });
    await row.getByRole('link', { name: `${blocked}: Decisions that held` }).waitFor();
    await expectAccessible(operator);
    await screenshot(operator, 'decisions/actions-light');
    await setScheme(operator, 'dark');
    await expectAccessible(operator);
    await screenshot(operator, 'decisions/actions-dark');
    await setScheme(operator, 'light');
    await operator.getByRole('combobox', { name: 'Channel' }).click();
    await operator.getByRole('option', { name: 'Agent desk' }).click();
    await operator.waitForURL(/channel=agent_desk/);
    await operator.reload();
    await table.getByRole('link', { name: 'Call by an agent', exact: true }).waitFor();
    expect(await table.getByRole('link', { name: 'Tip on milk foam', exact: true }).count()).toBe(0);
    await operator.getByRole('searchbox', { name: 'Search' }).fill('no action has this name');
    await operator.getByRole('button', { name: 'Clear filters' }).click();
    await table.getByRole('link', { name: 'Tip on milk foam', exact: true }).click();
    await operator.getByRole('heading', { level: 1, name: 'Tip on milk foam' }).waitFor();
  });

  test('narrow screens scroll down only', async () => {
    const narrow = await console.login('operator', { viewport: { width: 390, height: 844 } });
    for (const [path, name] of [
      ['/decisions', 'overview-narrow'],
      ['/decisions?tab=weights', 'weights-narrow'],
      [`/decisions/${await latestOf(customers.helen, '&gate=suppression')}`, 'decision-narrow'],
      ['/actions/tip-grinder', 'action-narrow'],
      ['/actions', 'actions-narrow'],
    ] as const) {
      await open(narrow, path);
      await narrow.waitForTimeout(300);
      await screenshot(narrow, `decisions/${name}`);
      await expectNoSidewaysScroll(narrow);
    }
    await narrow.context().close();
  });

  test('the pages speak Indonesian', async () => {
    const page = await console.login('operator', { locale: 'id-ID' });
    await open(page, '/decisions');
    await page.getByRole('heading', { level: 1, name: 'Keputusan' }).waitFor();
    await page.getByRole('heading', { name: 'Dari kandidat sampai terkirim' }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'decisions/overview-indonesian');
    await page.context().close();
  });

  test('a decision, and an action, that do not exist say so; nothing broke anywhere', async () => {
    await open(operator, '/decisions/dec_none');
    await operator
      .getByText(/no such decision|not found/i)
      .first()
      .waitFor();
    await open(operator, '/actions/none');
    await operator
      .getByText(/no such action|not found/i)
      .first()
      .waitFor();
    await screenshot(operator, 'decisions/not-found');
    expect(console.errors).toEqual([]);
  });
});
