import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { UserError } from '../../user-error.ts';

/** Who Postgres runs as, since it refuses to run as root: another uid, or `undefined` for ourselves. */
export type UnixIdentity = { uid: number; gid: number } | undefined;

/** The uid of `nobody` on common Unix systems. It works without an entry in the user table of a container. */
const NOBODY = 65534;

/** The user that runs a cluster: this user; under root the user `postgres` if it exists, otherwise `nobody`. */
export function findPostgresIdentity(): UnixIdentity {
  if (process.getuid?.() !== 0) return undefined;
  const identity = userOf('postgres') ?? { uid: NOBODY, gid: NOBODY };
  if (!canDo(identity, 'true')) {
    throw new UserError(
      'Postgres refuses to run as root, and this process may not change its user: run as another user, or set DATABASE_URL',
    );
  }
  return identity;
}

/** Whether that identity can enter a folder. */
export function canEnter(identity: UnixIdentity, dir: string): boolean {
  return canDo(identity, 'cd "$1"', dir);
}

/** Whether that identity can run a program. */
export function canExecute(identity: UnixIdentity, file: string): boolean {
  return canDo(identity, 'test -x "$1"', file);
}

// The system checks access, because computing it from modes would ignore ACLs, mounts and capabilities.
function canDo(identity: UnixIdentity, script: string, ...args: string[]): boolean {
  return (
    spawnSync('/bin/sh', ['-c', script, 'sh', ...args], { ...identity, cwd: '/', stdio: 'ignore' }).status ===
    0
  );
}

function userOf(name: string): UnixIdentity {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
  } catch {
    return undefined;
  }
}
