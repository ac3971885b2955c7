import postgres from 'postgres';
import { type DriverQuery, isQuery } from './driver-query.ts';
import { noteOrigin } from './query-origin.ts';

/**
 * What queries run on: the pool or a transaction. A tagged template is a query, or a part of one; `unsafe` is SQL text.
 * Lists are passed as parameters, with their type in SQL: `any(${ids}::text[])`.
 */
export type Tx = postgres.ISql;

/** Makes queries and helpers. It never connects. */
const language = postgres({ max: 1 });

/**
 * A tagged template whose queries are passed to `run` when they are awaited. A query that stands in another one is a part
 * of it, and never passed.
 */
export function createTag(run: (query: DriverQuery) => void): Tx {
  const direct = <T>(made: T): T => {
    if (isQuery(made)) made.handler = run;
    return made;
  };
  const build = language as unknown as (...args: unknown[]) => unknown;
  const tag = (...args: unknown[]): unknown => {
    noteOrigin(args[0], tag);
    return direct(build(...args));
  };
  return Object.assign(tag, {
    unsafe: (...args: Parameters<typeof language.unsafe>) => direct(language.unsafe(...args)),
    json: language.json,
  }) as unknown as Tx;
}
