import { existsSync } from 'node:fs';
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
