import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve, startApi, type TestApi } from '../api/support/harness.ts';
import { localShop } from '../api/support/realtime-shop.ts';
import type { BundleFile } from '../support/bundles.ts';

/** Conditions that take as long as they may, over a list that a public key has sent. */
const costly = (n: number) =>
  `${Array.from({ length: 5 }, (_, i) => `traits.list.exists(v${i}, `).join('')}v4 > ${1_000 + n}.0${')'.repeat(5)}`;
const ACTIONS = Array.from({ length: 12 }, (_, i) => `costly-${i}`);
const DEADLINE = 150;

function withCostlyActions(files: BundleFile[]): BundleFile[] {
  const actions = ACTIONS.map(
    (id, i) => `- { id: ${id}, class: marketing, tags: [costly], channels: [web], eligible: "${costly(i)}" }`,
  );
  const placement = `- { id: web-costly, channel: web, actions: ["tag:costly"], deadline: ${DEADLINE}ms, fallback: imprint }`;
  const ideal = ACTIONS.map((_, i) => `{ id: i${i}, when: "${costly(100 + i)}" }`).join(', ');
  return [
    ...files.map((file) => {
      if (file.path === 'placements.yaml') return { ...file, text: `${file.text}${placement}\n` };
      return file.path === 'workspace.yaml' ? { ...file, text: `${file.text}ideal: [${ideal}]\n` } : file;
    }),
    { path: 'actions/costly.yaml', text: actions.join('\n') },
    ...ACTIONS.map((id) => ({ path: `content/${id}/web.en.txt`, text: 'Hello' })),
  ];
}

let api: TestApi;
let url: string;
let stop: () => Promise<void>;
beforeAll(async () => {
  api = await startApi({}, () => withCostlyActions(localShop()));
  ({ url, stop } = await serve(api.app));
  const granted = { purpose: 'marketing', status: 'granted' };
  await api.batch(
    { type: 'track', userId: 'mallory', event: 'Consent Changed', properties: granted },
    { type: 'identify', userId: 'mallory', traits: { list: Array.from({ length: 100 }, (_, i) => i) } },
    { type: 'track', userId: 'anna', event: 'Consent Changed', properties: granted },
  );
  // The first of each kind compiles and opens connections.
  await ask('mallory', 'web-costly');
  await ask('anna', 'web-home');
});
afterAll(async () => {
  await stop();
  await api.stop();
});

async function call(path: string, body?: object): Promise<{ ms: number; status: number; body: Answer }> {
  const began = performance.now();
  const answer = await fetch(`${url}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${api.keys.api}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as Answer, ms: performance.now() - began };
}

interface Answer {
  fallbackReason: string | null;
  actions: { action: string }[];
  channels: { gates: { code?: string; observed?: string }[] }[];
  openTickets: unknown[];
}

const ask = (userId: string, placement: string) =>
  call('/v1/decisions', { customer: `user:${userId}`, placement });

describe('security 1: requests whose conditions take as long as they may', () => {
  test('a real-time decision keeps its deadline and returns the fallback', async () => {
    for (let i = 0; i < 5; i++) {
      const { status, body, ms } = await ask('mallory', 'web-costly');
      expect([status, body.actions.map(({ action }) => action)]).toEqual([200, ['imprint']]);
      expect(['deadline', 'limit_exceeded']).toContain(body.fallbackReason);
      // It was 11 s. The rest is for a busy machine.
      expect(ms).toBeLessThan(DEADLINE + 500);
    }
  });

  test('meanwhile others are answered, and the process is alive', async () => {
    const costly = Array.from({ length: 10 }, () => ask('mallory', 'web-costly'));
    const [health, decision] = await Promise.all([call('/healthz'), ask('anna', 'web-home'), ...costly]);
    expect(health.status).toBe(200);
    expect(decision.body.fallbackReason).toBeNull();
  });

  test('a preview says which conditions were given up', async () => {
    const { status, body } = await call('/v1/customers/user:mallory/actions/costly-0');
    expect(status).toBe(200);
    const verdicts = body.channels.flatMap(({ gates }) => gates);
    expect(verdicts).toContainEqual(
      expect.objectContaining({
        code: 'error',
        observed: 'the conditions of this decision take too many steps together',
      }),
    );
  });

  test('the view of the customer is served', async () => {
    const { status, ms } = await call('/v1/customers/user:mallory');
    expect(status).toBe(200);
    expect(ms).toBeLessThan(3_000);
  });
});
