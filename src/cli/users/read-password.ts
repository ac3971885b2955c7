import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { UserError } from '../../user-error.ts';

/** Asks without showing what is typed. */
export type AskSecret = (question: string) => Promise<string>;

/**
 * A new password: asked for twice in a terminal, otherwise the whole standard input. It is never an argument, which other
 * users of the machine could see.
 *
 * @param ask asks the user; null where there is no terminal
 */
export async function readNewPassword(
  ask: AskSecret | null = process.stdin.isTTY ? askSecret : null,
): Promise<string> {
  if (!ask) return (await text(process.stdin)).replace(/\r?\n$/, '');
  const password = await ask('Password: ');
  if (password === (await ask('The same again: '))) return password;
  throw new UserError('the two passwords differ: nothing was changed');
}

async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
