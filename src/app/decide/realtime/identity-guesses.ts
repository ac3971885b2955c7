import { LRUCache } from 'lru-cache';
import type { RealtimeReference } from '../../../../db/decisions/realtime-caller.ts';

const MAX_GUESSES = 20_000;

/**
 * The customer whom a reference named last time. It is a guess: with it, facts are read side by side with resolving the
 * reference, and they are used only if the guess was right.
 */
export class IdentityGuesses {
  private readonly customers = new LRUCache<string, string>({ max: MAX_GUESSES });

  get(workspace: string, reference: RealtimeReference | null): string | null {
    if (reference === null) return null;
    if (reference.type === 'id') return reference.value;
    return this.customers.get(toKey(workspace, reference)) ?? null;
  }

  /** @param customerId null: the reference names no customer */
  remember(workspace: string, reference: RealtimeReference | null, customerId: string | null): void {
    if (reference === null || reference.type === 'id') return;
    const key = toKey(workspace, reference);
    if (customerId === null) this.customers.delete(key);
    else this.customers.set(key, customerId);
  }
}

function toKey(workspace: string, { type, value }: RealtimeReference): string {
  return JSON.stringify([workspace, type, value]);
}
