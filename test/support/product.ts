import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { ROOT } from './paths.ts';

/** Paths from the folder of the repository. */
const MAIN = 'dist/src/cli/main.js';
export const PRODUCT_WORKFLOWS = 'dist/src/workflow-bundle.js';

let built = false;

/** The entry point of the built product, made first if the sources have changed. For `spawnChild`. */
export function buildProduct(): string {
  if (!built) {
    const args = ['scripts/build.mjs', '--if-needed'];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the build failed: ${stderr}`);
    built = true;
  }
  return MAIN;
}
