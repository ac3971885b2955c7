import type { Tx } from '../client.ts';

/** A token bucket: `size` attempts at once, and then one more every `seconds`. */
export interface Bucket {
  key: string;
  size: number;
  seconds: number;
}

/**
 * Takes one attempt from a bucket, in one statement, so that processes that take at once cannot take too many.
 *
 * @returns 0, or the seconds until there is an attempt again
 */
export async function takeAttempt(tx: Tx, { key, size, seconds }: Bucket): Promise<number> {
  const taken = await tx`
    insert into login_attempts as a (key, remaining, at) values (${key}, ${size - 1}, clock_timestamp())
    on conflict (key) do update set remaining = ${remainingNow(tx, size, seconds)} - 1, at = clock_timestamp()
      where ${remainingNow(tx, size, seconds)} >= 1
    returning 1`;
  if (taken.length > 0) return 0;
  const [row] = await tx<{ wait: number }[]>`
    select ceil((1 - ${remainingNow(tx, size, seconds)}) * ${seconds})::int as wait from login_attempts a where key = ${key}`;
  return Math.max(1, row?.wait ?? 1);
}

/** Gives back what a log-in has taken from these buckets, because it succeeded. */
export async function giveAttemptsBack(tx: Tx, buckets: readonly Bucket[]): Promise<void> {
  for (const { key, size } of buckets)
    await tx`update login_attempts set remaining = least(${size}, remaining + 1) where key = ${key}`;
}

/** Remembers that a log-in succeeded with this login from this address. */
export async function saveSuccess(tx: Tx, { key, size }: Bucket): Promise<void> {
  await tx`
    insert into login_attempts (key, remaining, at, succeeded_at)
    values (${key}, ${size}, clock_timestamp(), clock_timestamp())
    on conflict (key) do update set succeeded_at = excluded.succeeded_at, at = excluded.at`;
}

/** Whether a log-in succeeded before with this login from this address. */
export async function hasSucceeded(tx: Tx, key: string): Promise<boolean> {
  const rows = await tx`select 1 from login_attempts where key = ${key} and succeeded_at is not null`;
  return rows.length > 0;
}

function remainingNow(tx: Tx, size: number, seconds: number) {
  return tx`least(${size}::float8, a.remaining + extract(epoch from clock_timestamp() - a.at)::float8 / ${seconds}::float8)`;
}
