import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Progress } from '../../../src/cli/progress.ts';
import { startUi } from '../../../src/cli/start/start-ui.ts';
import { formatStartSummary } from '../../../src/cli/start/summary.ts';

const temporal = {
  address: 'there:7233',
  namespace: 'default',
  source: 'a test',
  secured: false,
  stop: async () => {},
  kill: () => {},
};

function prepare() {
  const dir = mkdtempSync(path.join(tmpdir(), 'start-ui-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const lines: string[] = [];
  const progress: Progress = {
    step: (_, work) => work(() => {}),
    line: (text) => void lines.push(text),
  };
  const options = { dir, processFile: path.join(dir, 'pids.json'), progress };
  return { lines, options };
}

test("a start goes on without Temporal's UI, with one line that says why", async () => {
  const { lines, options } = prepare();
  const signal = new AbortController().signal;
  expect(await startUi({ ...temporal, secured: true }, 8233, { ...options, signal })).toBeUndefined();
  expect(lines).toEqual([
    "Temporal's UI is left out: there:7233 needs TLS or an API key, which is not set up here: use the UI of that server",
  ]);
});

test('the pages of a development server are used as they are, and the summary shows them', async () => {
  const { options } = prepare();
  const uiUrl = 'http://127.0.0.1:8233';
  const ui = await startUi({ ...temporal, uiUrl }, 8233, {
    ...options,
    signal: new AbortController().signal,
  });
  expect(ui?.url).toBe(uiUrl);
  const dev = {
    url: 'http://127.0.0.1:3000',
    writeKey: 'wk',
    browserKey: 'bk',
    apiKey: 'ak',
    temporalAddress: '127.0.0.1:7233',
    databaseUrl: 'postgres://u:p@127.0.0.1/x',
    mailboxUrl: 'http://127.0.0.1:8025/api',
  };
  expect(formatStartSummary({ ...dev, temporalUiUrl: ui?.url }, 'dev.json')).toMatch(
    / {2}Temporal UI +http:\/\/127\.0\.0\.1:8233\n/,
  );
  expect(formatStartSummary(dev, 'dev.json')).not.toContain('Temporal UI');
  expect(formatStartSummary(dev, 'dev.json')).toContain('Console     http://127.0.0.1:3000/console/\n');
});
