import { lookup } from 'node:dns/promises';
import net from 'node:net';

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** Looks up all addresses of a host. Rejects if there are none. */
export type Resolve = (host: string) => Promise<ResolvedAddress[]>;

/**
 * Looks hosts up as the system does. Those who ask for the same host at the same time share one look-up: each takes one
 * of the process's few threads, and a name server that does not answer must not take them all.
 */
export function createResolve(lookUp: Resolve = (host) => lookup(host, { all: true })): Resolve {
  const running = new Map<string, Promise<ResolvedAddress[]>>();
  return (host) => {
    const family = net.isIP(host);
    if (family !== 0) return Promise.resolve([{ address: host, family }]);
    const known = running.get(host);
    if (known) return known;
    const started = lookUp(host).finally(() => running.delete(host));
    running.set(host, started);
    return started;
  };
}
