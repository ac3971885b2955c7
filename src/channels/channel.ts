/** What a channel is handed: content and address, nothing of the customer. */
export interface OutgoingMessage {
  /** The delivery's id; deterministic ids towards the provider are derived from it. */
  deliveryId: string;
  workspace: string;
  channel: string;
  /** `mandatory`, `transactional`, `service` or `marketing`: providers have routes of their own for them. */
  class: string;
  /** The address; on a channel that needs none, the customer's id. */
  to: string;
  from: { name: string; email: string };
  /** Channels without subjects have null; so have those without HTML. */
  subject: string | null;
  html: string | null;
  text: string;
  /** Of an e-mail. */
  headers: Record<string, string>;
  /** Where the customer can say what they want to hear; null where the message isn't marketing. */
  preferencesUrl: string | null;
}

/** What became of one attempt. A channel says `retry` only if it knows that nothing was sent. */
export type SendResult =
  | { state: 'sent'; providerId: string }
  /** Will never work. `suppress`: the address itself is at fault and isn't written to again. */
  | { state: 'failed'; error: string; suppress: boolean }
  /** `after`: milliseconds that the provider asks to wait. */
  | { state: 'retry'; error: string; after?: number }
  /** It may have been sent, or not: nobody can tell. */
  | { state: 'unknown'; error: string };

/** The port behind which every channel lives. A new channel is one file and one line where channels are listed. */
export interface Channel {
  id: string;
  /** The slots of its task queue: how many attempts one worker makes at once. */
  concurrency: number;
  /** Makes one attempt. Has time-outs of its own that end well within 20 s. Never throws. */
  send(message: OutgoingMessage): Promise<SendResult>;
  close(): Promise<void>;
}
