import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { environmentSchema } from '../../../src/config.ts';
import { buildDynamicSettings } from '../../../src/dev/temporal/config.ts';
import { obtainGoFolder } from '../../support/go-program.ts';
import { ROOT } from '../../support/paths.ts';

const run = promisify(execFile);
const SECRETS = [
  'THROUGHLINE_SECRET',
  'POSTGRES_PASSWORD',
  'THROUGHLINE_DB_PASSWORD',
  'TEMPORAL_DB_PASSWORD',
];

/** What the tests read of a service. */
interface ComposeService {
  image: string;
  command: string[] | null;
  environment?: Record<string, string>;
  ports?: { host_ip?: string; published?: string; target: number }[];
  depends_on?: Record<string, { condition: string }>;
  stop_grace_period?: string;
  [name: string]: unknown;
}

let dir: string;
let tool: string | undefined;

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'throughline-compose-'));
  cpSync(path.join(ROOT, 'deploy'), path.join(dir, 'deploy'), {
    recursive: true,
    filter: (source) => path.basename(source) !== '.env',
  });
  const built = obtainGoFolder(path.join(ROOT, 'test/deploy/compose/compose-config'));
  tool = built.executable;
  if (built.missing) console.warn(`the Compose file is not read: ${built.missing}`);
}, 300_000);

afterAll(() => rmSync(dir, { recursive: true }));

const read = (file: string) => readFileSync(path.join(ROOT, 'deploy', file), 'utf8');

/** Reads the Compose file as Compose does, with these variables and those of deploy/.env. */
async function config(env: Record<string, string> = {}): Promise<Record<string, ComposeService>> {
  const { stdout } = await run(tool ?? '', ['deploy/compose.yaml'], {
    cwd: dir,
    env: { PATH: process.env.PATH, ...env },
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout).services;
}

/** A test that is skipped where the tool that reads the file could not be built. */
const withTool = (name: string, work: () => Promise<void>) =>
  test(name, async (context) => (tool ? work() : context.skip('the tool could not be built')));

withTool(
  'without deploy/.env Compose starts nothing, and names what is missing and the command that makes it',
  async () => {
    const { stderr } = await config().catch((error) => error);
    for (const name of SECRETS)
      expect(stderr).toContain(
        `required variable ${name} is missing a value: run sh deploy/compose/create-env.sh`,
      );
  },
);

withTool(
  'create-env.sh writes each secret once, readable by its owner alone, and changes no existing file',
  async () => {
    const file = path.join(dir, 'deploy/.env');
    const create = () => run('sh', ['deploy/compose/create-env.sh'], { cwd: dir });
    await create();
    const text = readFileSync(file, 'utf8');
    const values = SECRETS.map((name) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '');
    for (const value of values) expect(value).toMatch(/^[0-9a-f]{48}$/);
    expect(new Set(values).size).toBe(SECRETS.length);
    const { stdout } = await run('stat', ['-c', '%a', file]);
    expect(stdout.trim()).toBe('600');
    await expect(create()).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('exists already'),
    });
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(Object.keys(await config())).toContain('worker');
  },
);

test('the example names each variable of the Compose file, and no other; it holds no usable secret', () => {
  const names = (text: string, pattern: RegExp) => [
    ...new Set([...text.matchAll(pattern)].map(([, name]) => name)),
  ];
  const example = read('.env.example');
  const described = names(example, /^#?([A-Z_]+)=/gm);
  expect(described.sort()).toEqual(names(read('compose.yaml'), /\$\{([A-Z_]+)/g).sort());
  for (const name of SECRETS) expect(example).toContain(`\n${name}=generate\n`);
});

withTool(
  'nothing is reached from outside of this machine, and only the API from outside of the network',
  async () => {
    const services = await config();
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => ({ name, ...port })),
    );
    expect(published.map(({ name }) => name).sort()).toEqual(['api', 'temporal-ui']);
    for (const port of published) expect(port.host_ip).toBe('127.0.0.1');
  },
);

withTool('roles wait for the migration and the namespace, have time to end, and start again', async () => {
  const services = await config();
  for (const role of ['api', 'relay', 'worker']) {
    expect(services[role]).toMatchObject({
      command: ['serve', role],
      restart: 'unless-stopped',
      stop_grace_period: '45s',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      depends_on: {
        migrate: { condition: 'service_completed_successfully' },
        'temporal-namespace': { condition: 'service_completed_successfully' },
      },
    });
  }
  expect(services.migrate?.command).toEqual(['migrate']);
  expect(services.temporal?.depends_on?.['temporal-schema']?.condition).toBe(
    'service_completed_successfully',
  );
  expect(services['temporal-schema']?.depends_on?.postgres?.condition).toBe('service_healthy');
});

withTool('the services get only variables that they read', async () => {
  const services = await config();
  const known = [...Object.keys(environmentSchema.shape), 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'];
  for (const role of ['api', 'relay', 'worker', 'migrate'])
    expect(Object.keys(services[role]?.environment ?? {}).filter((name) => !known.includes(name))).toEqual(
      [],
    );
});

withTool(
  'variables in deploy/roles.env reach the roles, and do not replace what the Compose file sets',
  async () => {
    const file = path.join(dir, 'deploy/roles.env');
    writeFileSync(file, 'SWEEP_RATE=7\nHOST=::1\n');
    const services = await config();
    rmSync(file);
    for (const role of ['api', 'relay', 'worker', 'cli'])
      expect(services[role]?.environment).toMatchObject({ SWEEP_RATE: '7', HOST: '0.0.0.0' });
  },
);

withTool('Postgres forces commits to disk, and every image has a version', async () => {
  const services = await config();
  const command = services.postgres?.command?.join(' ');
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes'])
    expect(command).toContain(`${setting}=on`);
  for (const { image } of Object.values(services)) expect(image).toMatch(/^[\w./-]+:(\d[\w.-]*|local)$/);
});

test("Temporal's settings are those of the development server, without what only skipped time and one partition need", () => {
  const settings = Object.fromEntries(
    Object.entries(parse(read('compose/dynamic-config.yaml')) as Record<string, { value: unknown }[]>).map(
      ([name, values]) => [name, values[0]?.value],
    ),
  );
  const development = Object.entries(buildDynamicSettings()).filter(
    ([name]) => !/TimeSkipping|TimeShift|numTaskqueue/.test(name),
  );
  expect(settings).toEqual(Object.fromEntries(development));
});
