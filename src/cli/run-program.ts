import process from 'node:process';
import type { Command } from 'commander';
import { UserError } from '../user-error.ts';

/** Runs the command that the process was called with. A `UserError` is printed as one line, any other with its stack. */
export async function runProgram(program: Command): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof UserError) console.error(`error: ${error.message}`);
    else console.error(error);
    // exitCode alone is not enough: a server that a failed command had started would keep the process alive.
    process.exit(1);
  }
}
