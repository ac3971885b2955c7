import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import getPort from 'get-port';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { obtainGoProgram } from '../support/go-program.ts';
import { HELM } from '../support/helm.ts';
import { ROOT } from '../support/paths.ts';
import { buildProduct } from '../support/product.ts';
import { type ChildProcessHandle, spawnChild } from '../support/spawn-child.ts';
import { waitUntil } from '../support/wait-until.ts';

const run = promisify(execFile);
const PAGE = readFileSync(path.join(ROOT, 'docs/deploy.md'), 'utf8');

/**
 * Stands in for a container engine and a cluster: what would run in the image runs here, from the build. What would be
 * installed is rendered, if Helm is there. Everything else succeeds, and is written down.
 */
const STAND_IN = `#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
product() { exec node "$MAIN" "$@"; }
case "$(basename "$0") $*" in
  # It fails here, where Postgres does not force commits to disk.
  *" doctor") node "$MAIN" doctor || true ;;
  "helm install "*) shift; [ -z "$HELM" ] || "$HELM" template "$@" > /dev/null && product migrate ;;
  "docker compose "*" up "*|"helm upgrade "*) product migrate ;;
  "docker compose "*" cli "*) while [ "$1" != cli ]; do shift; done; shift; product "$@" ;;
  "kubectl "*" -- throughline "*) while [ "$1" != throughline ]; do shift; done; shift; product "$@" ;;
  "docker compose "*" exec "*) cat > /dev/null ;;
esac
`;

let dir: string;
let helm: string;
const stops: (() => Promise<unknown>)[] = [];
const main = path.join(ROOT, buildProduct());

beforeAll(async () => {
  helm = (await obtainGoProgram(HELM)).executable ?? '';
  dir = mkdtempSync(path.join(tmpdir(), 'throughline-deploy-'));
  cpSync(path.join(ROOT, 'deploy'), path.join(dir, 'deploy'), {
    recursive: true,
    filter: (source) => path.basename(source) !== '.env',
  });
  symlinkSync(path.join(ROOT, 'examples'), path.join(dir, 'examples'));
  mkdirSync(path.join(dir, 'bin'));
  for (const name of ['docker', 'kubectl', 'helm']) {
    writeFileSync(path.join(dir, 'bin', name), STAND_IN);
    chmodSync(path.join(dir, 'bin', name), 0o755);
  }
}, 600_000);

afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
  rmSync(dir, { recursive: true });
});

/** The commands of a section, as one script. */
function readSection(title: string): string {
  const section = PAGE.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
  const blocks = [...section.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block);
  expect(blocks.length).toBeGreaterThan(0);
  return blocks.join('');
}

/** An empty database, and how commands and roles reach it. */
async function createPlace() {
  const name = `deploy_${randomBytes(4).toString('hex')}`;
  const admin = postgres(inject('databaseUrl'), { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  stops.push(async () => {
    await admin.unsafe(`drop database if exists ${name} with (force)`);
    await admin.end();
  });
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  const env = {
    DATABASE_URL: url.href,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TASK_QUEUE: name,
    THROUGHLINE_SECRET: 'a secret for this test only',
    PORT: String(await getPort()),
    MAIN: main,
    HELM: helm,
    CALLS: path.join(dir, `${name}.calls`),
    PATH: `${path.join(dir, 'bin')}:${process.env.PATH}`,
  };
  writeFileSync(env.CALLS, '');
  return env;
}

function startRoles(env: Record<string, string>, ...roles: string[]): ChildProcessHandle[] {
  return roles.map((role) => {
    const child = spawnChild(main, env, ['serve', role]);
    stops.push(() => child.terminate());
    return child;
  });
}

/** Runs the commands of a section as they are, apart from the port. Returns what they print. */
async function runSection(title: string, env: Record<string, string>): Promise<string> {
  const script = readSection(title).replaceAll('127.0.0.1:3000', `127.0.0.1:${env.PORT}`);
  const { stdout } = await run('bash', ['-e', '-c', `exec < /dev/null\n${script}`], {
    cwd: dir,
    env: { ...process.env, ...env },
    timeout: 100_000,
  });
  return stdout;
}

const readCalls = (env: { CALLS: string }) => readFileSync(env.CALLS, 'utf8').trim().split('\n');

test('with the commands of the Compose section a first event is accepted and decided', async () => {
  const env = await createPlace();
  startRoles(env, 'api', 'relay', 'worker');
  const printed = await runSection('On one machine with Compose', env);
  expect(printed).toContain('created workspace aroma, with version 1 of its bundle');
  expect(printed).toContain('{"success":true}');
  expect(printed).toMatch(/"id":"cus_/);
  const sql = postgres(env.DATABASE_URL, { max: 1 });
  await waitUntil(
    async () => Number((await sql`select count(*) as n from decisions`)[0]?.n) > 0,
    'a decision',
    60_000,
  );
  await sql.end();
  expect(printed).toMatch(/^ *ok .*Temporal/im);
  expect(readCalls(env)).toContain('docker compose -f deploy/compose.yaml up --detach');
}, 120_000);

test('with the commands of the Kubernetes section a first event is accepted', async () => {
  const env = await createPlace();
  startRoles(env, 'api');
  const printed = await runSection('On Kubernetes with Helm', env);
  expect(printed).toContain('created workspace aroma');
  expect(printed).toContain('{"success":true}');
  expect(readCalls(env).find((call) => call.startsWith('helm install'))).toContain(
    'temporal.namespace=journeys',
  );
}, 120_000);

test.each(['With Temporal Cloud', 'Upgrade', 'Backup and restore'])(
  'the commands of the section %s run',
  async (title) => {
    const env = await createPlace();
    await run(process.execPath, [main, 'migrate'], { env: { ...process.env, ...env } });
    await runSection(title, env);
    expect(readCalls(env).length).toBeGreaterThan(1);
  },
  120_000,
);

test('every section with commands is run here', () => {
  const titles = PAGE.split('\n## ')
    .slice(1)
    .filter((section) => section.includes('```sh'))
    .map((section) => section.split('\n')[0]);
  expect(titles).toEqual([
    'On one machine with Compose',
    'On Kubernetes with Helm',
    'With Temporal Cloud',
    'Upgrade',
    'Backup and restore',
  ]);
});
