import { setTimeout as sleep } from 'node:timers/promises';
import type { TcpProxy } from '../../support/tcp-proxy.ts';
import type { Fault, FaultContext } from './fault.ts';

const SECOND = 1_000;
const SLOW_MS = 250;

/** A server that is not reachable for `seconds`, or slow, as the roles see it. */
function link(
  server: 'postgres' | 'temporal',
  spoil: (proxy: TcpProxy) => unknown,
  mend: (proxy: TcpProxy) => unknown,
  seconds: [number, number],
) {
  return async ({ stage, random }: FaultContext) => {
    const proxy = stage.servers.proxies[server];
    await spoil(proxy);
    await sleep(random.between(...seconds) * SECOND);
    await mend(proxy);
  };
}

const blackHole = (proxy: TcpProxy) => proxy.set('black-holed');
const up = (proxy: TcpProxy) => proxy.set('up');
const slow = (proxy: TcpProxy) => proxy.delay(SLOW_MS);
const fast = (proxy: TcpProxy) => proxy.delay(0);

/** Faults of Postgres and Temporal, and of the network before them. */
export const serverFaults: Fault[] = [
  {
    kind: 'temporal killed',
    number: '5',
    tries: 2,
    spreadMs: 15 * SECOND,
    inject: ({ stage, random }) => stage.servers.killTemporal(random.between(0, 3) * SECOND),
  },
  {
    kind: 'temporal away at start',
    number: '6',
    tries: 1,
    spreadMs: 15 * SECOND,
    async inject({ stage: { roles, servers } }) {
      for (const role of ['relay', 'worker'] as const)
        await Promise.all(roles.list(role).map((process) => roles.kill(process)));
      await servers.proxies.temporal.set('refused');
      const started = await Promise.all([roles.spawn('relay'), roles.spawn('worker')]);
      await sleep(10 * SECOND);
      await servers.proxies.temporal.set('up');
      await Promise.all(started.map((process) => roles.waitUntilServing(process)));
    },
  },
  {
    kind: 'temporal black-holed',
    number: '8',
    tries: 1,
    spreadMs: 20 * SECOND,
    inject: link('temporal', blackHole, up, [8, 15]),
  },
  {
    kind: 'temporal slow',
    number: '9',
    tries: 1,
    spreadMs: 15 * SECOND,
    inject: link('temporal', slow, fast, [8, 10]),
  },
  {
    kind: 'temporal wiped',
    number: '5',
    tries: 1,
    spreadMs: 15 * SECOND,
    inject: ({ stage }) => stage.servers.killTemporal(0, true),
  },
  {
    kind: 'postgres killed',
    number: '7',
    tries: 3,
    spreadMs: 15 * SECOND,
    inject: ({ stage }) => stage.servers.killPostgres(0),
  },
  {
    kind: 'postgres away',
    number: '7',
    tries: 1,
    spreadMs: 20 * SECOND,
    inject: ({ stage, random }) => stage.servers.killPostgres(random.between(12, 20) * SECOND),
  },
  {
    kind: 'sessions ended',
    number: '7',
    tries: 6,
    spreadMs: 12 * SECOND,
    async inject({ stage: { sql } }) {
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'throughline-%'`;
    },
  },
  {
    kind: 'postgres black-holed',
    number: '8',
    tries: 1,
    spreadMs: 20 * SECOND,
    inject: link('postgres', blackHole, up, [8, 15]),
  },
  {
    kind: 'postgres slow',
    number: '9',
    tries: 1,
    spreadMs: 15 * SECOND,
    inject: link('postgres', slow, fast, [8, 10]),
  },
];
