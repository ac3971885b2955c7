import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findCacheDir } from '../../src/dev/cache-dir.ts';
import { buildGoProgram, findGo, type GoProgram } from '../../src/dev/temporal/build.ts';

/** A program that is there, or why it is not. */
export type ObtainedProgram =
  | { executable: string; missing?: undefined }
  | { executable?: undefined; missing: string };

/**
 * Builds a program with Go once, into the cache. Where there is no Go, or the build fails outside of CI, a test that needs
 * the program is skipped with the reason.
 *
 * @throws Error in CI when the build fails
 */
export async function obtainGoProgram(
  program: GoProgram,
  name = path.basename(program.package),
): Promise<ObtainedProgram> {
  const executable = path.join(findCacheDir(), `${name}-${program.version}`);
  if (existsSync(executable)) return { executable };
  const go = findGo();
  if (!go.ok) return { missing: `${program.name} is built with Go: ${go.reason}` };
  console.log(`building ${program.name} ${program.version} with Go, ${program.duration}`);
  try {
    await buildGoProgram(program, { target: executable, progress: () => {} });
    return { executable };
  } catch (error) {
    if (process.env.CI) throw error;
    return { missing: (error as Error).message };
  }
}

/** Builds the program in a folder of the tests, as `obtainGoProgram` does. It is built again when its code changes. */
export function obtainGoFolder(dir: string): ObtainedProgram {
  const code = ['main.go', 'go.mod', 'go.sum'].map((file) => readFileSync(path.join(dir, file)));
  const version = createHash('sha256').update(Buffer.concat(code)).digest('hex').slice(0, 12);
  const executable = path.join(findCacheDir(), `${path.basename(dir)}-${version}`);
  if (existsSync(executable)) return { executable };
  const go = findGo();
  if (!go.ok) return { missing: `${path.basename(dir)} is built with Go: ${go.reason}` };
  try {
    const env = { ...process.env, GOFLAGS: '', GOWORK: 'off' };
    execFileSync('go', ['build', '-o', executable, '.'], { cwd: dir, env, stdio: 'pipe' });
    return { executable };
  } catch (error) {
    if (process.env.CI) throw error;
    return { missing: `${path.basename(dir)} could not be built: ${(error as Error).message}` };
  }
}
