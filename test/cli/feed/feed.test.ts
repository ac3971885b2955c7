import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { findDifferences } from '../../../src/cli/feed/compare-with-log.ts';
import { feed, feedCommand } from '../../../src/cli/feed/feed.ts';
import { type Purchase, parsePurchases, sumCentsByCustomer } from '../../../src/cli/feed/parse-purchases.ts';
import { buildPurchaseEvent, shiftToYesterday } from '../../../src/cli/feed/purchase-event.ts';
import { formatReport } from '../../../src/cli/feed/report.ts';
import { sendPurchases } from '../../../src/cli/feed/send-purchases.ts';
import { type FeedTarget, readFeedTarget } from '../../../src/cli/feed/target.ts';
import { startApi } from '../../../src/service/api.ts';
import { UserError } from '../../../src/user-error.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';

const SAMPLE = 'examples/cdnow/cdnow-sample.txt';
const TOTAL_CENTS = 24_409_194;
const run = { id: 'r1', historical: false, shiftDays: 0 };

describe('reading the file', () => {
  test('parsePurchases reads the whole sample, to the cent', async () => {
    const purchases = parsePurchases(await readFile(SAMPLE, 'utf8'));
    const sums = sumCentsByCustomer(purchases);
    expect(purchases).toHaveLength(6_919);
    expect(sums.size).toBe(2_357);
    expect(purchases.reduce((sum, p) => sum + p.cents, 0)).toBe(TOTAL_CENTS);
    expect([...sums.values()].reduce((sum, cents) => sum + cents, 0)).toBe(TOTAL_CENTS);
    expect(sums.get('00004')).toBe(10_050);
  });

  test('parsePurchases keeps line numbers and exact cents, and rejects other lines', () => {
    expect(
      parsePurchases('\n 00004 0001 19970101  2   29.33\r\n00021 3 19970102 1 4.1\n7 1 20000229 3 12\n'),
    ).toEqual([
      { line: 2, customer: '00004', date: '1997-01-01', units: 2, cents: 2_933 },
      { line: 3, customer: '00021', date: '1997-01-02', units: 1, cents: 410 },
      { line: 4, customer: '7', date: '2000-02-29', units: 3, cents: 1_200 },
    ]);
  });

  test.each([
    'a b c d e',
    '4 1 19970101 2',
    '4 1 19970231 2 3.00',
    '4 1 19970101 2 3.001',
    '4 1 19970101 -2 3.00',
  ])('parsePurchases names the number of a malformed line: %s', (line) => {
    expect(() => parsePurchases(`4 1 19970101 2 3.00\n${line}\n`)).toThrow(/^line 2 is not a purchase/);
    expect(() => parsePurchases(`4 1 19970101 2 3.00\n${line}\n`)).toThrow(UserError);
  });
});

describe('the event of a line', () => {
  const purchase: Purchase = { line: 7, customer: '00004', date: '1997-01-18', units: 2, cents: 2_973 };

  test('buildPurchaseEvent builds an order that happens now', () => {
    expect(buildPurchaseEvent(purchase, run, new Date('2026-11-22T09:00:00Z'))).toEqual({
      type: 'track',
      event: 'Order Completed',
      messageId: 'cdnow-r1-7',
      userId: 'cdnow-00004',
      timestamp: '2026-11-22T09:00:00.000Z',
      properties: {
        order_id: 'cdnow-7',
        total: 29.73,
        revenue: 29.73,
        quantity: 2,
        originalDate: '1997-01-18',
        products: [{ product_id: 'cd', quantity: 2 }],
      },
      context: {
        traits: { email: 'cdnow-00004@example.com' },
        consent: { categoryPreferences: { marketing: true } },
      },
    });
  });

  test('buildPurchaseEvent marks backfill and keeps its own date', () => {
    const event = buildPurchaseEvent(purchase, { ...run, historical: true }, new Date());
    expect(event).toMatchObject({ timestamp: '1997-01-18T12:00:00.000Z', context: { historical: true } });
  });

  test('shiftToYesterday moves the last purchase to yesterday and keeps all gaps', () => {
    const earlier = { ...purchase, date: '1996-12-31' };
    const shift = shiftToYesterday([purchase, earlier], new Date('2026-11-22T00:00:01Z'));
    const at = (one: Purchase) =>
      buildPurchaseEvent(one, { ...run, historical: true, shiftDays: shift }, new Date()).timestamp;
    expect([at(purchase), at(earlier)]).toEqual(['2026-11-21T12:00:00.000Z', '2026-11-03T12:00:00.000Z']);
  });
});

describe('sending', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  const scripted = async (...args: Parameters<typeof startScripted>) => {
    const server = await startScripted(...args);
    stops.push(server.stop);
    return server;
  };
  // Interleaved customers and more than one batch, so that each customer's purchases are in several batches.
  const purchases = Array.from({ length: 950 }, (_, index): Purchase => {
    return { line: index + 1, customer: `${index % 3}`, date: '1997-01-01', units: 1, cents: 100 };
  });

  test('sendPurchases sends each line once and each customer in file order, even if requests fail', async () => {
    const server = await scripted((count, response) => {
      if (count === 1) response.writeHead(503).end('away');
      else if (count === 2) response.writeHead(429, { 'retry-after': '1' }).end();
      else if (count === 3) response.destroy();
      else return false;
      return true;
    });
    let sent = 0;
    await sendPurchases(purchases, run, { url: server.url, writeKey: 'wk' }, (count) => {
      sent += count;
    });
    expect(sent).toBe(950);
    expect(server.requests()).toBe(server.received.length + 3);
    const events = server.received.flatMap((request) => request.batch);
    for (const customer of ['0', '1', '2']) {
      const lines = events
        .filter((e) => e.userId === `cdnow-${customer}`)
        .map((e) => Number(e.messageId.split('-')[2]));
      expect(lines).toEqual(purchases.filter((p) => p.customer === customer).map((p) => p.line));
    }
    expect(server.received.every((request) => request.batch.length <= 100)).toBe(true);
    expect(server.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('wk:').toString('base64')}`);
  });

  test('sendPurchases reports a refused write key without retrying', async () => {
    const server = await scripted((_, response) => {
      response.writeHead(401).end('{"title":"no such key"}');
      return true;
    });
    const sending = sendPurchases(purchases, run, { url: server.url, writeKey: 'wk' }, () => {});
    await expect(sending).rejects.toThrow(/refuses the write key/);
    expect(server.requests()).toBeLessThanOrEqual(4);
  });
});

describe('comparing with the log', () => {
  const purchases = parsePurchases('4 1 19970101 2 3.00\n4 1 19970101 2 3.00\n5 2 19970102 1 9.99\n');
  const four = { userId: 'cdnow-4', events: 2, cents: 600, spentCents: 600 };
  const five = { userId: 'cdnow-5', events: 1, cents: 999, spentCents: null };

  test('findDifferences returns nothing when log and file agree', () =>
    expect(findDifferences(purchases, [four, five])).toEqual([]));

  test('findDifferences names missing customers and differing sums', () => {
    expect(findDifferences(purchases, [four])).toEqual([
      '3 events were sent, 2 are in the log',
      'cdnow-5 is not in the log',
    ]);
    expect(findDifferences(purchases, [{ ...four, cents: 300 }, five])).toEqual([
      'cdnow-4 spent 6.00, the log says 3.00',
    ]);
    expect(findDifferences(purchases, [{ ...four, spentCents: 1_200 }, five])).toEqual([
      'cdnow-4 spent 6.00, the profile says 12.00',
    ]);
  });
});

describe('errors of the user', () => {
  test('the command rejects a partial target, a missing file and an invalid limit', async () => {
    expect(() => readFeedTarget({ THROUGHLINE_URL: 'http://127.0.0.1:1' })).toThrow(/together/);
    const env = {
      THROUGHLINE_URL: 'http://127.0.0.1:1/',
      THROUGHLINE_WRITE_KEY: 'wk',
      DATABASE_URL: 'postgres://x/y',
    };
    expect(readFeedTarget(env)).toEqual({
      url: 'http://127.0.0.1:1',
      writeKey: 'wk',
      databaseUrl: 'postgres://x/y',
    });
    await expect(feedCommand(SAMPLE, { limit: 'ten' })).rejects.toThrow(/--limit is "ten"/);
    Object.assign(process.env, env);
    try {
      await expect(feedCommand('nowhere.txt', {})).rejects.toThrow(
        "nowhere.txt can't be read: there is no such file",
      );
      await expect(feedCommand('package.json', {})).rejects.toThrow(/^line 1 is not a purchase/);
    } finally {
      for (const name of Object.keys(env)) delete process.env[name];
    }
  });
});

describe('feeding a running system', () => {
  let system: TestSystem;
  let api: Awaited<ReturnType<typeof startApi>>;
  let target: FeedTarget;
  let purchases: Purchase[];
  beforeAll(async () => {
    system = await startTestSystem({ files: treatEveryCustomer });
    api = await startApi(system.service);
    const writeKey = await createKey(system.db.db, {
      workspace: WORKSPACE,
      kind: 'write',
      scopes: [],
      label: 'feed',
    });
    target = { url: `http://127.0.0.1:${api.port}`, writeKey, databaseUrl: system.db.url };
    purchases = parsePurchases(await readFile(SAMPLE, 'utf8')).slice(0, 200);
  });
  afterAll(async () => {
    await api?.stop();
    await system?.stop();
  });
  const spent = async () => {
    const [row] = await system.db.db.sql<{ cents: number }[]>`
      select sum((profile -> 'spend' ->> 'EUR')::numeric)::bigint as cents from customers`;
    return row?.cents;
  };

  // Backfill first, because it would change nothing for customers of an earlier live run.
  test('backfill changes profiles and enters no journey', async () => {
    const few = purchases.slice(0, 40);
    const report = await feed(few, target, true);
    expect(report).toMatchObject({ events: 40, historical: true });
    expect(report.outcome).toEqual({ journeys: 0, entered: 0, decisions: [], deliveries: [] });
    expect(await spent()).toBe(cents(few));
    expect(system.mailbox.messages()).toEqual([]);
    const [row] = await system.db.db.sql`select min(at) as at from events`;
    expect(new Date(row?.at).toISOString().slice(0, 10)).toBe(few.map((p) => p.date).sort()[0]);
  });

  test('200 purchases are accepted, decided, confirmed by mail and compared with the file', async () => {
    const live = purchases.slice(40);
    const customers = new Set(live.map((p) => p.customer)).size;
    const report = await feed(live, target, false);
    expect(report).toMatchObject({ events: live.length, customers, historical: false });
    expect(report.outcome.journeys).toBe(customers);
    expect(report.outcome.entered).toBe(live.length);
    expect(report.outcome.deliveries).toEqual([{ state: 'sent', count: live.length }]);
    expect(system.mailbox.messages()).toHaveLength(live.length);
    expect(formatReport(report)).toMatch(/events accepted +160\n/);
  });

  test('a second run of the same orders counts and confirms nothing twice', async () => {
    const before = system.mailbox.messages().length;
    const again = purchases.slice(40, 60);
    const sum = await spent();
    const report = await feed(again, target, false);
    expect(report.events).toBe(20);
    expect(report.outcome.deliveries).toEqual([]);
    expect(await spent()).toBe(sum);
    expect(system.mailbox.messages()).toHaveLength(before);
  });

  test('the comparison reports an event that the API rejected, with its reason', async () => {
    const bad = { ...(purchases[0] as Purchase), customer: '9'.repeat(600) };
    await expect(feed([...purchases.slice(0, 2), bad], target, true)).rejects.toThrow(
      /3 events were sent, 2 are in the log.*was refused/s,
    );
  });
});

function cents(purchases: Purchase[]): number {
  return purchases.reduce((sum, purchase) => sum + purchase.cents, 0);
}

interface SeenEvent {
  messageId: string;
  userId: string;
  timestamp: string;
  properties: Record<string, unknown>;
}

interface SeenRequest {
  headers: IncomingHttpHeaders;
  batch: SeenEvent[];
}

/** A server that replaces the API, with scripted answers. By default it answers 200. */
async function startScripted(
  answer: (count: number, response: ServerResponse) => boolean,
): Promise<{ url: string; received: SeenRequest[]; requests: () => number; stop(): Promise<void> }> {
  const received: SeenRequest[] = [];
  let count = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (answer(count++, response)) return;
    received.push({ headers: request.headers, batch: JSON.parse(body).batch });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"success":true}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    requests: () => count,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
