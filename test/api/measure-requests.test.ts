import { request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen } from '../../src/api/app.ts';
import { parseScrape } from '../metrics/scrape.ts';
import { waitUntil } from '../support/wait-until.ts';
import { startApi, type TestApi, WORKSPACE } from './support/harness.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** The series of a metric, as `label=value …: number`. */
async function readSeries(metric: string): Promise<string[]> {
  const { samples } = parseScrape(await api.deps.metrics.render());
  return samples
    .filter(({ name }) => name === metric)
    .map(({ labels, value }) => `${Object.values(labels).join(' ')}: ${value}`);
}

test('requests are counted by the template of their route, and no path that a client makes up becomes a label', async () => {
  await api.get('/v1/customers/user:nobody');
  await api.get('/v1/customers/user:nobody-else');
  await request(api.app).get('/v1/customers/user:nobody');
  await request(api.app).post('/V1/Track/').auth(api.keys.write, '').send({ userId: 'u', event: 'Seen' });
  await request(api.app).get('/made/up');
  await request(api.app).trace('/v1/tasks');
  expect(await readSeries('throughline_http_requests_total')).toEqual([
    'GET /v1/customers/{ref} 4xx: 3',
    'POST /v1/track 2xx: 1',
    'GET none 4xx: 1',
    'other none 4xx: 1',
  ]);
  expect(await readSeries('throughline_http_request_seconds_count')).toContain('GET /v1/customers/{ref}: 3');
});

test('a request whose client leaves before the answer counts as aborted', async () => {
  const server = await listen(api.app, { host: '127.0.0.1', port: 0 });
  const { port } = server.address() as AddressInfo;
  const headers = { authorization: `Bearer ${api.keys.write}`, 'content-length': '100' };
  const leaving = sendRequest({ port, host: '127.0.0.1', method: 'POST', path: '/v1/batch', headers });
  leaving.on('error', () => {});
  leaving.write('{');
  setTimeout(() => leaving.destroy(), 300);
  await waitUntil(
    async () => (await readSeries('throughline_http_requests_total')).includes('POST /v1/batch aborted: 1'),
    'the request to be counted',
  );
  server.close();
});

test('events are counted once: accepted, repeated, unreadable, or refused for what they say', async () => {
  const before = await readSeries('throughline_events_total');
  expect(before).toEqual([`${WORKSPACE} segment track accepted: 1`]);
  const seen = { type: 'track', userId: 'u', event: 'Seen', messageId: 'm-1' };
  const page = { type: 'page', userId: 'u', messageId: 'm-2' };
  await api.batch(seen, page, { type: 'track', event: 'Seen', messageId: 'm-3' });
  await api.batch(seen, seen, { ...seen, messageId: 'm-4', properties: { text: '\u0000' } });
  expect(await readSeries('throughline_events_total')).toEqual([
    `${WORKSPACE} segment track accepted: 2`,
    `${WORKSPACE} segment page accepted: 1`,
    `${WORKSPACE} segment track duplicate: 2`,
  ]);
  const rejected = await readSeries('throughline_events_rejected_total');
  expect(rejected).toEqual([expect.stringContaining(': 1'), expect.stringContaining(': 1')]);
  expect(rejected).toContain(`${WORKSPACE} no_identity: 1`);
  expect(await readSeries('throughline_accept_seconds_count')).toEqual(['segment: 3']);
});
