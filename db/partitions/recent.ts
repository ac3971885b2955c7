import type postgres from 'postgres';
import { DAY } from '../../src/domain/time/time.ts';
import type { Tx } from '../client.ts';
import { addMonths, type Month, monthOf, startOf } from './months.ts';

type Fragment = postgres.Fragment;

/**
 * Conditions by which Postgres reads the partitions of a few months instead of all. They are about the clock of
 * Postgres, never about journey time.
 *
 * Their times are constants at the beginning of a month, not parameters: so Postgres leaves partitions out while it
 * plans, and the plan that it keeps for a statement is as small as that of a table without partitions. A statement is
 * planned again when the month changes.
 */

/** An unprocessed event is seldom older. */
const RECENT = 7 * DAY;
/** Clocks may differ, and the plan must hold for transactions that end later. */
const MARGIN = DAY;

/** Since when an event counts as recent: the beginning of a month. */
export function recentSince(): number {
  return startOf(monthOf(Date.now() - RECENT));
}

/**
 * Events of table or alias `e` that were accepted in this month, and in the last one during its first week. What a
 * customer has not processed is nearly always among them; numbers without gaps in the log show whether it is.
 */
export function acceptedRecently(tx: Tx): Fragment {
  return within(tx, 'e.accepted_at', recentSince());
}

/** Events of table or alias `e` accepted since then, or not long before. Only for times that are kept in any case. */
export function acceptedSince(tx: Tx, since: number): Fragment {
  return within(tx, 'e.accepted_at', since - MARGIN);
}

/** Decisions committed since then, or not long before. Only for times that are kept in any case. */
export function committedSince(tx: Tx, since: number): Fragment {
  return within(tx, 'committed_at', since - MARGIN);
}

/** From the beginning of a month until that of another. */
export interface MonthSpan {
  from: Month;
  until: Month;
}

/** Events of alias `e` that were accepted in these months, also those that outlived them. */
export function acceptedWithin(tx: Tx, { from, until }: MonthSpan): Fragment {
  const times = `e.accepted_at >= '${from}-01T00:00:00Z' and e.accepted_at < '${until}-01T00:00:00Z'`;
  // Named twice: the first leaves partitions out, the second is a condition of the index.
  return tx.unsafe(`((e.kept = 0 and ${times}) or e.kept = 1) and ${times}`);
}

function within(tx: Tx, time: string, since: number): Fragment {
  const from = `${monthOf(Math.max(0, since))}-01T00:00:00Z`;
  const until = `${addMonths(monthOf(Date.now() + MARGIN), 1)}-01T00:00:00Z`;
  const kept = time.includes('.') ? `${time.split('.')[0]}.kept` : 'kept';
  return tx.unsafe(`${kept} = 0 and ${time} >= '${from}' and ${time} < '${until}'`);
}
