import type { Millis } from '../time/time.ts';

/** The declared source of an attribute, and what it may be used for (C-1, C-2, D-2, D-19). */
export interface AttributeDef {
  /** The source whose events set it; null: any. */
  source: string | null;
  party: 'first' | 'second' | 'third';
  /** From 0 (reveals little about a person) to 3. It is read only up to the customer's personalisation level. */
  sensitivity: number;
  /** The uses that may read it; null: all. */
  uses: ('marketing' | 'service')[] | null;
  /** The purpose that the customer must have consented to; null: none. */
  consent: string | null;
  /** The age from which it is stale; null: never. */
  fresh: Millis | null;
  /** Read in place of a stale value; null: a stale value reads as missing. */
  fallback: unknown;
}
