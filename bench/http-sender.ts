import { Agent, request } from 'node:http';
import { uuidv7 } from 'uuidv7';
import { buildShopEvent } from './events.ts';

/** Sends requests over keep-alive connections. */
export interface Sender {
  /** Sends one POST. @throws Error when the answer is not 200. */
  post(path: string, body: Buffer, key?: number, headers?: Record<string, string>): Promise<void>;
  close(): void;
}

/**
 * Creates a sender with Node's own client, the cheapest one for this process, which shares the cores with the system.
 * Several APIs get the requests in turn, as from a load balancer.
 * @param connections of all APIs together
 */
export function createSender(urls: readonly string[], keys: string[], connections: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: Math.ceil(connections / urls.length) });
  const targets = urls.map((url) => new URL(url));
  let requests = 0;
  const authorizations = keys.map((key) => `Basic ${Buffer.from(`${key}:`).toString('base64')}`);
  return {
    post(path, body, key = 0, more = {}) {
      return new Promise((resolve, reject) => {
        const headers = {
          authorization: authorizations[key % authorizations.length] as string,
          'content-type': 'application/json',
          'content-length': body.length,
          ...more,
        };
        const { hostname, port } = targets[requests++ % targets.length] as URL;
        const outgoing = request({ agent, hostname, port, path, method: 'POST', headers }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk) => {
            text += chunk;
          });
          response.on('error', reject).on('end', () => {
            if (response.statusCode === 200) resolve();
            else reject(new Error(`${path} answered ${response.statusCode}: ${text.slice(0, 200)}`));
          });
        });
        outgoing.on('error', reject).end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

/** Processes a list in order, `width` items at a time. */
export async function runInParallel<T>(
  items: T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
) {
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** Processes a list as `runInParallel`. @returns items per second */
export async function measureRate<T>(
  items: T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<number> {
  const began = performance.now();
  await runInParallel(items, width, work);
  return items.length / ((performance.now() - began) / 1_000);
}

/** Sends one event of a shop per request, for each of these customers. @returns events per second */
export function sendSingles(sender: Sender, customers: number[], connections: number): Promise<number> {
  const bodies = customers.map((customer) => Buffer.from(JSON.stringify(buildShopEvent(customer, uuidv7()))));
  return measureRate(bodies, connections, (body, index) => sender.post('/v1/track', body, index));
}

export function splitIntoBatches<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

/** The body of `POST /v1/batch`. */
export function encodeBatch(events: object[]): Buffer {
  return Buffer.from(JSON.stringify({ batch: events, sentAt: new Date().toISOString() }));
}
