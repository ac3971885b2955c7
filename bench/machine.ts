import os from 'node:os';
import process from 'node:process';
import type { Sql } from '../db/client.ts';

/** Describes the machine and the servers in one line. */
export async function describeMachine(sql: Sql, temporal: string): Promise<string> {
  const [row] = await sql<{ version: string; fsync: string; sync: string }[]>`
    select current_setting('server_version') as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as sync`;
  const cores = os.availableParallelism();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return [
    `${cores} cores (${os.cpus()[0]?.model.trim() ?? 'unknown'}), ${memory} GB`,
    `Node ${process.versions.node}`,
    `Postgres ${row?.version} (fsync ${row?.fsync}, synchronous_commit ${row?.sync})`,
    temporal,
  ].join(' · ');
}

/** The load of the machine per core when the bench began. */
export function readLoadAverage(): number {
  return (os.loadavg()[0] ?? 0) / os.availableParallelism();
}
