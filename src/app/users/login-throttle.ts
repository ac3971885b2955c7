import { createHash } from 'node:crypto';
import {
  type Bucket,
  giveAttemptsBack,
  hasSucceeded,
  saveSuccess,
  takeAttempt,
} from '../../../db/access/login-attempts.ts';
import type { Tx } from '../../../db/client.ts';

/** Who tries to log in. */
export interface Attempt {
  login: string;
  /** The network address that the attempt came from. */
  address: string;
}

/** The attempts that one login, from wherever, has at once, and the seconds until it has one more. */
export const PER_LOGIN = { size: 10, seconds: 30 };
/** Those of one address, with whatever logins. */
export const PER_ADDRESS = { size: 20, seconds: 6 };

/**
 * Takes an attempt before the password is looked at: from the login and from the address, in Postgres, so for all
 * processes together. A login that has succeeded from an address before has attempts of its own there: a stranger who
 * guesses uses up those of the login, and does not keep its user out. Attempts come back with time; nothing is locked.
 *
 * @returns 0, or the seconds until the next attempt
 */
export async function throttleLogin(tx: Tx, attempt: Attempt): Promise<number> {
  for (const bucket of await selectBuckets(tx, attempt)) {
    const wait = await takeAttempt(tx, bucket);
    if (wait > 0) return wait;
  }
  return 0;
}

/** Gives back what a log-in took, and remembers that the login belongs to this address. */
export async function forgiveLogin(tx: Tx, attempt: Attempt): Promise<void> {
  await giveAttemptsBack(tx, await selectBuckets(tx, attempt));
  await saveSuccess(tx, bothOf(attempt));
}

async function selectBuckets(tx: Tx, attempt: Attempt): Promise<Bucket[]> {
  const both = bothOf(attempt);
  if (await hasSucceeded(tx, both.key)) return [both];
  return [
    { key: hash('address', attempt.address), ...PER_ADDRESS },
    { key: hash('login', attempt.login), ...PER_LOGIN },
  ];
}

function bothOf({ login, address }: Attempt): Bucket {
  return { key: hash('both', login, address), ...PER_LOGIN };
}

function hash(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
