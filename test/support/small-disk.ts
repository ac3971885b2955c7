import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { inject } from 'vitest';

/** A tablespace of the shared Postgres on a disk of its own. */
export interface SmallDisk {
  /** The name of the tablespace. */
  tablespace: string;
  /** Removes both. No database may be left in it. */
  remove(): Promise<void>;
}

/** Makes a disk in memory. Null where this process may not mount one, or Postgres is on another machine. */
export async function createSmallDisk(megabytes: number): Promise<SmallDisk | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const sql = postgres(inject('databaseUrl'), { max: 1, onnotice: () => {} });
  const dir = mkdtempSync(path.join(tmpdir(), 'throughline-small-disk-'));
  const [row] = await sql`select current_setting('data_directory') as dir`;
  try {
    const { uid, gid } = statSync(row?.dir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir], { stdio: 'ignore' });
    const home = path.join(dir, 'tablespace');
    mkdirSync(home);
    chmodSync(dir, 0o755);
    chownSync(home, uid, gid);
    const tablespace = `small_${process.pid}`;
    await sql.unsafe(`create tablespace ${tablespace} location '${home}'`);
    return {
      tablespace,
      async remove() {
        await sql.unsafe(`drop tablespace ${tablespace}`);
        await sql.end();
        execFileSync('umount', [dir]);
        rmSync(dir, { recursive: true });
      },
    };
  } catch {
    await sql.end();
    rmSync(dir, { recursive: true, force: true });
    return null;
  }
}
