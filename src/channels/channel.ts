/** What a channel is handed: content and address, nothing of the customer. */
export interface Outgoing {
  /** The delivery's id; deterministic ids towards the provider are derived from it. */
  deliveryId: string;
  to: string;
  from: { name: string; email: string };
  subject: string;
  html: string;
  text: string;
  headers: Record<string, string>;
}

/** What became of one attempt. A channel says `retry` only if it knows that nothing was sent. */
export type SendResult =
  | { state: 'sent'; providerId: string }
  /** Will never work. `suppress`: the address itself is at fault and isn't written to again. */
  | { state: 'failed'; error: string; suppress: boolean }
  | { state: 'retry'; error: string }
  /** It may have been sent, or not: nobody can tell. */
  | { state: 'unknown'; error: string };

/** The port behind which every channel lives. A new channel is one file and one line where channels are listed. */
export interface Channel {
  id: string;
  /** The slots of its task queue: how many attempts one worker makes at once. */
  concurrency: number;
  /** Makes one attempt. Has time-outs of its own that end well within 20 s. Never throws. */
  send(message: Outgoing): Promise<SendResult>;
  close(): Promise<void>;
}
