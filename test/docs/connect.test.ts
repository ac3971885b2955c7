import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { createSourcesFile } from '../../src/dev/app/sources-file.ts';
import { DEV_FILE, writeDevFile } from '../../src/dev/dev-file.ts';
import { startApi } from '../../src/service/api.ts';
import { ORDER } from '../sources/payloads/shopify/order.ts';
import { triggerBody } from '../sources/payloads/zendesk/trigger.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { ROOT } from '../support/paths.ts';
import { buildProduct } from '../support/product.ts';
import { startTestSystem, WORKSPACE } from '../support/system.ts';
import { waitUntil } from '../support/wait-until.ts';

const run = promisify(execFile);
const MARK = '=== next command ===';
const EMAIL = 'mara@example.com';
const SECRETS = { SHOPIFY_SECRET: 'the-secret-of-shopify', ZENDESK_SECRET: 'the-secret-of-zendesk' };

const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const SECTION = README.split('## Connect Shopify and Zendesk')[1]?.split('\n## ')[0] ?? '';
const [, BLOCK = ''] = /^```console\n(.*?)^```/ms.exec(SECTION) ?? [];
const COMMANDS = BLOCK.split(/^\$ /m)
  .slice(1)
  .map((part) => part.split('\n'));

/** What differs from run to run: times, and the lines' ends. */
const normalize = (text: string) =>
  text
    .replace(/(?:\w{3} \d+ \w+(?: \d{4})?, )?\b\d\d:\d\d\b/g, 'TIME')
    .replace(/\s+/g, ' ')
    .trim();

/** The webhooks that the vendors send once they are connected. */
function shopify(url: string): Promise<Response> {
  const [item] = ORDER.line_items;
  const body = JSON.stringify({
    ...ORDER,
    email: EMAIL,
    contact_email: EMAIL,
    phone: null,
    customer: { ...ORDER.customer, email: EMAIL, phone: null, sms_marketing_consent: null },
    discount_codes: [],
    line_items: [{ ...item, sku: 'espresso-machine' }],
    created_at: new Date(Date.now() - 1_000).toISOString(),
    updated_at: new Date(Date.now() - 1_000).toISOString(),
  });
  const headers = {
    'content-type': 'application/json',
    'x-shopify-topic': 'orders/create',
    'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    'x-shopify-hmac-sha256': createHmac('sha256', SECRETS.SHOPIFY_SECRET).update(body).digest('base64'),
  };
  return fetch(`${url}/v1/sources/shop`, { method: 'POST', headers, body });
}

function zendesk(url: string): Promise<Response> {
  const signedAt = new Date().toISOString();
  const minute = `${signedAt.slice(0, 16)}Z`;
  const body = triggerBody({ requester_email: EMAIL, created_at: minute, updated_at: minute });
  const signature = createHmac('sha256', SECRETS.ZENDESK_SECRET)
    .update(signedAt)
    .update(body)
    .digest('base64');
  const headers = {
    'content-type': 'application/json',
    'x-zendesk-webhook-signature': signature,
    'x-zendesk-webhook-signature-timestamp': signedAt,
  };
  return fetch(`${url}/v1/sources/helpdesk`, { method: 'POST', headers, body });
}

test('the README connects Shopify and Zendesk, and the ticket silences the tips', async () => {
  expect(COMMANDS).toHaveLength(3);
  const system = await startTestSystem({ files: treatEveryCustomer });
  const dir = mkdtempSync(path.join(tmpdir(), 'readme-connect-'));
  const sourcesFile = createSourcesFile(path.join(dir, path.dirname(DEV_FILE)));
  Object.assign(system.service.config, { sourcesFile });
  const api = await startApi(system.service);
  const url = `http://127.0.0.1:${api.port}`;
  try {
    const apiKey = await createKey(system.db.db, {
      workspace: WORKSPACE,
      kind: 'api',
      scopes: ['read', 'decide'],
      label: 'test',
    });
    const dev = { url, writeKey: '', browserKey: '', apiKey, temporalAddress: '', mailboxUrl: '' };
    writeDevFile({ ...dev, databaseUrl: system.db.url }, path.join(dir, DEV_FILE));
    const main = path.join(ROOT, buildProduct());
    const scripts = { throughline: `node ${JSON.stringify(main)}` };
    writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ scripts }));

    /** A vendor sends once its source is known and the command has begun to wait. */
    const sendWhenKnown = async (source: string, send: (url: string) => Promise<Response>) => {
      await waitUntil(async () => (await fetch(`${url}/v1/sources/${source}`)).ok, source, 90_000);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect((await send(url)).status).toBe(200);
    };
    const script = COMMANDS.flatMap(([command]) => [command, `echo '${MARK}'`]).join('\n');
    const env = { ...process.env, ...SECRETS, DATABASE_URL: '', PUBLIC_URL: '', SOURCES_FILE: '' };
    const [{ stdout }] = await Promise.all([
      run('bash', ['-c', script], { cwd: dir, env, timeout: 120_000 }),
      sendWhenKnown('shop', shopify).then(() => sendWhenKnown('helpdesk', zendesk)),
    ]);
    const printed = stdout.split(`${MARK}\n`).slice(0, -1).map(normalize);
    expect(printed).toEqual(COMMANDS.map(([, ...output]) => normalize(output.join('\n'))));
  } finally {
    await api.stop();
    await system.stop();
    rmSync(dir, { recursive: true });
  }
}, 180_000);
