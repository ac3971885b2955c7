import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { applyCommand } from '../../../src/cli/bundle/apply.ts';
import { startApi } from '../../../src/service/api.ts';
import { AROMA } from '../../support/paths.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test('apply refuses an invalid bundle with file, line, path and reason, and activates the corrected one', async () => {
  const system: TestSystem = await startTestSystem({ worker: false, relay: false });
  const dir = mkdtempSync(path.join(tmpdir(), 'bundle-'));
  const api = await startApi(system.service);
  try {
    const scopes = ['read', 'configure'] as ('read' | 'configure')[];
    const key = await createKey(system.db.db, { workspace: WORKSPACE, kind: 'api', scopes, label: 'test' });
    vi.stubEnv('THROUGHLINE_URL', `http://127.0.0.1:${api.port}`);
    vi.stubEnv('THROUGHLINE_API_KEY', key);
    cpSync(AROMA, dir, { recursive: true });
    const file = path.join(dir, 'journeys/payment-rescue.yaml');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.replace('agent-call, help-email', 'agent-call, no-such'));
    const errors: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((line: string) => void errors.push(line));
    await expect(applyCommand(dir)).rejects.toThrow('nothing was changed');
    const line = good.split('\n').findIndex((text) => text.includes('agent-call, help-email')) + 1;
    const place = `${dir}/journeys/payment-rescue.yaml:${line}: steps[0].decide.actions[1]: `;
    expect(errors.join('\n')).toContain(place);
    expect(errors.join('\n')).toContain('no-such');

    const printed: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    writeFileSync(file, `${good}\n# mended\n`);
    await applyCommand(dir);
    await applyCommand(dir);
    expect(printed).toEqual(['version 2 is active', 'version 2 is active already']);
  } finally {
    await api.stop();
    await system.stop();
    rmSync(dir, { recursive: true });
  }
});
