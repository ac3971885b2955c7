import type { CallType } from '../../domain/event.ts';
import type { Note } from '../../domain/note.ts';
import type { Instant } from '../../domain/time/time.ts';

/** An event as a source has verified and parsed it, before it has a place in the log. */
export interface IncomingEvent {
  workspace: string;
  messageId: string;
  type: CallType;
  name: string;
  /** The customer, if already resolved; otherwise at least one identity is given. */
  customerId?: string;
  userId?: string;
  anonymousId?: string;
  email?: string;
  /** As `readPhoneKey` gives it. Acceptance reads it again, with the workspace's country. */
  phone?: string;
  /** Ids in other systems, as `{type}:{id}`. */
  externalIds?: string[];
  /** Only in an alias: the customer's previous id. */
  previousId?: string;
  /** When it happened, corrected for the client's clock; never later than its receipt. */
  at: Instant;
  historical: boolean;
  source: string;
  properties: Record<string, unknown>;
  traits: Record<string, unknown>;
  context: Record<string, unknown>;
  /** Sent with a browser key, which anybody can read: what it states of facts and addresses is not proven. */
  fromBrowser?: true;
  /** The account that it names does not count. */
  joinsNoAccount?: boolean;
  /** What its source could not read of it. */
  notes?: readonly Note[];
  /** `traceparent` of the request that brought it, where tracing is on. */
  trace?: string;
}

/** The result of accepting one event. */
export interface Receipt {
  messageId: string;
  status: 'accepted' | 'duplicate' | 'rejected';
  customerId: string | null;
  seq: number | null;
}

/** Postgres, or what else is needed, is unreachable or saturated: nothing was changed, and the sender must retry. */
export class Unavailable extends Error {}
