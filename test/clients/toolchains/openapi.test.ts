import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../../support/paths.ts';
import { findClientDir, findInstallDir, needProgram, run } from '../support/programs.ts';
import { type ClientService, startClientService } from '../support/service.ts';
import { tellStory } from '../support/tell-story.ts';

const FOLDER = findClientDir('openapi');
const INSTALL_MS = 300_000;

let service: ClientService;
let dir: string;
beforeAll(async () => {
  service = await startClientService();
  // Inside the repository, where the program finds its packages.
  const parent = path.join(ROOT, '.throughline');
  mkdirSync(parent, { recursive: true });
  dir = mkdtempSync(path.join(parent, 'typed-client-'));
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await service.stop();
});

it('serves a document from which openapi-typescript generates a client that sends and reads', {
  timeout: INSTALL_MS,
}, async (context) => {
  needProgram(context, 'npm');
  const generator = await installGenerator();
  await run(process.execPath, [generator, `${service.url}/openapi.json`, '-o', path.join(dir, 'api.d.ts')]);
  copyFileSync(path.join(FOLDER, 'send.ts'), path.join(dir, 'send.ts'));
  await checkTypes();
  await tellStory(service, 'typed', async ({ calls }) => {
    const { url, writeKey, api } = service;
    const input = JSON.stringify({ url, writeKey, apiKey: api.keys.api, calls });
    const output = await run(process.execPath, ['--import', 'tsx', 'send.ts'], { cwd: dir, input });
    expect(JSON.parse(output)).toEqual({ amounts: ['49.90'] });
  });
});

/** Installs the generator, once. Returns its entry point. */
async function installGenerator(): Promise<string> {
  const files = ['package.json', 'package-lock.json'].map((name) => path.join(FOLDER, name));
  const target = findInstallDir('openapi', files);
  const stamp = path.join(target, 'installed');
  const entry = path.join(target, 'node_modules', 'openapi-typescript', 'bin', 'cli.js');
  if (existsSync(stamp)) return entry;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const file of files) copyFileSync(file, path.join(target, path.basename(file)));
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: target });
  writeFileSync(stamp, '');
  return entry;
}

async function checkTypes(): Promise<void> {
  const settings = { extends: path.join(ROOT, 'tsconfig.json'), include: ['*.ts'], exclude: [] };
  writeFileSync(path.join(dir, 'tsconfig.json'), JSON.stringify(settings));
  await run(path.join(ROOT, 'node_modules', '.bin', 'tsc'), ['--noEmit', '-p', dir]);
}
