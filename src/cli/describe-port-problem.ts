import { findPortOwner, type PortOwner } from './port-owner.ts';

/** Where a server was to listen, and the variable that says so. */
export interface Listening {
  /** `PORT`. */
  variable: string;
  host: string;
  port: number;
}

/**
 * What is wrong with an address on which a server can't listen, and what to do about it. Null for an error of another
 * kind.
 */
export function describePortProblem(
  { variable, host, port }: Listening,
  error: unknown,
  findOwner: (port: number) => PortOwner | null = findPortOwner,
): string | null {
  switch ((error as { code?: unknown }).code) {
    case 'EADDRINUSE': {
      const owner = findOwner(port);
      const who = owner
        ? `${owner.name} (process ${owner.pid}) listens there`
        : 'another program listens there';
      return `port ${port} is in use: ${who}. Stop it, or set ${variable} to a free port`;
    }
    case 'EACCES':
      return `port ${port} may not be used by this user: set ${variable} to 1024 or more`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `this machine has no address ${host}: set HOST, such as HOST=0.0.0.0 for all of its addresses`;
    default:
      return null;
  }
}
