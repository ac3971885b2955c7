import { stringify } from 'yaml';
import { LOOPBACK } from '../ports.ts';
import type { PostgresStore } from './postgres-store.ts';

/** Fixed for the life of a store. One server on a small machine needs no more. */
const POSTGRES_SHARDS = 4;

/** The ports of a server: `frontend` is the one that clients use. */
export type TemporalPorts = Record<
  'frontend' | 'matching' | 'history' | 'worker',
  { grpc: number; membership: number }
>;

/** What the settings depend on. Without a database everything is kept in memory. */
export type TemporalSettings = {
  ports: TemporalPorts;
  dynamicConfigFile: string;
  /** A file of SQLite. */
  databaseFile?: string;
  postgres?: PostgresStore;
};

/**
 * The one YAML that a bare Temporal server reads: loopback only, no metrics and no profiler. With a file of SQLite, each commit is
 * on disk before it is answered (`synchronous: 2`): a killed server loses nothing.
 */
export function buildServerConfig(settings: TemporalSettings): string {
  const { ports, dynamicConfigFile, databaseFile, postgres } = settings;
  const service = ({ grpc, membership }: { grpc: number; membership: number }) => ({
    rpc: { grpcPort: grpc, membershipPort: membership, bindOnLocalHost: true },
  });
  return stringify({
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'store',
      visibilityStore: 'visibility',
      // SQLite serves one at a time in any case.
      numHistoryShards: postgres ? POSTGRES_SHARDS : 1,
      datastores: postgres ? buildPostgresStores(postgres) : buildSqliteStores(databaseFile),
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: LOOPBACK } },
    services: Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, service(port)])),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `${LOOPBACK}:${ports.frontend.grpc}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    archival: { history: { state: 'disabled' }, visibility: { state: 'disabled' } },
    dynamicConfigClient: { filepath: dynamicConfigFile, pollInterval: '60s' },
  });
}

function buildSqliteStores(file: string | undefined) {
  const sql = {
    pluginName: 'sqlite',
    databaseName: file ?? 'default',
    connectAddr: 'localhost',
    connectProtocol: 'tcp',
    connectAttributes: file
      ? { mode: 'rwc', cache: 'private', journal_mode: 'wal', synchronous: '2', setup: 'true' }
      : { mode: 'memory', cache: 'private', setup: 'true' },
    maxConns: 1,
    maxIdleConns: 1,
    maxConnLifetime: '1h',
  };
  return { store: { sql }, visibility: { sql } };
}

function buildPostgresStores({ plugin, address, user, password, databases }: PostgresStore) {
  const sql = (databaseName: string, maxConns: number) => ({
    sql: {
      pluginName: plugin,
      databaseName,
      connectAddr: address,
      connectProtocol: 'tcp',
      user,
      password,
      maxConns,
      maxIdleConns: maxConns,
      maxConnLifetime: '1h',
    },
  });
  return { store: sql(databases.temporal, 20), visibility: sql(databases.visibility, 5) };
}

/** Dynamic settings of a server, by name. */
export type DynamicSettings = Record<string, string | number | boolean>;

/** The dynamic settings that this project needs. */
export function buildDynamicSettings(): DynamicSettings {
  return {
    'frontend.WorkflowTimeSkippingEnabled': true,
    'frontend.WorkflowTimeSkippingMaxSkipPerSession': 100_000,
    // A failed workflow task is retried within 15 s, not after up to ten minutes.
    'history.workflowTaskRetryMaxInterval': '15s',
    // A client that is gone without a word gets no more tasks after 8 s. By default it would get them for a minute.
    'frontend.keepAliveTime': '5s',
    'frontend.keepAliveTimeout': '3s',
    // Listings show a workflow whose task fails after two failures; after five, most of a minute would have passed.
    'system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute': 2,
    // One partition: of the four by default, a backlog in one reaches pollers waiting at another at some ten a second.
    'matching.numTaskqueueReadPartitions': 1,
    'matching.numTaskqueueWritePartitions': 1,
    // With the default of 1 s each skip of time costs about a second, and a month may need thirty of them.
    'history.timerProcessorMaxTimeShift': '5ms',
  };
}

/** The dynamic settings as the file that a bare server reads. */
export function formatDynamicConfig(settings: DynamicSettings): string {
  return stringify(Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, [{ value }]])));
}

/** The arguments for the `temporal` command line's development server. */
export function buildCliArguments(options: {
  port: number;
  /** The port of its pages; without one it has none. */
  uiPort?: number;
  databaseFile?: string;
  settings: DynamicSettings;
}): string[] {
  const { port, uiPort, databaseFile, settings } = options;
  return [
    ...['server', 'start-dev', '--ip', LOOPBACK, '--port', `${port}`],
    ...(uiPort ? ['--ui-ip', LOOPBACK, '--ui-port', `${uiPort}`] : ['--headless']),
    ...(databaseFile ? ['--db-filename', databaseFile] : []),
    ...Object.entries(settings).flatMap(([name, value]) => [
      '--dynamic-config-value',
      `${name}=${JSON.stringify(value)}`,
    ]),
  ];
}
