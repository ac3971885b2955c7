import type { ComposedMessage } from './compose-message.ts';

/** The message of an open attempt, as it is kept with its delivery until the provider has answered. */
export interface PendingMessage {
  /** As in `Idempotency`. */
  provider: string;
  message: ComposedMessage;
}

/** Reads a kept message; null if an erasure has taken it away. */
export function readPendingMessage(kept: unknown): PendingMessage | null {
  const pending = kept as Partial<PendingMessage> | null;
  return pending?.message && pending.provider !== undefined ? (pending as PendingMessage) : null;
}
