import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../src/app/api-keys/keys.ts';
import mapped from '../sources/webhooks/vectors/mapped.ts';
import { type BundleFile, treatEveryCustomer } from '../support/bundles.ts';
import { WORKSPACE } from '../support/system.ts';
import { inBrowser } from './support/chromium.ts';
import { expectAccessible, expectNoSidewaysScroll, screenshot } from './support/expect-page.ts';
import { type RunningConsole, startConsole } from './support/start-console.ts';

const VERIFY = 'verify: { hmac: { header: X-Signature, prefix: "sha256=", timestamp: X-Timestamp } }';
/** It expects the member's number where the vendor has sent it until last week. */
const OLD = `- { id: loyalty, kind: mapped, ${VERIFY},
  messages: [{ when: "headers['x-topic'] == 'points'", event: Points Earned, messageId: payload.number }] }`;
const MENDED = OLD.replace('payload.number', 'payload.id, userId: payload.member.number');
const XSS = '"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

const withSource = (files: BundleFile[], text: string): BundleFile[] => [
  ...treatEveryCustomer(files).filter(({ path }) => path !== 'sources.yaml'),
  { path: 'sources.yaml', text },
];

inBrowser('the operations page', () => {
  let console: RunningConsole;
  let refuseMail = false;
  let writeKey: string;
  beforeAll(async () => {
    console = await startConsole({
      files: (files) => withSource(files, OLD),
      env: {
        TEMPORAL_UI_URL: 'http://127.0.0.1:9/ui',
        SOURCES: JSON.stringify({ loyalty: { workspace: WORKSPACE, secrets: [mapped.secrets[0]] } }),
      },
      mailbox: { onRcpt: () => (refuseMail ? { code: 451, message: `moved ${XSS}` } : undefined) },
    });
    writeKey = await createKey(console.system.db.db, {
      workspace: WORKSPACE,
      kind: 'write',
      scopes: [],
      label: 'shop',
    });
  });
  afterAll(() => console?.stop());

  const open = async (search = '', role: 'operator' | 'viewer' = 'operator', locale = 'en-GB') => {
    const page = await console.login(role, { locale });
    await page.goto(`${console.url}/console/operations${search}`);
    await page.getByRole('tablist').waitFor();
    return page;
  };
  const send = (body: unknown) =>
    fetch(`${console.url}/v1/batch`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
      },
      body: JSON.stringify({ batch: [body] }),
    });
  const sendPoints = () => {
    const { headers, body } = mapped.sign(Buffer.from(mapped.body as string), mapped.secrets[0], Date.now());
    return fetch(`${console.url}/v1/sources/loyalty`, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: String(body),
    });
  };

  test('says how the service does, who runs, what waits and what is stored', async () => {
    const page = await open();
    await page.getByRole('heading', { name: 'Operations' }).waitFor();
    await page.getByText('Customers with events to process').waitFor();
    await page.getByRole('cell', { name: 'Workflows of customers' }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'operations/overview');
    for (const [tab, text] of [
      ['Channels', 'Channels'],
      ['Jobs and schedules', 'learn/aroma'],
      ['Journeys', 'No customer is stuck'],
      ['Storage', 'events'],
      ['Events', 'No event was rejected'],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel').getByText(text).first().waitFor();
      await expectAccessible(page);
      await screenshot(page, `operations/${tab.toLowerCase().replaceAll(' ', '-')}`);
    }
    // The section is in the URL, and so can be shared.
    expect(page.url()).toContain('section=events');
    expect(console.errors).toEqual([]);
  }, 120_000);

  test('a rejected event appears with its reason, without a reload; it can be read again once that helps', async () => {
    const page = await open('?section=events');
    await page.getByText('No event was rejected').first().waitFor();
    await send({ type: 'track', userId: 'rita', event: XSS.repeat(40), messageId: `m-${XSS}` });
    const list = page.getByRole('region', { name: 'Rejected events', exact: true });
    await list.getByRole('listitem').first().waitFor();
    await list.getByRole('button', { name: 'As it was received' }).click();
    await list.getByText('onerror').first().waitFor();
    await expectAccessible(page);
    await screenshot(page, 'operations/rejected');
    await list.getByRole('button', { name: 'Read again', exact: true }).click();
    await list.getByText(/Still rejected:/).waitFor();

    // A vendor has changed its webhook. The mapping is mended, and what was rejected is read by it.
    await sendPoints();
    await page.getByLabel('Sender').first().click();
    await page.getByRole('option', { name: 'loyalty' }).click();
    await page.waitForURL(/source=loyalty/);
    await list.getByText('expected messageId (payload.number)').waitFor();
    await console.system.applyExample((files) => withSource(files, MENDED));
    await list.getByRole('button', { name: 'Read all of these again' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Read again' }).press('Enter');
    await list.getByText('1 accepted, 0 still rejected.').waitFor();
    await list.getByText('No event was rejected').waitFor();
    expect(await console.system.findCustomerId('helen')).toBeTruthy();
    expect(await page.evaluate('window.hacked')).toBeUndefined();

    const viewer = await open('?section=events', 'viewer');
    await send({ type: 'track', userId: 'rita', event: '' });
    await viewer.getByRole('listitem').first().waitFor();
    expect(await viewer.getByRole('button', { name: /Read/ }).count()).toBe(0);
  }, 120_000);

  test('a channel that fails turns red, with its error, and what to do', async () => {
    refuseMail = true;
    const page = await open('?section=channels');
    await console.system.accept({
      userId: 'olga',
      name: 'Order Completed',
      properties: { order_id: 'olga-1', total: 90, currency: 'EUR' },
      context: { traits: { email: 'olga@example.com' } },
    });
    await page.getByText('A channel fails').waitFor();
    await page.getByRole('cell', { name: 'Fails' }).waitFor();
    await page.getByText('Look at the error below').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'operations/channel-fails');
    refuseMail = false;
  }, 120_000);

  test('a stuck journey is shown with its reason, and leads to Temporal', async () => {
    const { sql } = console.system.db.db;
    const olga = await console.system.findCustomerId('olga');
    await sql`
      insert into journeys (customer_id, workspace, epoch, state) values
        ('cus_stuck', 'aroma', 1, ${JSON.stringify({ enrollments: [], poison: { reason: XSS, since: 5 } })}::text::jsonb)`;
    const page = await open('?section=journeys');
    await page.getByRole('rowheader', { name: 'cus_stuck' }).waitFor();
    const link = page.getByRole('link', { name: 'In Temporal cus_stuck' });
    expect(await link.getAttribute('href')).toBe(
      `http://127.0.0.1:9/ui/namespaces/default/workflows?query=${encodeURIComponent("WorkflowId = 'customer-journey/aroma/cus_stuck'")}`,
    );
    await page.getByText('Customers are parked').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'operations/stuck');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(300);
    await expectAccessible(page);
    await screenshot(page, 'operations/dark');
    await expectNoSidewaysScroll(page);
    await screenshot(page, 'operations/narrow');
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    await sql`delete from journeys where customer_id = 'cus_stuck'`;
    expect(olga).toBeTruthy();

    const indonesian = await open('?section=journeys', 'viewer', 'id-ID');
    await indonesian.getByRole('heading', { name: 'Operasional' }).waitFor();
    await expectAccessible(indonesian);
    await screenshot(indonesian, 'operations/indonesian');
    expect(console.errors).toEqual([]);
  }, 120_000);
});
