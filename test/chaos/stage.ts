import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import postgres from 'postgres';
import { openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { SCOPES } from '../../db/schema/values.ts';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { activateBundle } from '../../src/app/config/activate-bundle.ts';
import { PAYLOAD_CONVERTER } from '../../src/temporal/connection.ts';
import { inlineCompiler } from '../support/inline-compiler.ts';
import { readChaosBundle } from './bundle.ts';
import { installCommitOrder } from './checker/commit-order.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { Roles } from './roles.ts';
import { type Servers, startServers } from './servers.ts';
import { type SmsProvider, startSmsProvider } from './sms-provider.ts';

export const WORKSPACE = 'aroma';
const SECRET = 'a secret for the chaos suite only';

/** Everything that a run needs: servers, providers that can misbehave, and the roles. */
export interface Stage {
  servers: Servers;
  roles: Roles;
  mail: MailServer;
  sms: SmsProvider;
  /** Straight to Postgres, not through the proxy. */
  sql: postgres.Sql;
  /** Straight to Temporal. */
  client: Client;
  writeKey: string;
  apiKey: string;
  bundleVersion: number;
  stop(): Promise<void>;
}

export interface StageOptions {
  /** Where Temporal keeps its state. */
  temporalStore?: 'sqlite' | 'postgres';
  /** The number of processes of a role for which a fault names none. */
  processes?: number;
}

/** Starts servers, providers and the roles. */
export async function startStage(
  log: (line: string) => void,
  { temporalStore = 'sqlite', processes = 1 }: StageOptions = {},
): Promise<Stage> {
  const stops: (() => unknown)[] = [];
  const stop = async () => {
    for (const undo of stops.splice(0).reverse()) await undo();
  };
  try {
    const servers = await startServers(log, temporalStore);
    stops.push(servers.stop);
    const mail = await startMailServer();
    stops.push(mail.stop);
    const sms = await startSmsProvider(SECRET);
    stops.push(sms.stop);
    await migrate(servers.databaseUrl);
    const keys = await prepareWorkspace(servers.databaseUrl);
    const sql = postgres(servers.databaseUrl, { max: 4, onnotice: () => {} });
    stops.push(() => sql.end({ timeout: 1 }));
    await installCommitOrder(sql);
    const connection = await Connection.connect({ address: servers.temporalAddress });
    stops.push(() => connection.close());
    const client = new Client({ connection, dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER } });
    const env = {
      DATABASE_URL: servers.proxied.databaseUrl,
      TEMPORAL_ADDRESS: servers.proxied.temporalAddress,
      SMTP_URL: mail.url,
      CHANNELS: JSON.stringify({ sms: { url: sms.url, secret: SECRET } }),
      OUTBOUND_ALLOW: '127.0.0.1',
      TASK_QUEUE: `chaos-${randomBytes(4).toString('hex')}`,
      THROUGHLINE_SECRET: SECRET,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      TZ: 'UTC',
    };
    const roles = new Roles(env, processes);
    stops.push(() => roles.stopAll());
    await roles.scale({});
    log(`${processes} of each role`);
    return { servers, roles, mail, sms, sql, client, ...keys, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepareWorkspace(
  databaseUrl: string,
): Promise<Pick<Stage, 'writeKey' | 'apiKey' | 'bundleVersion'>> {
  const db = openDatabase(databaseUrl, { name: 'chaos', max: 2 });
  try {
    const activation = await activateBundle(
      { db, compiler: inlineCompiler },
      WORKSPACE,
      await readChaosBundle(),
    );
    if (!activation.ok) throw new Error(JSON.stringify(activation.errors));
    const key = { workspace: WORKSPACE, label: 'chaos' };
    return {
      bundleVersion: activation.version,
      writeKey: await createKey(db, { ...key, kind: 'write', scopes: [] }),
      apiKey: await createKey(db, { ...key, kind: 'api', scopes: [...SCOPES] }),
    };
  } finally {
    await db.close();
  }
}
