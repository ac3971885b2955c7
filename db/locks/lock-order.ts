/**
 * The order in which every transaction takes its row locks.
 *
 * Transactions of different kinds lock the same rows. If two of them locked in different orders, each could hold what
 * the other waits for, and Postgres would end one as a deadlock. The first part of the list is locked by statements
 * that a use case awaits one by one, each sorted by key. The second part is written at the end of a transaction by
 * `runInLockOrder`. For example, both acceptance and a decision write tickets before wakes.
 */
export const LOCK_ORDER = [
  // Locked one by one.
  'sweep',
  'workspaces',
  'accounts',
  'sharedSubjects',
  'identities',
  'messageIds',
  'customers',
  'journeys',
  // Written together.
  'events',
  'knownFacts',
  'profiles',
  'accountTraits',
  'decision',
  'outbox',
  // Before the deliveries, which refer to them.
  'issuedCoupons',
  'deliveries',
  'tasks',
  'cancelledDeliveries',
  'endedTasks',
  'escalatedTasks',
  'tickets',
  'enrollments',
  'redeemedCoupons',
  'rewards',
  'consents',
  'fanouts',
  'mergesDue',
  'wakes',
  'newWakes',
  'skippedWakes',
  // Last, since many customers share a count: it is locked for the commit alone.
  'noteCounts',
] as const;

type LockClass = (typeof LOCK_ORDER)[number];

/** What a transaction writes, by lock class. A class that has nothing to write is left out or undefined. */
export type LockSteps = { [Class in LockClass]?: (() => Promise<unknown>) | undefined };

type Results<Steps extends LockSteps> = {
  [Class in keyof Steps]: Steps[Class] extends () => Promise<infer Result>
    ? Result
    : NonNullable<Steps[Class]> extends () => Promise<infer Result>
      ? Result | undefined
      : undefined;
};

/**
 * Sends the statements of a transaction in one round trip: it does not wait for one before it sends the next, and
 * Postgres runs them in the order in which they were sent. A step must send its statement as the first thing it does.
 *
 * @returns the results under the names of the steps
 * @throws before it sends anything, if the steps are not written in the order of `LOCK_ORDER`
 */
export async function runInLockOrder<Steps extends LockSteps>(steps: Steps): Promise<Results<Steps>> {
  const classes = Object.keys(steps) as LockClass[];
  checkLockOrder(classes);
  const present = classes.filter((name) => steps[name] !== undefined);
  const results = await Promise.all(present.map((name) => steps[name]?.()));
  return Object.fromEntries(present.map((name, n) => [name, results[n]])) as Results<Steps>;
}

/** A step for some rows; undefined when there are none. */
export function forRows<Row, Result>(
  rows: readonly Row[],
  step: () => Promise<Result>,
): (() => Promise<Result>) | undefined {
  return rows.length > 0 ? step : undefined;
}

function checkLockOrder(classes: readonly LockClass[]): void {
  for (const [n, name] of classes.entries()) {
    const previous = classes[n - 1];
    if (previous !== undefined && LOCK_ORDER.indexOf(previous) > LOCK_ORDER.indexOf(name))
      throw new Error(`lock order: ${name} is locked before ${previous}, see LOCK_ORDER`);
  }
}
