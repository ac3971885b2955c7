import net from 'node:net';
import { UserError } from '../../src/user-error.ts';

/** @throws UserError unless the URL names this machine: nothing else may ever be attacked. */
export function assertLoopback(url: string): URL {
  const parsed = new URL(url);
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  const isLoopback = net.isIPv4(host) ? host.startsWith('127.') : host === '::1';
  if (isLoopback) return parsed;
  throw new UserError(`${parsed.host} is not a loopback address: attacks go to this machine only`);
}
