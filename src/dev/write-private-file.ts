import { chmodSync, renameSync, writeFileSync } from 'node:fs';

/** Writes a file in one step, readable by this user only: after a crash there is the old one or the new one. */
export function writePrivateFile(file: string, text: string): void {
  const half = `${file}.new`;
  writeFileSync(half, text, { mode: 0o600 });
  // The mode above applies to a new file only.
  chmodSync(half, 0o600);
  renameSync(half, file);
}
