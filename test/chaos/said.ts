/** What customers say in a run, and what it means. The only thing that the checker shares with the rest of the suite. */

/** What a step changes, in the words of the checker's own model. */
export type Meaning =
  | { type: 'order'; orderId: string }
  | { type: 'ticket opened'; ticketId: string }
  | { type: 'ticket closed'; ticketId: string }
  | { type: 'consent'; channel: string; status: 'granted' | 'withdrawn' }
  | { type: 'paused' }
  | { type: 'resumed' }
  | { type: 'snoozed' }
  | { type: 'other' };

/** One event, with a message id. It is repeated under that id until it is acknowledged. */
export interface SaidEvent {
  kind: 'event';
  /** Message id. */
  id: string;
  call: 'track' | 'identify' | 'page' | 'alias';
  body: Record<string, unknown>;
}

/** One command of support, with an `Idempotency-Key`. It is repeated under that key until it is answered. */
export interface SaidCommand {
  kind: 'command';
  /** `Idempotency-Key`, and the reason that stands in the log. */
  id: string;
  method: 'POST' | 'PUT';
  path: string;
  body: Record<string, unknown>;
}

export interface Step {
  /** Milliseconds after the beginning. A step begins at the earliest when the one before it is acknowledged. */
  due: number;
  said: SaidEvent | SaidCommand;
  meaning: Meaning;
  /** When it was sent for the first time, by the client's clock. */
  at?: number;
  acknowledged?: boolean;
  /** The answer that refused it, if one did. */
  refused?: string;
}

export interface Person {
  userId: string;
  /** The visitor who turned out to be this customer. */
  anonymousId: string | null;
  email: string;
  steps: Step[];
}
