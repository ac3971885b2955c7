import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CLI_VERSION, cachedExecutables, findTemporalServer } from '../../../src/dev/temporal/lookup.ts';
import { type ObtainOptions, obtainTemporalServer } from '../../../src/dev/temporal/obtain.ts';
import { UserError } from '../../../src/user-error.ts';

let dir: string;
let server: Server;
/** What the fake of Temporal's download server answers, by path. */
let answers: Record<string, (response: ServerResponse) => void>;
let requests: string[];
let lines: string[];
let base: string;

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'obtain-test-'));
  mkdirSync(path.join(dir, 'bin'));
  lines = [];
  requests = [];
  answers = {};
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    requests.push(`${url.pathname}?${url.searchParams}`);
    const answer = answers[url.pathname];
    if (answer) answer(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(dir, { recursive: true, force: true });
});

const obtain = (options: Partial<ObtainOptions> = {}) =>
  obtainTemporalServer({
    cli: 'not found',
    download: true,
    log: (line) => lines.push(line),
    progress: () => {},
    env: { PATH: path.join(dir, 'bin'), XDG_CACHE_HOME: dir },
    downloadFrom: { base, firstByteMs: 300 },
    ...options,
  });

const failure = (options?: Partial<ObtainOptions>) =>
  obtain(options).then(
    () => 'none',
    (error: Error) => error,
  );

/** Answers as Temporal's server: where the archive is, and an archive with a command line that prints this version. */
function offerCli(serverVersion: string): void {
  const file = path.join(dir, 'temporal');
  writeFileSync(file, `#!/bin/sh\necho "temporal version ${CLI_VERSION} (Server ${serverVersion}, UI 2)"\n`);
  writeFileSync(path.join(dir, 'LICENSE'), 'x');
  const archive = execFileSync('tar', ['-czf', '-', '-C', dir, 'LICENSE', 'temporal']);
  answers[`/cli/v${CLI_VERSION}`] = (response) =>
    response.end(JSON.stringify({ archiveUrl: `${base}/archive.tar.gz`, fileToExtract: 'temporal' }));
  answers['/archive.tar.gz'] = (response) => response.end(archive);
}

function fakeGo(script: string): void {
  const file = path.join(dir, 'bin', 'go');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

test('the development server is downloaded once, and the next search finds it', async () => {
  offerCli('1.32.0');
  const { cli } = cachedExecutables({ XDG_CACHE_HOME: dir });
  expect(await obtain()).toMatchObject({ kind: 'cli', executable: cli });
  expect(requests[0]).toMatch(
    new RegExp(`^/cli/v${CLI_VERSION}\\?arch=(amd64|arm64)&platform=(linux|darwin)&format=tar.gz$`),
  );
  const env = { PATH: path.join(dir, 'bin'), XDG_CACHE_HOME: dir };
  expect(findTemporalServer({ env, configFile: false }).choice).toMatchObject({ executable: cli });
  expect(readdirSync(path.dirname(cli))).toEqual([path.basename(cli)]);
});

test('the choices are said before anything takes long: what each needs, its time, and what is here', async () => {
  fakeGo('echo go1.26.9; exit 0');
  offerCli('1.32.0');
  await obtain({ cli: 'its server is 1.29.1, older than 1.32.0' });
  expect(lines).toEqual([
    'There is no Temporal server on this machine yet. What can be used, in this order:',
    expect.stringMatching(/ {2}1\. a server that runs \(TEMPORAL_ADDRESS\) +at once +not set$/),
    expect.stringMatching(
      / 2\. the temporal command line, .*1\.32\.0 or newer +at once +its server is 1\.29\.1, older/,
    ),
    expect.stringMatching(/ 3\. an earlier download or build +at once +none yet$/),
    expect.stringMatching(/ 4\. .*downloaded as its SDKs do +about a minute, once +tried now$/),
    expect.stringMatching(
      / 5\. .*built with Go 1\.26\.8 or newer +about 4 minutes, once +Go 1\.26\.9 is here$/,
    ),
    'The download worked: the next start finds it.',
  ]);
});

test('after a download that does not work, the server is built with Go', async () => {
  fakeGo('if [ "$1" = env ]; then echo go1.26.8; else echo one >&2; touch "$GOBIN/server"; fi');
  answers[`/cli/v${CLI_VERSION}`] = () => {};
  const began = Date.now();
  const { server: target } = cachedExecutables({ XDG_CACHE_HOME: dir });
  const env = { PATH: `${path.join(dir, 'bin')}:/usr/bin:/bin`, XDG_CACHE_HOME: dir };
  expect(await obtain({ env })).toMatchObject({ kind: 'binary', executable: target });
  expect(Date.now() - began).toBeLessThan(5_000);
  expect(existsSync(target)).toBe(true);
  expect(lines.slice(-2)).toEqual([
    expect.stringMatching(/^The download did not work: 127\.0\.0\.1:\d+ gave no answer within 0\.3 s\.$/),
    "Building Temporal's server with Go now: about 4 minutes, once. Ctrl-C stops it; the next start continues.",
  ]);
});

test('the network is not asked where a download is off, as in tests and CI', async () => {
  offerCli('1.32.0');
  expect(String(await failure({ download: 'off, because CI is set' }))).toMatch(
    /download: off, because CI is set;/,
  );
  expect(requests).toEqual([]);
  expect(lines).toContainEqual(expect.stringMatching(/ 4\. .*off, because CI is set$/));
});

test.each<[string, () => void, RegExp]>([
  ['an older server', () => offerCli('1.31.2'), /its server is 1\.31\.2, older than 1\.32\.0/],
  ['an error', () => {}, /127\.0\.0\.1:\d+ answered 404/],
  [
    'another answer',
    () => {
      answers[`/cli/v${CLI_VERSION}`] = (response) => response.end('<html>log in first</html>');
    },
    /gave an unexpected answer/,
  ],
  [
    'a path as the file',
    () => {
      offerCli('1.32.0');
      answers[`/cli/v${CLI_VERSION}`] = (response) =>
        response.end(JSON.stringify({ archiveUrl: `${base}/a`, fileToExtract: '../../x' }));
    },
    /gave an unexpected answer/,
  ],
  [
    'a broken archive',
    () => {
      offerCli('1.32.0');
      answers['/archive.tar.gz'] = (response) => response.end('not an archive');
    },
    /the archive can't be unpacked/,
  ],
])('a download that is %s is refused, and nothing of it is kept', async (_, prepare, reason) => {
  prepare();
  expect(String(await failure())).toMatch(reason);
  const { cli } = cachedExecutables({ XDG_CACHE_HOME: dir });
  expect(existsSync(path.dirname(cli)) ? readdirSync(path.dirname(cli)) : []).toEqual([]);
});

test('when nothing works, one error names all ways out', async () => {
  const error = await failure();
  expect(error).toBeInstanceOf(UserError);
  expect(String(error)).toMatch(
    /the temporal command line: not found; download: .* answered 404; Go: not found\)\. Do one of these: set TEMPORAL_ADDRESS.*; install the temporal command line 1\.9\.1 or newer; install Go 1\.26\.8/,
  );
  expect(String(error)).not.toContain('\n');
  fakeGo('echo go1.22.1');
  expect(String(await failure())).toMatch(/Go: Go 1\.22\.1 is older than 1\.26\.8/);
  fakeGo('if [ "$1" = env ]; then echo go1.26.8; else echo "no such module" >&2; exit 1; fi');
  expect(String(await failure())).toMatch(/Go: building Temporal's server failed \(no such module\)/);
});

test('a stop during the download ends it at once, and no build begins', async () => {
  fakeGo('echo go1.26.8');
  answers[`/cli/v${CLI_VERSION}`] = () => controller.abort();
  const controller = new AbortController();
  const options = { signal: controller.signal, downloadFrom: { base, firstByteMs: 60_000 } };
  expect(await failure(options)).toMatchObject({ name: 'AbortError' });
  expect(lines.at(-1)).toMatch(/ 5\. /);
});
