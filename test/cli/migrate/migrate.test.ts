import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../db/client.ts';
import { migrate } from '../../../db/migrate.ts';
import { readBuildMigrations } from '../../../db/schema-version.ts';
import { afterRestoreCommand } from '../../../src/cli/after-restore.ts';
import { jobCommand } from '../../../src/cli/job/job.ts';
import { listKeysCommand } from '../../../src/cli/keys/list.ts';
import { describeWaiting, migrateCommand } from '../../../src/cli/migrate.ts';
import { migrateDevDatabase } from '../../../src/cli/start/migrate-dev-database.ts';
import { createWorkspaceCommand } from '../../../src/cli/workspaces/create.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { spawnChild } from '../../support/spawn-child.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { runCommand } from '../support/run-command.ts';

const newest = readBuildMigrations().at(-1)?.name ?? '';
/** The key of the lock under which a process migrates. */
const LOCK = 7_402_118;

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
});
afterEach(() => database.drop());

const run = (options: { check?: boolean } = {}) => runCommand(database.url, () => migrateCommand(options));

/** Adds a migration of a build that is newer than this one. */
const addMigrationOfNewerBuild = () =>
  database.db.sql`
    insert into drizzle.__drizzle_migrations (hash, created_at)
    select 'of a newer build', max(created_at) + 1 from drizzle.__drizzle_migrations`;

describe('migrateCommand', () => {
  test('says from where to where it migrated, and does nothing the second time', async () => {
    expect((await run()).out).toEqual([
      expect.stringMatching(
        new RegExp(`^migrated the database from empty to ${newest} \\(.*\\) in \\d+\\.\\d s$`),
      ),
    ]);
    expect((await run()).out).toEqual([`the database is at ${newest} already: nothing to migrate`]);
  });

  test('with --check changes nothing, and fails until the database is migrated', async () => {
    await expect(run({ check: true })).rejects.toThrow(
      `the database is empty, and this build needs ${newest}: run throughline migrate`,
    );
    const [row] = await database.db.sql`select to_regclass('workspaces') as made`;
    expect(row?.made).toBeNull();
    await run();
    expect((await run({ check: true })).out).toEqual([
      `the database is at ${newest}, as this build needs it`,
    ]);
  });

  test('waits for another process that migrates, and says which', async () => {
    const other = openDatabase(database.url, { name: 'throughline-migrate process 812 on ci-3', max: 1 });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const holding = other.sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${LOCK})`;
      // The session is not idle in its transaction for long enough to be ended.
      await held;
    });
    try {
      await waitUntil(async () => {
        const [row] = await database.db.sql`select count(*) as held from pg_locks where objid = ${LOCK}`;
        return row?.held > 0;
      }, 'the lock to be held');
      const waiting = run();
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const [row] = await database.db.sql`select to_regclass('workspaces') as made`;
      expect(row?.made).toBeNull();
      release();
      const { out, err } = await waiting;
      expect(err).toEqual([
        expect.stringMatching(
          /^waiting for another process that migrates this database: throughline-migrate process 812 on ci-3 \(session \d+ of Postgres, .*connected at 20.*Z\) …$/,
        ),
      ]);
      expect(out).toEqual([expect.stringMatching(/^migrated the database from empty/)]);
    } finally {
      release();
      await holding;
      await other.close();
    }
  });

  test('of several processes at once one migrates, and the others find it done', async () => {
    const results = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url)));
    expect(results.map(({ applied }) => applied.length).sort()).toEqual([
      0,
      0,
      0,
      readBuildMigrations().length,
    ]);
  });

  test('describeWaiting leaves out what this user may not see', () => {
    expect(describeWaiting(null)).toBe('waiting for another process that migrates this database …');
    expect(describeWaiting({ session: 7, name: '', address: null, since: null })).toBe(
      'waiting for another process that migrates this database: unknown (session 7 of Postgres) …',
    );
  });

  test('says in one line that the database does not answer, or refuses', async () => {
    const away = () => runCommand('postgres://x@127.0.0.1:1/x', () => migrateCommand());
    await expect(away()).rejects.toThrow(
      /^the database doesn't answer \(.*\): start it, or check DATABASE_URL$/,
    );
    const missing = new URL(database.url);
    missing.pathname = '/no_such_database';
    await expect(runCommand(missing.href, () => migrateCommand())).rejects.toThrow(
      /^Postgres refuses the connection \(database "no_such_database" does not exist\): check DATABASE_URL$/,
    );
    await expect(runCommand('mysql://x', () => migrateCommand())).rejects.toThrow(
      'DATABASE_URL is not a Postgres URL: write postgres://user:password@host:5432/throughline',
    );
  });
});

describe('a database that a newer build has migrated', () => {
  const REFUSED =
    /^the database is one migration ahead of .*: a newer build has migrated it\. Upgrade this build/;

  test('is refused by every command that uses it', async () => {
    await run();
    await addMigrationOfNewerBuild();
    for (const command of [
      () => migrateCommand(),
      () => migrateCommand({ check: true }),
      () => listKeysCommand(),
      () => createWorkspaceCommand('aroma'),
      () => afterRestoreCommand(),
      () => jobCommand('fit'),
    ])
      await expect(runCommand(database.url, command)).rejects.toThrow(REFUSED);
  });

  test('is refused by npm start, which says where it is', async () => {
    await run();
    await addMigrationOfNewerBuild();
    await expect(migrateDevDatabase(database.url, '.throughline')).rejects.toThrow(
      /^the database is one migration ahead of .* \(it is in \.throughline\/postgres\)$/,
    );
  });

  test('is refused by a role, which ends', async () => {
    await run();
    await addMigrationOfNewerBuild();
    const role = serve();
    expect(await role.gone).toBe(1);
    expect(role.lines.join('\n')).toMatch(
      /^error: the database is one migration ahead of .*Upgrade this build/m,
    );
  }, 30_000);
});

test('a role waits for a database that is not migrated yet, and then serves', async () => {
  const role = serve();
  try {
    await waitUntil(
      async () => role.lines.some((line) => line.includes('the database is empty, and this build needs')),
      'the role to say what it waits for',
      20_000,
    );
    expect(role.lines.join()).not.toContain('serving');
    await run();
    await waitUntil(
      async () => role.lines.some((line) => line.includes('"serving"')),
      'the role to serve',
      20_000,
    );
  } finally {
    await role.terminate();
  }
}, 60_000);

function serve() {
  return spawnChild(
    'src/cli/main.ts',
    {
      DATABASE_URL: database.url,
      THROUGHLINE_SECRET: 'a secret for the tests only',
      PORT: '0',
      HEALTH_PORT: '',
      LOG_LEVEL: 'info',
    },
    ['serve', 'api'],
  );
}
