import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { watchSourceSecrets } from '../../src/service/source-secrets.ts';
import { waitUntil } from '../support/wait-until.ts';

const SECRET = 'a secret of the help desk';
const NEXT = 'the next secret of the help desk';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'sources-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const fileOf = (secrets: string[], id = 'helpdesk') =>
  JSON.stringify({ [id]: { workspace: 'aroma', secrets } });

function watch(sourcesFile: string | null, sources = {}) {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  return { secrets: watchSourceSecrets({ sources, sourcesFile }, log), lines };
}

test('a secret changes without a restart, in a file that is written or replaced', async () => {
  const file = path.join(dir, 'sources.json');
  writeFileSync(file, fileOf([SECRET]));
  const { secrets, lines } = watch(file, { shop: { workspace: 'aroma', secrets: [SECRET] } });
  try {
    expect(secrets.find('helpdesk')).toEqual({ workspace: 'aroma', secrets: [SECRET] });
    expect(secrets.find('shop')).toEqual({ workspace: 'aroma', secrets: [SECRET] });
    writeFileSync(`${file}.new`, fileOf([NEXT, SECRET]));
    renameSync(`${file}.new`, file);
    await waitUntil(async () => secrets.find('helpdesk')?.secrets.length === 2, 'the change of secrets');
    writeFileSync(file, fileOf([NEXT], 'other'));
    await waitUntil(async () => secrets.find('helpdesk') === undefined, 'the change of secrets');
    expect(secrets.find('other')?.secrets).toEqual([NEXT]);
    expect(lines.join()).not.toContain('secret of the help desk');
  } finally {
    await secrets.stop();
  }
});

test.each([
  ['no JSON', `{"helpdesk": "${SECRET}`],
  ['no list of secrets', `{"helpdesk": {"workspace": "aroma", "secrets": "${SECRET}"}}`],
  ['three secrets', fileOf([SECRET, SECRET, SECRET])],
])('a file with a mistake changes nothing, and is logged without its content: %s', async (_, text) => {
  const file = path.join(dir, 'sources.json');
  writeFileSync(file, fileOf([SECRET]));
  const { secrets, lines } = watch(file);
  try {
    writeFileSync(file, text);
    await waitUntil(async () => lines.some((line) => line.includes('SOURCES_FILE')), 'the change of secrets');
    expect(secrets.find('helpdesk')?.secrets).toEqual([SECRET]);
    expect(lines.join()).not.toContain(SECRET);
  } finally {
    await secrets.stop();
  }
});

test('a file that is not there yet is read once it is', async () => {
  const file = path.join(dir, 'sources.json');
  const { secrets } = watch(file);
  try {
    expect(secrets.find('helpdesk')).toBeUndefined();
    writeFileSync(file, fileOf([SECRET]));
    await waitUntil(async () => secrets.find('helpdesk') !== undefined, 'the change of secrets');
  } finally {
    await secrets.stop();
  }
});

test.each([
  ['no secret', '{"a": {"workspace": "aroma", "secrets": []}}', 'SOURCES.a.secrets: must name one secret'],
  ['a short one', '{"a": {"workspace": "aroma", "secrets": ["x"]}}', 'must have at least 8 characters'],
  ['an id with a slash', '{"a/b": {"workspace": "aroma", "secrets": ["12345678"]}}', 'SOURCES.a/b'],
])('SOURCES with a mistake is refused without its value: %s', (_, value, message) => {
  const env = { DATABASE_URL: 'postgres://localhost/x', THROUGHLINE_SECRET: 'x'.repeat(16), SOURCES: value };
  expect(() => readConfig(env)).toThrow(message);
  expect(() => readConfig(env)).not.toThrow('12345678');
});
