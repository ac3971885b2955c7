import type { CallType } from '../../domain/event.ts';
import type { Instant } from '../../domain/time/time.ts';

/** An event as a source has verified and parsed it, before it has a place in the log. */
export interface IncomingEvent {
  workspace: string;
  messageId: string;
  type: CallType;
  name: string;
  /** Who it is about: a customer already known, or identities to be resolved. At least one is there. */
  customerId?: string;
  userId?: string;
  anonymousId?: string;
  email?: string;
  /** As `phoneNumber` gives it. */
  phone?: string;
  /** Ids in other systems, as `{type}:{id}`. */
  externalIds?: string[];
  /** Of an alias: the id that the customer was known by until now. */
  previousId?: string;
  /** When it happened: corrected for the client's clock, never in the future of its receipt. */
  at: Instant;
  historical: boolean;
  source: string;
  properties: Record<string, unknown>;
  traits: Record<string, unknown>;
  context: Record<string, unknown>;
}

/** What became of one incoming event. */
export interface Receipt {
  messageId: string;
  status: 'accepted' | 'duplicate' | 'rejected';
  customerId: string | null;
  seq: number | null;
}

/** Postgres can't be reached or is saturated: nothing was accepted, and the sender must try again. */
export class Unavailable extends Error {}
