import type { Instant, Millis } from '../domain/time/time.ts';

/** An instant, written in the zone and language of the reader. */
export interface TimeParam {
  readonly time: Instant;
}

/** A calendar day as text, `2027-02-27`; other texts stay as they are. */
export interface DayParam {
  readonly day: string;
}

/** A length of time. */
export interface DurationParam {
  readonly duration: Millis;
}

/** An amount as a sender wrote it: `412.5` of the currency `EUR`. */
export interface MoneyParam {
  readonly money: string;
  readonly currency: string;
}

/** Names, written as `T1, T2 and T3`. */
export interface ListParam {
  readonly list: readonly string[];
}

/** A message inside a message. */
export interface Part {
  readonly code: string;
  readonly params: object;
}

/** Messages inside a message, one after the other. */
export interface PartsParam {
  readonly parts: readonly Part[];
}

/** What a message may be given. A text may come from a sender: it is cleaned and shortened before it is shown. */
export type Param =
  | string
  | number
  | boolean
  | null
  | TimeParam
  | DayParam
  | DurationParam
  | MoneyParam
  | ListParam
  | PartsParam;

/** A time, or null where there is none. */
export function timeParam(at: Instant | null | undefined): TimeParam | null {
  return at === null || at === undefined ? null : { time: at };
}

/** A list, or null where it is empty. */
export function listParam(list: readonly string[] | null | undefined): ListParam | null {
  return list && list.length > 0 ? { list } : null;
}

/** Messages inside a message. */
export function partsParam(...parts: Part[]): PartsParam {
  return { parts };
}
