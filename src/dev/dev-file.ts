import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from './write-private-file.ts';

const devFile = z.object({
  url: z.string(),
  writeKey: z.string(),
  browserKey: z.string(),
  apiKey: z.string(),
  temporalAddress: z.string(),
  temporalUiUrl: z.string().optional(),
  databaseUrl: z.string(),
  mailboxUrl: z.string(),
});

/** The addresses of the last `npm start` and the keys of its workspace, for scripts on this machine. */
export type DevFile = z.infer<typeof devFile>;

/** The file's path below the project's folder. */
export const DEV_FILE = path.join('.throughline', 'dev.json');

/** Reads the file. `undefined` when it is missing or invalid. */
export function readDevFile(file: string = DEV_FILE): DevFile | undefined {
  try {
    return devFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes the file atomically, readable by this user only: it holds keys and the database's password. */
export function writeDevFile(content: DevFile, file: string = DEV_FILE): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writePrivateFile(file, `${JSON.stringify(content, undefined, 2)}\n`);
}
