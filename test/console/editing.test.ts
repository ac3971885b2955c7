import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BundleFile, replaceInFile, treatEveryCustomer } from '../support/bundles.ts';
import { inBrowser } from './support/chromium.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

/** When customers leave the journey at the latest: an edit that concerns all of them. */
const LIMIT = { from: 'after: 90d', to: 'after: 80d' };

inBrowser('editing definitions in the console', () => {
  let app: RunningConsole;
  beforeAll(async () => {
    app = await startConsole({
      files: treatEveryCustomer,
      env: { TEST_RECIPIENTS: '["kim@example.com"]' },
    });
    await app.system.accept({
      name: 'Order Completed',
      userId: 'helen',
      properties: { order_id: 'o-1', total: 412, products: [{ product_id: 'espresso-machine' }] },
      context: {
        traits: { email: 'helen@example.com', firstName: 'Helen' },
        consent: { categoryPreferences: { marketing: true } },
      },
    } as never);
    await app.system.waitUntilSettled(await app.system.findCustomerId('helen'));
  }, 180_000);
  afterAll(() => app?.stop());

  const open = async (path: string, role: 'viewer' | 'operator' = 'operator'): Promise<Page> => {
    const page = await app.login(role);
    await page.goto(`${app.url}/console${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  };
  const editor = (page: Page) => page.getByRole('textbox', { name: /^Text of/ });
  /** Replaces the text of the open file. */
  const write = async (page: Page, text: string) => {
    await editor(page).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
  };
  const textOf = async (path: string): Promise<string> => {
    const [row] = await app.system.db.db.sql`
      select f ->> 'text' as text from workspaces w join bundles b on b.workspace = w.id and b.version = w.config_version
      cross join jsonb_array_elements(b.files) f where w.id = 'aroma' and f ->> 'path' = ${path}`;
    return row?.text as string;
  };
  const activeVersion = async (): Promise<number> => {
    const [row] = await app.system.db.db.sql`select config_version as n from workspaces where id = 'aroma'`;
    return row?.n as number;
  };
  const tab = (page: Page, name: string | RegExp) => page.getByRole('tab', { name }).click();
  const change = (files: BundleFile[]) =>
    replaceInFile('journeys/birthday.yaml', 'owner: loyalty', 'owner: crm')(treatEveryCustomer(files));

  test('an error is shown at its place; completion works by keyboard', async () => {
    const page = await open('/journeys/edit?journey=tips');
    await editor(page).waitFor();
    await write(page, (await textOf('journeys/tips.yaml')).replace('owner: care', 'ownr: care'));
    const problems = page.getByRole('list', { name: 'Problems' });
    await problems.getByText(/unknown key: ownr/).waitFor();
    await page.locator('.cm-lintRange-error').first().waitFor();
    await page.waitForTimeout(200);
    await screenshot(page, 'journeys/edit-error');
    await expectAccessible(page);
    await problems
      .getByRole('button', { name: /tips\.yaml:\d+/ })
      .first()
      .click();
    const focused = () => page.evaluate('document.activeElement.className');
    await expect.poll(focused).toContain('cm-content');
    await page.getByRole('button', { name: 'Apply' }).and(page.locator(':disabled')).waitFor();
    // By keyboard only: the key that is missing.
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\nown');
    await page.keyboard.press('Control+Space');
    await page.getByRole('option', { name: /owner/ }).waitFor();
    await screenshot(page, 'journeys/edit-completion');
    await page.waitForTimeout(150);
    await page.keyboard.press('Enter');
    const text = () => editor(page).textContent();
    await expect.poll(text).toContain('owner: ');
    // Tab leaves the editor.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await expect.poll(focused).not.toContain('cm-content');
    // The changes survive a reload of the page.
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await editor(page).waitFor();
    await expect.poll(text).toContain('ownr: care');
    await page.getByRole('button', { name: 'Drop changes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drop changes' }).click();
    await page.getByText('Nothing is changed yet').waitFor();
    expect(app.errors).toEqual([]);
  });

  test('the impact is shown in words and as a picture before it is applied; then it can be taken back', async () => {
    const page = await open('/journeys/edit?journey=tips');
    await editor(page).waitFor();
    const before = await activeVersion();
    await write(page, (await textOf('journeys/tips.yaml')).replace(LIMIT.from, LIMIT.to));
    await tab(page, 'Impact');
    await page
      .getByText(/Weekly tips · /)
      .first()
      .waitFor();
    await screenshot(page, 'journeys/edit-impact');
    await expectAccessible(page);
    await tab(page, 'Picture');
    await page.getByText('Weekly tips: 0 added, 0 removed, 1 changed').waitFor();
    await page.waitForTimeout(500);
    await screenshot(page, 'journeys/edit-picture');
    await tab(page, 'Text');
    await page.getByText(LIMIT.to).first().waitFor();
    await screenshot(page, 'journeys/edit-text');
    await page.getByRole('button', { name: 'Apply' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Kim the operator').waitFor();
    await screenshot(page, 'journeys/edit-apply');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await page.getByText(`Version ${before + 1} is active.`, { exact: true }).waitFor();
    expect(await activeVersion()).toBe(before + 1);
    expect(await textOf('journeys/tips.yaml')).toContain(LIMIT.to);

    await page.goto(`${app.url}/console/journeys/edit?rollback=${before}`);
    await page.getByText('Weekly tips: 0 added, 0 removed, 1 changed').waitFor();
    await page.waitForTimeout(500);
    await screenshot(page, 'journeys/rollback');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Go back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click();
    await page.getByText(`Version ${before + 2} is active. Nothing changes`).waitFor();
    expect(await textOf('journeys/tips.yaml')).toContain(LIMIT.from);
    expect(app.errors).toEqual([]);
  });

  test('an edit that began from an older version is not applied before both were compared', async () => {
    const page = await open('/journeys/edit?journey=tips');
    await editor(page).waitFor();
    await write(page, (await textOf('journeys/tips.yaml')).replace(LIMIT.from, LIMIT.to));
    await page.getByRole('button', { name: 'Apply' }).and(page.locator(':enabled')).waitFor();
    const theirs = await app.system.applyExample(change);
    // The page does not know yet: the server refuses.
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
    await page
      .getByRole('dialog')
      .getByText(/is active now, and this edit began/)
      .waitFor();
    expect(await activeVersion()).toBe(theirs);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await page.getByText(`Version ${theirs} was applied meanwhile.`, { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Apply' }).and(page.locator(':disabled')).waitFor();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByText('owner: crm').waitFor();
    await screenshot(page, 'journeys/edit-conflict');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Keep my changes on top' }).click();
    await page.getByRole('button', { name: 'Apply' }).and(page.locator(':enabled')).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
    await page.getByText(`Version ${theirs + 1} is active.`, { exact: true }).waitFor();
    expect(await textOf('journeys/birthday.yaml')).toContain('owner: crm');
    expect(await textOf('journeys/tips.yaml')).toContain(LIMIT.to);
    expect(app.errors).toEqual([]);
  });

  test('a message is shown as Helen would get it, with the changes that are not applied', async () => {
    const page = await open('/journeys/edit?file=content/order-confirmation/email.en.liquid');
    await editor(page).waitFor();
    await tab(page, 'Message');
    await page.getByRole('textbox', { name: 'As customer' }).fill('user:helen');
    await page.getByRole('button', { name: 'Show' }).click();
    const frame = page.frameLocator('iframe[title="Message of Order confirmation"]');
    await frame.locator('body').waitFor();
    await page.waitForTimeout(300);
    await screenshot(page, 'journeys/edit-message');
    await expectAccessible(page);
    await write(
      page,
      '---\nsubject: Bold news\n---\n<p>Hello {{ traits.firstName }}</p><script>parent.document.title = "stolen"</script>',
    );
    await page.getByRole('button', { name: 'Show' }).click();
    await frame.getByText('Hello Helen').waitFor();
    expect(await page.title()).not.toContain('stolen');
    await page.getByRole('button', { name: 'Drop changes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drop changes' }).click();
    expect(app.errors).toEqual([]);
  });

  test('a text message is shown with what it costs; a mail is sent to an address that is permitted, and to no other', async () => {
    const page = await open('/journeys/edit?file=content/coupon-20/sms.en.txt');
    await editor(page).waitFor();
    await tab(page, 'Message');
    const channel = page.getByRole('combobox', { name: 'Channel' });
    const choose = async (name: string) => {
      await channel.click();
      await page.getByRole('option', { name }).click();
      await page.getByRole('button', { name: 'Show' }).click();
    };
    const message = page.getByRole('article', { name: 'Message of Coupon of 20 %' });
    await page.getByRole('textbox', { name: 'As customer' }).fill('user:helen');
    await choose('sms');
    await message.getByText('We are sorry for the trouble').waitFor();
    await message.getByText('One SMS').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'journeys/edit-sms');
    // A letter that SMS has no place for, and a text that is longer than one.
    await write(page, `Hello {{ traits.firstName }} ${'long '.repeat(20)} 😀`);
    await page.getByRole('button', { name: 'Show' }).click();
    await message.getByText('Hello Helen').waitFor();
    await message.getByText(/2 parts: it is paid as 2 SMS.*😀/).waitFor();
    const to = page.getByRole('textbox', { name: /^Send a test mail/ });
    expect(await to.count()).toBe(0);

    await choose('email');
    const frame = page.frameLocator('iframe[title="Message of Coupon of 20 %"]');
    await frame.locator('body').waitFor();
    const send = page.getByRole('button', { name: 'Send', exact: true });
    await to.fill('someone@example.com');
    await send.click();
    await page.getByText(/TEST_RECIPIENTS permits/).waitFor();
    await to.fill('kim@example.com');
    await send.click();
    await page.getByText('Sent to kim@example.com').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'journeys/edit-test-send');
    const sent = app.system.mailbox.messages().filter(({ to: all }) => all.includes('kim@example.com'));
    expect(sent.map(({ subject }) => subject)).toEqual([expect.stringContaining('[Test]')]);
    await page.getByRole('button', { name: 'Drop changes' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drop changes' }).click();
    expect(app.errors).toEqual([]);
  });

  test('on a phone, in the dark, and for a role that may not edit', async () => {
    const page = await open('/journeys/edit?journey=tips');
    await editor(page).waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    await screenshot(page, 'journeys/edit-dark');
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'journeys/edit-narrow');
    const viewer = await open('/journeys/edit', 'viewer');
    await viewer.getByText('Your role can read definitions, but not edit them.').waitFor();
    expect(app.errors).toEqual([]);
  });

  test('texts of a bundle run nothing; 200 journeys and one of 300 steps stay usable', async () => {
    const hostile = '<img src=x onerror=document.title=1> ‮ 😀';
    const steps = Array.from(
      { length: 300 },
      (_, n) =>
        `  - { id: s${n}, wait: { until: [{ on: ${JSON.stringify(`${hostile} ${n}`)} }, { after: 1d${n % 10 === 5 && n < 290 ? `, next: s${n + 5}` : ''} }] } }`,
    );
    const many: BundleFile[] = Array.from({ length: 200 }, (_, n) => ({
      path: `journeys/many-${n}.yaml`,
      text: `id: many-${n}\nclass: service\nowner: care\nenter: ${JSON.stringify(hostile)}\nexit: [{ after: 300d }]\nsteps:\n${n === 0 ? steps.join('\n') : '  - { id: rest, wait: { until: [{ after: 9d }] } }'}\n`,
    }));
    await app.system.applyExample((files) => [...treatEveryCustomer(files), ...many]);
    const page = await open('/journeys?q=many');
    await page.getByText('200 of 217 journeys').waitFor();
    await page.goto(`${app.url}/console/journeys/many-0`);
    const picture = page.getByRole('region', { name: 'Steps of many-0' });
    await picture.getByRole('button', { name: /Wait: s0/ }).waitFor();
    await page.waitForTimeout(500);
    await screenshot(page, 'journeys/many-steps');
    await picture.getByRole('button', { name: /Wait: s0/ }).focus();
    for (let n = 0; n < 6; n++) await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.evaluate('document.activeElement.dataset.step')).toBe('s6');
    await expectAccessible(page);
    // Any step is found by its name, and all of them fit the picture at once.
    await picture.getByRole('searchbox', { name: 'Find a step' }).fill('s287');
    await picture.getByRole('button', { name: /Wait: s287/ }).waitFor();
    expect(await page.getByRole('button', { name: /Wait: s0/ }).count()).toBe(0);
    await screenshot(page, 'journeys/many-steps-found');
    await picture.getByRole('button', { name: 'Fit' }).click();
    await picture.getByRole('button', { name: /Wait: s0/ }).waitFor();
    await screenshot(page, 'journeys/many-steps-fit');
    await picture.getByRole('searchbox', { name: 'Find a step' }).fill('no such step');
    await picture.getByText('No step has these words').waitFor();
    await picture.getByRole('searchbox', { name: 'Find a step' }).fill('');
    await picture.getByRole('button', { name: 'List' }).click();
    await picture.getByText('s299', { exact: true }).first().waitFor();
    await page.goto(`${app.url}/console/journeys/edit?file=journeys/many-0.yaml`);
    await editor(page).waitFor();
    await page.getByRole('searchbox', { name: 'Filter files' }).fill('many-199');
    await page.getByRole('button', { name: 'many-199.yaml' }).click();
    await page.getByRole('heading', { name: 'journeys/many-199.yaml' }).waitFor();
    expect(await page.title()).toContain('Edit definitions');
    expect(app.errors).toEqual([]);
  });
});
