import type { Instant } from '../time/time.ts';

/** One value that is known about a customer or an account, with its origin. */
export interface Trait {
  value: unknown;
  at: Instant;
  seq: number;
  source: string;
  /** Of an account: the only member who has stated this value, and with whom it is erased. Missing: several have. */
  by?: string;
  /** The device is set to it: nobody has stated it about the customer. */
  device?: true;
  /** An address that only a browser key has stated, which anybody can use. */
  unproven?: true;
  /** What does not apply: the device's setting beside what was stated, or the other way round. */
  other?: Trait;
}
