import type { Tx } from '../client.ts';

/**
 * Whether event `e` states a new fact, and does not repeat an earlier one. For statements that join many customers:
 * without statistics Postgres takes `repeats is null` for rare, and would compare each event with each customer; it
 * takes a `case` for half of the rows.
 */
export const isNewFact = (tx: Tx) => tx`case when e.repeats is null then true else false end`;
