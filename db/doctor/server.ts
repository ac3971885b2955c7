import type { Tx } from '../client.ts';

/** What Postgres says of itself and of this connection. */
export interface ServerFacts {
  /** `16.4`. */
  version: string;
  major: number;
  fsync: string;
  fullPageWrites: string;
  synchronousCommit: string;
  /** Empty: there is no synchronous standby. */
  synchronousStandbys: string;
  /** Standbys that commits wait for now; null if this user may not see it. */
  connectedStandbys: number | null;
  maxConnections: number;
  /** Kept for superusers. */
  reservedConnections: number;
  usedConnections: number;
  autovacuum: string;
  readOnly: boolean;
  /** As this connection has them; the client has asked for others if a pooler dropped what it asked for. */
  timeZone: string;
  statementTimeout: string;
  lockTimeout: string;
  databaseBytes: number;
}

export interface TableFacts {
  name: string;
  bytes: number;
  liveRows: number;
  deadRows: number;
  /** Hours since the table was vacuumed; null: never. */
  vacuumedHoursAgo: number | null;
}

const LARGEST = 5;

/** Reads the settings of the server. */
export async function readServerFacts(tx: Tx): Promise<ServerFacts> {
  const [row] = await tx<ServerFacts[]>`
    select split_part(current_setting('server_version'), ' ', 1) as version,
           current_setting('server_version_num')::int / 10000 as major,
           current_setting('fsync') as fsync,
           current_setting('full_page_writes') as "fullPageWrites",
           current_setting('synchronous_commit') as "synchronousCommit",
           current_setting('synchronous_standby_names') as "synchronousStandbys",
           case when pg_has_role(current_user, 'pg_monitor', 'usage')
             then (select count(*)::int from pg_stat_replication where sync_state in ('sync', 'quorum')) end
             as "connectedStandbys",
           current_setting('max_connections')::int as "maxConnections",
           current_setting('superuser_reserved_connections')::int as "reservedConnections",
           (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as "usedConnections",
           current_setting('autovacuum') as autovacuum,
           pg_is_in_recovery() or current_setting('transaction_read_only') = 'on' as "readOnly",
           current_setting('TimeZone') as "timeZone",
           current_setting('statement_timeout') as "statementTimeout",
           current_setting('lock_timeout') as "lockTimeout",
           pg_database_size(current_database()) as "databaseBytes"`;
  return row as ServerFacts;
}

/** The largest tables. */
export async function readLargestTables(tx: Tx): Promise<TableFacts[]> {
  return await tx<TableFacts[]>`
    select relname as name, pg_total_relation_size(relid) as bytes, n_live_tup as "liveRows",
           n_dead_tup as "deadRows",
           floor(extract(epoch from clock_timestamp() - greatest(last_vacuum, last_autovacuum)) / 3600)::int
             as "vacuumedHoursAgo"
    from pg_stat_user_tables where schemaname = 'public' order by 2 desc, 1 limit ${LARGEST}`;
}

/** Milliseconds by which the clock of Postgres is ahead of the clock of this machine, and how uncertain that is. */
export async function measureClockSkew(tx: Tx): Promise<{ skewMs: number; uncertaintyMs: number }> {
  const before = Date.now();
  const [row] = await tx<
    { now: number }[]
  >`select extract(epoch from clock_timestamp()) * 1000::float8 as now`;
  const after = Date.now();
  return { skewMs: Number(row?.now) - (before + after) / 2, uncertaintyMs: (after - before) / 2 };
}
