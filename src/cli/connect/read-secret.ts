import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import type { SourceSetup } from '../../domain/vendor-setup.ts';
import { UserError } from '../../user-error.ts';

const SHORTEST = 8;
const MADE_BYTES = 24;

/** A secret of ours: long enough for every vendor's field, and without signs. */
export function makeSecret(): string {
  return randomBytes(MADE_BYTES).toString('base64url');
}

/** The secret that the user has given: as an option, or `-` for standard input, where other users do not see it. */
export async function readGivenSecret(option: string | undefined): Promise<string | undefined> {
  if (option === undefined) return undefined;
  const secret = (option === '-' ? await text(process.stdin) : option).trim();
  return checkSecret(secret);
}

/** Asks for the vendor's secret in a terminal. @throws UserError elsewhere */
export async function askSecret(
  secret: Extract<SourceSetup['secret'], { by: 'vendor' }>,
  signal: AbortSignal,
): Promise<string> {
  if (process.stdin.isTTY !== true)
    throw new UserError(
      `${secret.shown} is missing: run the command again with --secret, or --secret - to pipe it`,
    );
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return checkSecret((await terminal.question(`Paste ${secret.shown}: `, { signal })).trim());
  } finally {
    terminal.close();
  }
}

function checkSecret(secret: string): string {
  if (secret.length >= SHORTEST) return secret;
  throw new UserError(`a secret has at least ${SHORTEST} characters: copy it whole`);
}
