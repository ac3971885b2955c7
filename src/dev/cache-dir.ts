import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** The folder for files that can be created again: `$XDG_CACHE_HOME/throughline`, or `~/.cache/throughline`. */
export function findCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'throughline');
}
