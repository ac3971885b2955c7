import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import { findCacheDir } from '../../../src/dev/cache-dir.ts';
import type { ClientService } from './service.ts';
import type { Story } from './story.ts';

/** Maximum number of characters of a failed program's output that the failure shows. */
const SHOWN_CHARS = 4_000;

/** Skips the test, with a line that names the reason, unless this program is on the machine. */
export function needProgram(context: TestContext, command: string, versionArgs = ['--version']): void {
  const { error, status } = spawnSync(command, versionArgs, { stdio: 'ignore' });
  if (!error && status === 0) return;
  const reason = `skipped: ${command} is not on this machine`;
  console.warn(`${context.task.name}: ${reason}`);
  context.skip(reason);
}

/** A folder of `test/clients`. */
export function findClientDir(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}

/** A folder of the cache for what is installed from these files. Other content leads to another folder. */
export function findInstallDir(name: string, files: string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return path.join(findCacheDir(), 'clients', `${name}-${hash.digest('hex').slice(0, 12)}`);
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  input?: string;
}

/** Runs a program to its end. @throws Error with the end of its output when it fails */
export function run(command: string, args: string[], options: RunOptions = {}): Promise<string> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  // A program that ends before it has read its input is reported by its exit code.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else
        reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output.slice(-SHOWN_CHARS)}`));
    });
  });
}

/** The input of a program that sends a story: one JSON object. */
export function describeStory(service: ClientService, library: string, story: Story): string {
  const { url, writeKey } = service;
  return JSON.stringify({ library, url, writeKey, calls: story.calls });
}
