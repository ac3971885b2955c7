import { isRetryable } from '../../../db/client.ts';
import { IdentityRace } from '../identity/resolve-identities.ts';
import { RefusedEvents } from './refused-events.ts';

const MAX_ATTEMPTS = 5;

/** Runs a transaction, and again when it fails because of a concurrent one: at most five times. */
export async function retryTransaction<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (!isTransient(error) || attempt >= MAX_ATTEMPTS) throw error;
      // A random pause, so that two colliding transactions don't collide again in step.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
    }
  }
}

/** Whether the same transaction may succeed when it is retried. */
export function isTransient(error: unknown): boolean {
  return isRetryable(error) || error instanceof IdentityRace || error instanceof RefusedEvents;
}
