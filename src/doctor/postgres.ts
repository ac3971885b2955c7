import type { ServerFacts, TableFacts } from '../../db/doctor/server.ts';
import { count, type Finding, fail, formatBytes, ok, warn } from './finding.ts';

const OLDEST_MAJOR = 14;
/** A process of each role: 20 connections in its pool, two for long statements, and one that listens. */
const ROLES = 3;
const CONNECTIONS_PER_PROCESS = 23;
const NEARLY_ALL = 0.9;
/** Dead rows that vacuum should have removed: as many as half of the live ones, and more than a few. */
const DEAD_SHARE = 0.5;
const FEW_DEAD = 10_000;

export interface PostgresFacts {
  /** Host and database, without user and password. */
  place: string;
  server: ServerFacts;
  tables: TableFacts[];
  transactionPooling: boolean;
}

/** Judges whether Postgres keeps what was accepted, and has room for the roles. */
export function judgePostgres({ place, server, tables, transactionPooling }: PostgresFacts): Finding[] {
  return [
    judgeVersion(server, place),
    judgeReadOnly(server),
    ...judgeDurability(server),
    judgeStandby(server),
    judgeConnections(server),
    judgePooler(server, transactionPooling),
    ...judgeVacuum(server, tables),
    judgeSize(server, tables),
  ];
}

function judgeVersion({ version, major }: ServerFacts, place: string): Finding {
  const check = 'postgres_version';
  if (major >= OLDEST_MAJOR) return ok(check, `Postgres ${version} at ${place}`);
  return fail(check, `Postgres ${version} at ${place} is too old`, `use Postgres ${OLDEST_MAJOR} or newer`);
}

function judgeReadOnly({ readOnly }: ServerFacts): Finding {
  const check = 'postgres_writable';
  if (!readOnly) return ok(check, 'the server can be written to');
  return fail(
    check,
    'the server is read-only: a standby, or one whose host has stopped writing because the disk is full',
    'set DATABASE_URL to the primary, or give the server more disk',
  );
}

function judgeDurability({ fsync, fullPageWrites, synchronousCommit }: ServerFacts): Finding[] {
  return [
    fsync === 'on'
      ? ok('postgres_fsync', 'fsync is on')
      : fail(
          'postgres_fsync',
          'fsync is off: a power cut can lose accepted events and spoil the database',
          'set fsync = on',
        ),
    fullPageWrites === 'on'
      ? ok('postgres_full_page_writes', 'full_page_writes is on')
      : warn(
          'postgres_full_page_writes',
          'full_page_writes is off: a power cut can spoil pages, unless the file system copies on write',
          'set full_page_writes = on',
        ),
    synchronousCommit === 'off'
      ? fail(
          'postgres_synchronous_commit',
          'synchronous_commit is off: a crash loses events that were answered with 200',
          'set synchronous_commit = on',
        )
      : ok('postgres_synchronous_commit', `synchronous_commit is ${synchronousCommit}`),
  ];
}

function judgeStandby({ synchronousCommit, synchronousStandbys, connectedStandbys }: ServerFacts): Finding {
  const check = 'postgres_standby';
  if (synchronousStandbys === '')
    return warn(
      check,
      'there is no synchronous standby: accepted events survive a crash of this server, and not its loss (I1)',
      'set synchronous_standby_names, or accept that a failover loses the last moments',
    );
  if (synchronousCommit === 'local')
    return warn(
      check,
      'synchronous_commit is local: commits do not wait for the standby',
      'set synchronous_commit = on',
    );
  if (connectedStandbys === null)
    return ok(check, `commits wait for ${synchronousStandbys} (this user may not see which are connected)`);
  if (connectedStandbys > 0)
    return ok(check, `commits wait for ${count(connectedStandbys, 'standby', 'standbys')}`);
  return fail(
    check,
    `no standby of ${synchronousStandbys} is connected: commits wait for one, and nothing is accepted`,
    'start the standby, or take it out of synchronous_standby_names',
  );
}

function judgeConnections({ maxConnections, reservedConnections, usedConnections }: ServerFacts): Finding {
  const check = 'postgres_connections';
  const available = maxConnections - reservedConnections;
  const needed = ROLES * CONNECTIONS_PER_PROCESS;
  const remedy = `raise max_connections: a process of a role takes up to ${CONNECTIONS_PER_PROCESS}`;
  if (usedConnections > available * NEARLY_ALL)
    return warn(check, `${usedConnections} of ${available} connections are in use`, remedy);
  if (available < needed)
    return warn(
      check,
      `${available} connections are too few for one process of each role (${needed})`,
      remedy,
    );
  const processes = Math.floor(available / CONNECTIONS_PER_PROCESS);
  return ok(
    check,
    `${usedConnections} of ${available} connections are in use; there is room for ${processes} processes`,
  );
}

function judgePooler(
  { timeZone, statementTimeout, lockTimeout }: ServerFacts,
  transactionPooling: boolean,
): Finding {
  const check = 'postgres_pooler';
  const remedy = 'connect directly, or let the pooler give each client a connection for its whole session';
  if (transactionPooling)
    return fail(
      check,
      'a pooler gives each transaction another connection: notifications and time-outs of the session are lost',
      remedy,
    );
  if (timeZone !== 'UTC' || statementTimeout !== '8s' || lockTimeout !== '2s')
    return fail(
      check,
      `the connection lacks settings that it asked for (TimeZone ${timeZone}, statement_timeout ${statementTimeout}, lock_timeout ${lockTimeout})`,
      remedy,
    );
  return ok(check, 'sessions keep their connection and their settings (TimeZone UTC)');
}

function judgeVacuum({ autovacuum }: ServerFacts, tables: TableFacts[]): Finding[] {
  const check = 'postgres_autovacuum';
  if (autovacuum !== 'on')
    return [fail(check, 'autovacuum is off: tables and indexes only grow', 'set autovacuum = on')];
  const neglected = tables.filter(
    ({ liveRows, deadRows }) => deadRows > FEW_DEAD && deadRows > liveRows * DEAD_SHARE,
  );
  if (neglected.length === 0) return [ok(check, 'autovacuum is on and keeps up')];
  return neglected.map(({ name, deadRows, vacuumedHoursAgo }) =>
    warn(
      check,
      `${name} has ${deadRows} dead rows, and was ${vacuumedHoursAgo === null ? 'never vacuumed' : `vacuumed ${vacuumedHoursAgo} h ago`}`,
      'look for old transactions in pg_stat_activity, which hold vacuum back; raise autovacuum_vacuum_cost_limit',
    ),
  );
}

function judgeSize({ databaseBytes }: ServerFacts, tables: TableFacts[]): Finding {
  const largest = tables.map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`).join(', ');
  return ok('postgres_size', `the database has ${formatBytes(databaseBytes)}: ${largest}`);
}
