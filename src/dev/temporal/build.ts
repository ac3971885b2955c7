import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { UserError } from '../../user-error.ts';
import { isAtLeast, SERVER_VERSION } from './lookup.ts';

const OLDEST_GO = '1.26.8';
const KEPT_LINES = 5;

/**
 * Builds Temporal's server into `target` through the Go module proxy: about four minutes on two cores the first time. Several
 * processes may build at once: each in its own folder, and the finished file is moved in one step.
 *
 * @throws UserError when Go is missing or too old, or the build fails.
 */
export async function buildTemporalServer(
  target: string,
  progress: (text: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  checkGo();
  const folder = path.dirname(target);
  mkdirSync(folder, { recursive: true });
  const bin = mkdtempSync(path.join(folder, 'build-'));
  try {
    await goInstall(bin, progress, signal);
    renameSync(path.join(bin, 'server'), target);
  } finally {
    rmSync(bin, { recursive: true, force: true });
  }
}

function checkGo(): void {
  const wayOut = `install Go ${OLDEST_GO} or newer (it builds Temporal's server once), or the temporal command line with a server of ${SERVER_VERSION} or newer, or set TEMPORAL_ADDRESS to a server that runs`;
  let version: string | undefined;
  try {
    // Outside any module, so that another project's toolchain line has no say.
    version = /go(\d+(\.\d+)+)/.exec(
      execFileSync('go', ['env', 'GOVERSION'], { cwd: '/', encoding: 'utf8', stdio: 'pipe' }),
    )?.[1];
  } catch {
    throw new UserError(`no Temporal server was found, and no Go to build one: ${wayOut}`);
  }
  if (!version || !isAtLeast(version, OLDEST_GO)) {
    throw new UserError(
      `no Temporal server was found, and Go ${version ?? 'of unknown version'} is too old to build one: ${wayOut}`,
    );
  }
}

function goInstall(bin: string, progress: (text: string) => void, signal?: AbortSignal): Promise<void> {
  const began = Date.now();
  const kept: string[] = [];
  let packages = 0;
  const report = () => {
    const seconds = Math.round((Date.now() - began) / 1_000);
    progress(`building Temporal's server, once, about 4 minutes: ${packages} packages, ${seconds} s`);
  };
  const child = spawn('go', ['install', '-v', `go.temporal.io/server/cmd/server@v${SERVER_VERSION}`], {
    cwd: '/',
    // GOBIN can't be set while cross-compiling, and flags of another project may not fit.
    env: { ...process.env, GOBIN: bin, GOFLAGS: '', GOOS: '', GOARCH: '', GOWORK: 'off' },
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
      reject(
        new UserError(
          `building Temporal's server failed (${reason}): put that right, or set TEMPORAL_ADDRESS`,
        ),
      );
    });
  }).finally(() => clearInterval(timer));
}
