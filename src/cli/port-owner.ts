import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];
const LISTENING = '0A';

/** A program, as a message names it. */
export interface PortOwner {
  name: string;
  pid: number;
}

/**
 * The program that listens on a TCP port of this machine. Null where the system does not say: only Linux does, and of
 * programs of other users only to root.
 */
export function findPortOwner(port: number): PortOwner | null {
  try {
    const sockets = new Set(TABLES.flatMap((table) => listListeners(readOrEmpty(table), port)));
    if (sockets.size === 0) return null;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      if (hasSocket(pid, sockets))
        return { name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim(), pid: Number(pid) };
  } catch {
    // Not Linux, or the program has ended meanwhile.
  }
  return null;
}

/** Inodes of the sockets that listen on a port, from a table such as `/proc/net/tcp`. */
export function listListeners(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(suffix) && state === LISTENING)
    .map((fields) => fields[9] ?? '');
}

function hasSocket(pid: string, sockets: ReadonlySet<string>): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((fd) => {
      const [, inode = ''] = /^socket:\[(\d+)\]$/.exec(readLink(`${folder}/${fd}`)) ?? [];
      return sockets.has(inode);
    });
  } catch {
    // A program of another user.
    return false;
  }
}

function readLink(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
