import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { findFreePort } from '../../../src/dev/ports.ts';
import { readStartTime } from '../../../src/dev/processes/processes.ts';
import { findGo } from '../../../src/dev/temporal/build.ts';
import { buildUiConfig, startTemporalUi, type TemporalUiOptions } from '../../../src/dev/temporal/ui.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'ui-test-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const options = async (): Promise<TemporalUiOptions> => ({
  temporal: { address: inject('temporalAddress'), namespace: 'default', secured: false },
  dir,
  port: await findFreePort(),
  log: () => {},
  progress: () => {},
  onSpawn: () => {},
});

test.skipIf(!findGo().ok)(
  "Temporal's UI is built once and shows the server's workflows",
  async () => {
    const pids: number[] = [];
    const ui = await startTemporalUi({ ...(await options()), onSpawn: (pid) => pids.push(pid) });
    try {
      const page = await (await fetch(ui.url)).text();
      const script = /(?:src|href|import\()[="' ]*"?(\/?[^"' ]*_app\/immutable\/[^"']+\.js)/.exec(page)?.[1];
      expect(script).toBeDefined();
      const asset = await fetch(new URL(script as string, ui.url));
      expect(asset.status).toBe(200);
      expect((await asset.text()).length).toBeGreaterThan(100);
      const namespaces = await (await fetch(`${ui.url}/api/v1/namespaces`)).json();
      expect(JSON.stringify(namespaces)).toContain('"name":"default"');
    } finally {
      await ui.stop();
    }
    expect(pids.map((pid) => readStartTime(pid))).toEqual([undefined]);
  },
  // A first build takes about a minute.
  300_000,
);

test("Temporal's UI listens on loopback only and fetches nothing from elsewhere", () => {
  expect(parse(buildUiConfig({ address: 'there:7233', namespace: 'shop' }, 8233))).toMatchObject({
    temporalGrpcAddress: 'there:7233',
    defaultNamespace: 'shop',
    host: '127.0.0.1',
    port: 8233,
    disableNewsFetch: true,
    cors: { allowOrigins: ['http://127.0.0.1:8233', 'http://localhost:8233'] },
  });
});

test("Temporal's UI is refused with a reason where it can't be had", async () => {
  const refused = async (changes: Partial<TemporalUiOptions>) =>
    expect(startTemporalUi({ ...(await options()), ...changes })).rejects;
  const secured = { address: 'x.tmprl.cloud:7233', namespace: 'shop', secured: true };
  await (await refused({ temporal: secured })).toThrow(
    'x.tmprl.cloud:7233 needs TLS or an API key, which is not set up here: use the UI of that server',
  );
  const env = { PATH: dir, XDG_CACHE_HOME: dir };
  await (await refused({ env })).toThrow('Go is needed to build it once: not found');
});
