import { uuidv7 } from 'uuidv7';
import { signWebhook } from '../../src/channels/webhook-signature.ts';
import { readCpuTime } from '../cpu-time.ts';
import { buildShopEvent, shuffleNumbers } from '../events.ts';
import { createSender, measureRate, type Sender, sendSingles } from '../http-sender.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import { median, runRounds, summarize } from '../stats.ts';
import type { Stops } from '../stops.ts';
import { startSystem, WORKSPACE } from '../system.ts';

const EVENTS = 3_000;
const ROUNDS = 5;
const BUDGET_MS = 15_000;
const CONNECTIONS = 64;
/** The rate limit of one source is not a property of the machine, so senders use several in turn. */
const SOURCES = Array.from({ length: 16 }, (_, n) => `crm-${n}`);
const SECRET = 'a secret for measurements';

/** webhooks: requests that are verified, read and accepted, against single events of a library. */
export async function benchWebhooks(servers: Servers, stops: Stops): Promise<Result[]> {
  const text = SOURCES.map((id) => `- { id: ${id}, kind: standard-webhooks }`).join('\n');
  const secrets = SOURCES.map((id) => [id, { workspace: WORKSPACE, secrets: [SECRET] }] as const);
  const system = await startSystem(servers, 'webhooks', ['api'], stops, {
    env: { SOURCES: JSON.stringify(Object.fromEntries(secrets)) },
    files: [{ path: 'sources.yaml', text }],
  });
  const sender = createSender(system.urls, system.writeKeys, CONNECTIONS);
  stops.push(() => sender.close());
  const sendAlone = () => sendSingles(sender, shuffleNumbers(EVENTS), CONNECTIONS);
  // Creates the customers.
  await sendAlone();
  const times: number[] = [];
  const pairs = await runRounds(ROUNDS, BUDGET_MS, async () => {
    const before = await readCpuTime(system);
    const ours = await sendWebhooks(sender);
    times.push((await readCpuTime(system)) - before);
    return { ours, floor: await sendAlone() };
  });
  const part = 'webhooks';
  const goal = { at: 'least', value: 0.5 } as const;
  return [
    {
      part,
      measure: 'verified and accepted, against single events',
      unit: 'requests/s',
      ...summarize(pairs),
      goal,
    },
    {
      part,
      measure: 'CPU time per webhook, API and Postgres',
      ours: (median(times) / EVENTS) * 1e6,
      floor: null,
      unit: 'µs',
      ratio: null,
      goal: null,
    },
  ];
}

async function sendWebhooks(sender: Sender): Promise<number> {
  const at = Math.floor(Date.now() / 1_000);
  const requests = shuffleNumbers(EVENTS).map((customer) => {
    const id = uuidv7();
    const { event, userId, timestamp, properties } = buildShopEvent(customer, id);
    const body = JSON.stringify({ type: event, timestamp, data: { userId, properties } });
    return { body: Buffer.from(body), headers: signWebhook(SECRET, id, at, body) };
  });
  return measureRate(requests, CONNECTIONS, ({ body, headers }, index) =>
    sender.post(`/v1/sources/${SOURCES[index % SOURCES.length]}`, body, 0, headers),
  );
}
