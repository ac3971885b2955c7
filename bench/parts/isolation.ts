import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOOPBACK } from '../../src/dev/ports.ts';
import { confirmByMailOrText, readBundleDir } from '../../test/support/bundles.ts';
import { toUserId } from '../events.ts';
import { createSender, encodeBatch } from '../http-sender.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import { percentile, runRounds, summarize } from '../stats.ts';
import type { Stops } from '../stops.ts';
import { startSystem } from '../system.ts';

const PER_SECOND = 10;
const SECONDS = 5;
const ROUNDS = 4;
const BUDGET_MS = 60_000;
/** More than the channel sends at once: all of its slots are taken. */
const TEXTS = 60;
const LATE_MS = 30_000;
const SECRET = 'only for measurements';

/**
 * From before the request until a mail arrives, while the provider of text messages takes connections and says nothing,
 * against the same with a provider that answers at once. Both sides have the same text messages to send.
 */
export async function benchIsolation(servers: Servers, stops: Stops): Promise<Result[]> {
  const provider = await startProvider(stops);
  const system = await startSystem(servers, 'isolation', ['api', 'relay', 'worker'], stops, {
    env: {
      CHANNELS: JSON.stringify({ sms: { url: provider.url, secret: SECRET } }),
      OUTBOUND_ALLOW: LOOPBACK,
    },
    files: confirmByMailOrText(await readBundleDir('examples/aroma')),
  });
  const sender = createSender(system.urls, system.writeKeys, 8);
  stops.push(() => sender.close());
  let customer = 0;
  const order = (traits: object) => {
    const id = `isolation-${customer++}`;
    return {
      type: 'track',
      event: 'Order Completed',
      messageId: id,
      userId: toUserId(customer),
      properties: { order_id: id, total: 24.9, currency: 'EUR', products: [{ product_id: 'beans-1kg' }] },
      context: { traits },
    };
  };
  const mail = async () => {
    const email = `isolation-${customer}@example.com`;
    const since = performance.now();
    await sender.post('/v1/batch', encodeBatch([order({ email })]), customer);
    while (!servers.mailbox.messages().some(({ to }) => to.includes(email))) {
      if (performance.now() - since > LATE_MS) throw new Error(`no mail within ${LATE_MS} ms`);
      await sleep(2);
    }
    return performance.now() - since;
  };
  const measure = async (answers: boolean) => {
    provider.answer(answers);
    const texts = Array.from({ length: TEXTS }, () => order({ phone: `+49170${1_000_000 + customer}` }));
    await sender.post('/v1/batch', encodeBatch(texts));
    await sleep(1_000);
    const began = performance.now();
    const times = await Promise.all(
      Array.from({ length: PER_SECOND * SECONDS }, async (_, index) => {
        await sleep(began + (index * 1_000) / PER_SECOND - performance.now());
        return mail();
      }),
    );
    // What the provider holds ends now, so that nothing of this round is left for the next.
    provider.answer(true);
    await sleep(2_000);
    return times;
  };
  // The first round opens connections and fills caches, so it is discarded.
  await measure(true);
  const rounds = await runRounds(ROUNDS, BUDGET_MS, async () => ({
    floor: await measure(true),
    ours: await measure(false),
  }));
  const at = (share: number) =>
    summarize(
      rounds.map(({ ours, floor }) => ({ ours: percentile(ours, share), floor: percentile(floor, share) })),
    );
  const row = { part: 'isolation', unit: 'ms' };
  return [
    {
      ...row,
      measure: 'mail beside a silent SMS provider, p50',
      ...at(0.5),
      goal: { at: 'most', value: 1.2 },
    },
    { ...row, measure: 'mail beside a silent SMS provider, p95', ...at(0.95), goal: null },
  ];
}

/** A provider of text messages that answers at once, or holds every request. */
async function startProvider(stops: Stops): Promise<{ url: string; answer(answers: boolean): void }> {
  let answering = true;
  const held = new Set<http.ServerResponse>();
  const server = http.createServer((request, response) => {
    request.resume();
    held.add(response);
    if (answering) release();
  });
  const release = () => {
    for (const response of held) response.end('{"id":"held"}');
    held.clear();
  };
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/send`,
    answer(answers) {
      answering = answers;
      if (answers) release();
    },
  };
}
