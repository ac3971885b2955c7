import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { isAtLeast } from './lookup.ts';

/** The oldest Go that builds all programs. */
export const OLDEST_GO = '1.26.8';
const KEPT_LINES = 5;

/** A program that Go builds from a module. */
export type GoProgram = {
  /** For people: "Temporal's server". */
  name: string;
  package: string;
  version: string;
  /** Build tags. */
  tags?: string;
  /** How long the first build takes on two cores: "about 4 minutes". */
  duration: string;
};

/** What a build needs besides the program. */
export type BuildOptions = {
  /** The finished file. */
  target: string;
  progress: (text: string) => void;
  signal?: AbortSignal;
  env?: NodeJS.ProcessEnv;
};

/** The version of the Go on the PATH, or why there is none that can build. */
export function findGo(
  env: NodeJS.ProcessEnv = process.env,
): { ok: true; version: string } | { ok: false; reason: string } {
  let version: string | undefined;
  try {
    // Outside any module, so that another project's toolchain line has no say.
    const options = { cwd: '/', env, encoding: 'utf8', stdio: 'pipe' } as const;
    version = /go(\d+(\.\d+)+)/.exec(execFileSync('go', ['env', 'GOVERSION'], options))?.[1];
  } catch {
    return { ok: false, reason: 'not found' };
  }
  if (version && isAtLeast(version, OLDEST_GO)) return { ok: true, version };
  return { ok: false, reason: `Go ${version ?? 'of unknown version'} is older than ${OLDEST_GO}` };
}

/**
 * Builds a program through the Go module proxy. Several processes may build at once: each in its own folder, and the
 * finished file is moved in one step.
 *
 * @throws Error with the reason when the build fails
 */
export async function buildGoProgram(program: GoProgram, options: BuildOptions): Promise<void> {
  const folder = path.dirname(options.target);
  mkdirSync(folder, { recursive: true });
  const bin = mkdtempSync(path.join(folder, 'build-'));
  try {
    await goInstall(program, bin, options);
    renameSync(path.join(bin, path.basename(program.package)), options.target);
  } finally {
    rmSync(bin, { recursive: true, force: true });
  }
}

function goInstall(
  program: GoProgram,
  bin: string,
  { progress, signal, env = process.env }: BuildOptions,
): Promise<void> {
  const began = Date.now();
  const kept: string[] = [];
  let packages = 0;
  const report = () => {
    const seconds = Math.round((Date.now() - began) / 1_000);
    progress(`building ${program.name}, once, ${program.duration}: ${packages} packages, ${seconds} s`);
  };
  const tags = program.tags === undefined ? [] : ['-tags', program.tags];
  const child = spawn('go', ['install', '-v', ...tags, `${program.package}@v${program.version}`], {
    cwd: '/',
    // GOBIN can't be set while cross-compiling, and flags of another project may not fit.
    env: { ...env, GOBIN: bin, GOFLAGS: '', GOOS: '', GOARCH: '', GOWORK: 'off' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    // `-v` prints one package a line; what has a blank in it is a message.
    if (!line.includes(' ')) packages += 1;
    else kept.push(line);
    if (kept.length > KEPT_LINES) kept.shift();
  });
  report();
  const timer = setInterval(report, 1_000);
  return new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, endedBy) => {
      if (code === 0) return resolve();
      const reason = kept.join('; ') || `it ended with ${endedBy ?? `code ${code}`}`;
      reject(new Error(`building ${program.name} failed (${reason})`));
    });
  }).finally(() => clearInterval(timer));
}
