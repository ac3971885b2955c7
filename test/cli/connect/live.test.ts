import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createSourcesFile } from '../../../src/dev/app/sources-file.ts';
import { DEV_FILE, writeDevFile } from '../../../src/dev/dev-file.ts';
import { startApi } from '../../../src/service/api.ts';
import { ticketEvent } from '../../sources/payloads/zendesk/events.ts';
import { triggerBody } from '../../sources/payloads/zendesk/trigger.ts';
import { ROOT } from '../../support/paths.ts';
import { buildProduct } from '../../support/product.ts';
import { spawnChild } from '../../support/spawn-child.ts';
import { startTestSystem, type TestSystem } from '../../support/system.ts';
import { waitUntil } from '../../support/wait-until.ts';

const SECRET = 'the-signing-secret-of-zendesk';

let system: TestSystem;
let api: Awaited<ReturnType<typeof startApi>>;
let dir: string;
let url: string;

beforeAll(async () => {
  system = await startTestSystem({ worker: false, relay: false });
  dir = mkdtempSync(path.join(tmpdir(), 'connect-live-'));
  const sourcesFile = createSourcesFile(path.join(dir, path.dirname(DEV_FILE)));
  Object.assign(system.service.config, { sourcesFile });
  api = await startApi(system.service);
  url = `http://127.0.0.1:${api.port}`;
  const keys = { writeKey: '', browserKey: '', apiKey: '' };
  const dev = { url, ...keys, temporalAddress: '', databaseUrl: system.db.url, mailboxUrl: '' };
  writeDevFile(dev, path.join(dir, DEV_FILE));
}, 60_000);
afterAll(async () => {
  await api?.stop();
  await system?.stop();
  rmSync(dir, { recursive: true });
});

/** Starts the command, as a user does in a terminal of their own. */
function connect(...args: string[]) {
  const env = { DATABASE_URL: '', PUBLIC_URL: '', SOURCES_FILE: '' };
  const child = spawnChild(path.join(ROOT, buildProduct()), env, ['connect', ...args], { cwd: dir });
  onTestFinished(() => child.kill());
  const text = () => child.lines.join('\n');
  return {
    child,
    text,
    prints: (line: string) => waitUntil(async () => text().includes(line), `"${line}" in\n${text()}`),
  };
}

/** A webhook of Zendesk. */
async function send(body: string, secret = SECRET, source = 'helpdesk'): Promise<number> {
  const signedAt = new Date().toISOString();
  const signature = createHmac('sha256', secret).update(signedAt).update(body).digest('base64');
  const response = await fetch(`${url}/v1/sources/${source}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-zendesk-webhook-signature': signature,
      'x-zendesk-webhook-signature-timestamp': signedAt,
      'x-zendesk-webhook-invocation-id': `call-${signedAt}`,
    },
    body,
  });
  return response.status;
}

/** The API reads the file of secrets within a second. */
const untilKnown = () => waitUntil(async () => (await fetch(`${url}/v1/sources/helpdesk`)).ok, 'the source');

test('connect zendesk says what was refused, ignored, rejected and understood', async () => {
  const command = connect('zendesk', '--secret', SECRET, '--wait', '60s');
  await command.prints('Waiting for Zendesk');
  expect(command.text()).toContain(`${url}/v1/sources/helpdesk`);
  expect(command.text()).not.toContain(SECRET);
  await untilKnown();
  expect(await send(triggerBody(), 'a-secret-of-somebody-else')).toBe(401);
  await command.prints('refused as forged: x-zendesk-webhook-signature is not that of this body');
  expect(await send(JSON.stringify({ type: 'zen:event-type:article.published', id: '1' }))).toBe(200);
  await command.prints('means nothing to journeys: article.published is about no ticket and no customer');
  expect(await send(triggerBody({ ticket_id: '' }))).toBe(200);
  await command.prints(
    'rejected, and kept to be read again: expected ticket_id to be the number of a ticket',
  );
  expect(await send(triggerBody())).toBe(200);
  await command.prints('Zendesk is connected.');
  expect(command.text()).toContain('helen@example.com: ticket 35436 opened (high): It leaks');
  expect(await command.child.gone).toBe(0);
}, 90_000);

test('a second source of one desk, and an event of somebody without an address', async () => {
  const command = connect('zendesk', '--wait', '60s');
  await command.prints('Waiting for Zendesk');
  await untilKnown();
  const body = ticketEvent('status_changed', {
    detail: { id: '7', requester_id: '99', status: 'SOLVED' },
    event: { previous: 'OPEN', current: 'SOLVED' },
  });
  expect(await send(JSON.stringify(body))).toBe(200);
  await command.prints('zendesk:99: ticket 7 closed');
  expect(await command.child.gone).toBe(0);
}, 90_000);

test('Ctrl-C ends it at once, without an error', async () => {
  const command = connect('zendesk', '--wait', '60s');
  await command.prints('Waiting for Zendesk');
  const begun = performance.now();
  process.kill(command.child.pid, 'SIGINT');
  expect(await command.child.gone).toBe(0);
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(command.text()).not.toMatch(/error|at .*\.js/i);
}, 60_000);
