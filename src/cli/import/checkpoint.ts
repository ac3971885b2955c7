import { hash } from 'node:crypto';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { z } from 'zod';
import { writePrivateFile } from '../../dev/write-private-file.ts';
import { UserError } from '../../user-error.ts';
import { readHead } from './open-text.ts';

const HEAD_BYTES = 64 * 1024;

const checkpoint = z.object({
  /** Of the file and of the settings; another one begins from the start. */
  identity: z.string(),
  units: z.number().int().nonnegative(),
  sent: z.number().int().nonnegative(),
  rejected: z.number().int().nonnegative(),
  rejectedBytes: z.number().int().nonnegative(),
});

/** How far an import has come: everything before is accepted or in the file of rejected rows. */
export type Checkpoint = z.infer<typeof checkpoint>;

/** What a checkpoint belongs to: the file as it is, and all that decides what its rows become. */
export async function identifyImport(file: string, settings: unknown): Promise<string> {
  const head = await readHead(file, HEAD_BYTES);
  const { size } = statSync(file);
  return hash('sha256', `${size} ${hash('sha256', head)} ${JSON.stringify(settings)}`);
}

/** Reads a checkpoint; the beginning if there is none that belongs to this import. */
export function readCheckpoint(file: string, identity: string): Checkpoint {
  const none = { identity, units: 0, sent: 0, rejected: 0, rejectedBytes: 0 };
  try {
    const saved = checkpoint.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return saved.success && saved.data.identity === identity ? saved.data : none;
  } catch {
    return none;
  }
}

/** Writes it in one step: after a crash there is the old one or the new one. @throws UserError */
export function writeCheckpoint(file: string, state: Checkpoint): void {
  try {
    writePrivateFile(file, JSON.stringify(state));
  } catch (error) {
    throw new UserError(
      `${file} can't be written (${(error as Error).message}): say --state with another place`,
    );
  }
}

export function removeCheckpoint(file: string): void {
  rmSync(file, { force: true });
}
