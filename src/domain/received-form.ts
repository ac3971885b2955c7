import type { CallType } from './event.ts';
import type { Instant } from './time/time.ts';

/** How a refused event was received: what reading its body again needs besides the body. */
export type ReceivedForm = ReceivedEvent | ReceivedWebhook;

/** An event of a library, by one of the formats that keys send. */
export interface ReceivedEvent {
  format: 'segment' | 'cloudevents';
  /** The call that the path named; null where the event names its own. */
  call: CallType | null;
  receivedAt: Instant;
  /** The sender's clock, when it sent the request. */
  sentAt: Instant | null;
  historical: boolean;
  fromBrowser: boolean;
}

/** A request to a source of webhooks. */
export interface ReceivedWebhook {
  format: 'webhook';
  url: string;
  /** Those that its kind reads. None holds a secret. */
  headers: Readonly<Record<string, string>>;
  receivedAt: Instant;
}
