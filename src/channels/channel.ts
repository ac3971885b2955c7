import type { Reachability } from './reachability.ts';

/** The message that a channel sends: content and address, and nothing else of the customer. */
export interface OutgoingMessage {
  /** The delivery's id. Channels derive the provider's idempotency key or message id from it. */
  deliveryId: string;
  workspace: string;
  channel: string;
  /** `mandatory`, `transactional`, `service` or `marketing`: some providers have separate routes for them. */
  class: string;
  /** The address; the customer's id on a channel that needs no address. */
  to: string;
  from: { name: string; email: string };
  /** Null on channels without subjects. */
  subject: string | null;
  /** Null on channels without HTML. */
  html: string | null;
  text: string;
  /** E-mail headers; empty on other channels. */
  headers: Record<string, string>;
  /** The link to the customer's preference page; null unless the message is marketing. */
  preferencesUrl: string | null;
}

/** The result of one attempt. A channel returns `retry` only if it is certain that nothing was sent. */
export type SendResult =
  /** `segments`: the parts of a text message, each of which is billed. */
  | { state: 'sent'; providerId: string; segments?: number }
  /**
   * Another attempt would fail as well. `suppress`: the address is invalid and goes on the suppression list, for `reason`
   * or the code in `error`.
   */
  | { state: 'failed'; error: string; suppress: boolean; reason?: string }
  /**
   * `after`: the pause that the provider requested, in milliseconds. `unreachable`: there was no connection to it, which
   * says nothing about the message.
   */
  | { state: 'retry'; error: string; after?: number; unreachable?: boolean }
  /** The message may have been sent or not. `final`: the provider will not say more to a repeat. */
  | { state: 'unknown'; error: string; final?: boolean };

/** A provider that sends one message for all requests with the same key and the same content. The key is the delivery's id. */
interface Idempotency {
  /** For how long the provider remembers a key, in milliseconds. */
  window: number;
  /** Whose memory it is. A repeat goes only to the provider that had the first request. */
  provider: string;
}

/** The interface of every channel. A new kind of channel is one file, and one line in `kinds.ts`. */
export interface Channel {
  id: string;
  /** The number of attempts that one worker makes at once. */
  concurrency: number;
  /** Messages per second over all workers; null or absent: no limit. */
  rate?: number | null;
  /** Makes one attempt. It ends within 20 s by its own time-outs, and never throws. */
  send(message: OutgoingMessage): Promise<SendResult>;
  /** Whether the provider can be reached, and who waits for it; absent if it needs no connection. */
  reachability?: Pick<Reachability, 'isAway' | 'wait'>;
  /** Absent: the provider recognises no repeat, so an attempt without an answer is never repeated. */
  idempotency?: Idempotency;
  close(): Promise<void>;
}
