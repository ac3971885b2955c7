import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { DEV_FILE, writeDevFile } from '../../src/dev/dev-file.ts';
import { startApi } from '../../src/service/api.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { ROOT } from '../support/paths.ts';
import { buildProduct } from '../support/product.ts';
import { startTestSystem, WORKSPACE } from '../support/system.ts';

const run = promisify(execFile);
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const TOUR = README.split('## Five minutes')[1]?.split('\n## ')[0] ?? '';
const MARK = '=== next command ===';

function readBlocks(language: string): string[] {
  return [...TOUR.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    (match) => match[1] as string,
  );
}

/** The commands of a console block, each with the output that is shown below it. */
function readCommands(block: string): { command: string; output: string }[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const lines = part.split('\n');
      let length = 1;
      // A text in quotes may go over several lines.
      while ((lines.slice(0, length).join('\n').split("'").length - 1) % 2 === 1) length++;
      return { command: lines.slice(0, length).join('\n'), output: lines.slice(length).join('\n') };
    });
}

/** What differs from run to run: times, and the width at which Node breaks lines. */
function normalize(output: string): string {
  return output
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/(?:\w{3} \d+ \w+(?: \d{4})?, )?\b\d\d:\d\d\b/g, 'TIME')
    .replace(/\s+/g, ' ')
    .trim();
}

test('the tour of the README prints what the README shows, pasted as a block', async () => {
  const system = await startTestSystem({ files: treatEveryCustomer });
  const dir = mkdtempSync(path.join(tmpdir(), 'readme-'));
  const api = await startApi(system.service);
  try {
    const key = (kind: 'write' | 'browser' | 'api', scopes: ('read' | 'decide')[]) =>
      createKey(system.db.db, { workspace: WORKSPACE, kind, scopes, label: 'test' });
    writeDevFile(
      {
        url: `http://127.0.0.1:${api.port}`,
        writeKey: await key('write', []),
        browserKey: await key('browser', []),
        apiKey: await key('api', ['read']),
        temporalAddress: '',
        databaseUrl: '',
        mailboxUrl: system.mailbox.url,
      },
      path.join(dir, DEV_FILE),
    );
    const main = path.join(ROOT, buildProduct());
    writeFileSync(
      path.join(dir, 'package.json'),
      JSON.stringify({ scripts: { throughline: `node ${JSON.stringify(main)}` } }),
    );
    const commands = readBlocks('console').flatMap(readCommands);
    expect(commands.length).toBeGreaterThan(6);
    const script = [
      ...readBlocks('sh'),
      ...commands.flatMap(({ command }) => [command, `echo '${MARK}'`]),
    ].join('\n');
    const { stdout } = await run('bash', ['-c', script], { cwd: dir, timeout: 60_000 });
    const printed = stdout.split(`${MARK}\n`).slice(0, -1).map(normalize);
    expect(printed).toEqual(commands.map(({ output }) => normalize(output)));
  } finally {
    await api.stop();
    await system.stop();
    rmSync(dir, { recursive: true });
  }
}, 120_000);
