import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { UserError } from '../../user-error.ts';
import { findCacheDir } from '../cache-dir.ts';
import { canEnter, type UnixIdentity } from './identity.ts';

/**
 * Returns a folder that the identity can enter: `dir`, or a substitute if `dir` is below a private home. The substitute is
 * the same at every start. Other users can enter the folder but not list it; private files in it have their own mode.
 */
export function ensureAccessibleDir(
  dir: string,
  identity: UnixIdentity,
  log: (line: string) => void,
): string {
  const wanted = path.resolve(dir);
  mkdirSync(wanted, { recursive: true });
  if (!identity) return wanted;
  chmodSync(wanted, 0o711);
  if (canEnter(identity, wanted)) return wanted;
  const name = `${path.basename(wanted)}-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`;
  // Not /tmp, because files in /var/tmp survive a restart of the machine.
  const bases = [findCacheDir(), `/var/tmp/throughline-${process.getuid?.() ?? 'user'}`];
  for (const base of bases) {
    makeOwnDir(base);
    const standIn = path.join(base, name);
    makeOwnDir(standIn);
    if (!canEnter(identity, standIn)) continue;
    log(`${wanted} is out of reach for uid ${identity.uid}, which Postgres runs as: using ${standIn}`);
    return standIn;
  }
  throw new UserError(
    `uid ${identity.uid}, which Postgres runs as, can reach neither ${wanted} nor ${bases.join(' nor ')}: set XDG_CACHE_HOME to a folder that it can enter, or set DATABASE_URL`,
  );
}

function makeOwnDir(dir: string): void {
  mkdirSync(dir, { recursive: true });
  const stat = lstatSync(dir);
  // In a world-writable folder another user may have created this one.
  if (!stat.isDirectory() || (process.getuid && stat.uid !== process.getuid())) {
    throw new UserError(`${dir} is not a folder of this user: remove it, or set DATABASE_URL`);
  }
  chmodSync(dir, 0o711);
}
