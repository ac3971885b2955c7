import { isRetryable } from '../../../db/client.ts';
import { IdentityRace } from '../identity/resolve-identities.ts';

const TRIES = 5;

/** Runs a transaction again that ran into another one. */
export async function retryTransaction<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (!isTransient(error) || attempt >= TRIES) throw error;
      // Two batches that ran into each other must not do so again in step.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
    }
  }
}

/** Whether the same transaction may succeed in a moment. */
export function isTransient(error: unknown): boolean {
  return isRetryable(error) || error instanceof IdentityRace;
}
