import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { UserError } from '../../user-error.ts';
import type { BadRow } from './row.ts';

/** The file of rows that were not imported: one JSON object a line, with line number and reason. */
export class RejectedFile {
  private readonly file: string;
  private readonly descriptor: number;
  private bytes: number;

  /** @param keep bytes of an earlier run that the checkpoint counts; what is behind them comes again */
  constructor(file: string, keep: number) {
    this.file = file;
    try {
      this.descriptor = openSync(file, keep > 0 ? 'r+' : 'w', 0o600);
    } catch (error) {
      throw new UserError(
        `${file} can't be written (${(error as Error).message}): say --rejected with another place`,
      );
    }
    this.bytes = Math.min(keep, fstatSync(this.descriptor).size);
    ftruncateSync(this.descriptor, this.bytes);
  }

  /** Adds rows, and forces them to disk: a checkpoint will count them. @returns the size of the file */
  add(rows: readonly BadRow[]): number {
    if (rows.length === 0) return this.bytes;
    const text = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    writeSync(this.descriptor, text, 0, text.length, this.bytes);
    fsyncSync(this.descriptor);
    this.bytes += text.length;
    return this.bytes;
  }

  /** Closes it, and removes it if nothing was rejected. */
  close(): void {
    closeSync(this.descriptor);
    if (this.bytes === 0) rmSync(this.file, { force: true });
  }
}
