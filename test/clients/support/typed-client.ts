import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { ROOT } from '../../support/paths.ts';
import { findClientDir, findInstallDir, run } from './programs.ts';
import type { ClientService } from './service.ts';
import { tellStory } from './tell-story.ts';

/** A generator of typed clients, with a program `send.ts` in a folder of `test/clients`. */
interface Generator {
  folder: string;
  /** Its program, within the installed packages. */
  entry: string;
  /** Its arguments to write a client of the document at `url` into a folder. */
  args(url: string, folder: string): string[];
}

/**
 * Generates a client from the service's document, checks its types and those of the program that uses it, and sends a
 * story through it.
 */
export async function tellStoryByTypedClient(service: ClientService, generator: Generator): Promise<void> {
  const source = findClientDir(generator.folder);
  const entry = await installGenerator(generator, source);
  // Inside the repository, where the program finds its packages.
  const parent = path.join(ROOT, '.throughline');
  mkdirSync(parent, { recursive: true });
  const dir = mkdtempSync(path.join(parent, 'typed-client-'));
  try {
    await run(process.execPath, [entry, ...generator.args(`${service.url}/openapi.json`, dir)], { cwd: dir });
    copyFileSync(path.join(source, 'send.ts'), path.join(dir, 'send.ts'));
    await checkTypes(dir);
    await tellStory(service, `typed-${generator.folder}`, async ({ calls }) => {
      const { url, writeKey, api } = service;
      const input = JSON.stringify({ url, writeKey, apiKey: api.keys.api, calls });
      const output = await run(process.execPath, ['--import', 'tsx', 'send.ts'], { cwd: dir, input });
      expect(JSON.parse(output)).toEqual({ amounts: ['49.90'] });
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Installs the generator, once. Returns its program. */
async function installGenerator({ folder, entry }: Generator, source: string): Promise<string> {
  const files = ['package.json', 'package-lock.json'].map((name) => path.join(source, name));
  const target = findInstallDir(folder, files);
  const stamp = path.join(target, 'installed');
  const program = path.join(target, 'node_modules', entry);
  if (existsSync(stamp)) return program;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const file of files) copyFileSync(file, path.join(target, path.basename(file)));
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: target });
  writeFileSync(stamp, '');
  return program;
}

/** Generated clients use types of the web, such as `BodyInit`. */
async function checkTypes(dir: string): Promise<void> {
  const settings = {
    extends: path.join(ROOT, 'tsconfig.json'),
    compilerOptions: { lib: ['es2023', 'dom', 'dom.iterable'] },
    include: ['**/*.ts'],
    exclude: [],
  };
  writeFileSync(path.join(dir, 'tsconfig.json'), JSON.stringify(settings));
  await run(path.join(ROOT, 'node_modules', '.bin', 'tsc'), ['--noEmit', '-p', dir]);
}
