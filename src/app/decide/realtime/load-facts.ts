import { LRUCache } from 'lru-cache';
import { type FactsQuery, readFacts } from '../../../../db/decisions/read-facts.ts';
import {
  type RealtimeCaller,
  type RealtimeReference,
  readRealtimeCaller,
} from '../../../../db/decisions/realtime-caller.ts';
import type { ActionDef, Bundle, PlacementDef } from '../../../domain/definition.ts';
import { DAY, type Instant } from '../../../domain/time/time.ts';
import { buildActionQuery, listSharedCaps } from '../facts/facts-query.ts';
import { type LoadedCustomer, toLoadedCustomer } from '../load.ts';
import type { DecisionServices } from '../services.ts';

const KEPT_GUESSES = 20_000;

/** Who a reference led to the last time. Only a guess, so that facts can be asked for at once: it is checked each time. */
export class IdentityGuesses {
  private readonly known = new LRUCache<string, string>({ max: KEPT_GUESSES });

  get(workspace: string, ref: RealtimeReference | null): string | null {
    if (ref === null) return null;
    return ref.type === 'id' ? ref.value : (this.known.get(keyOf(workspace, ref)) ?? null);
  }

  remember(workspace: string, ref: RealtimeReference | null, customerId: string | null): void {
    if (ref === null || ref.type === 'id') return;
    const key = keyOf(workspace, ref);
    if (customerId === null) this.known.delete(key);
    else this.known.set(key, customerId);
  }
}

function keyOf(workspace: string, { type, value }: RealtimeReference): string {
  return JSON.stringify([workspace, type, value]);
}

export interface RealtimeRead {
  caller: RealtimeCaller;
  /** Null: nothing is known of whoever it is. */
  customer: LoadedCustomer | null;
  now: Instant;
}

/**
 * Reads who it is and, side by side with that, the facts of who it most likely is: one round trip's time. Where the
 * guess was wrong, or the customer's clock has been skipped ahead, the facts are read again.
 */
export async function readRealtimeFacts(
  { db: { sql }, zones }: Pick<DecisionServices, 'db' | 'zones'>,
  workspace: string,
  ref: RealtimeReference | null,
  guess: string | null,
  asked: { bundle: Bundle; placement: PlacementDef },
): Promise<RealtimeRead> {
  const wall = Date.now();
  const [caller, guessed] = await Promise.all([
    readRealtimeCaller(sql, workspace, ref),
    guess === null ? null : readFacts(sql, wantedFor(guess, asked, wall)),
  ]);
  if (!caller) throw new Error(`there is no workspace ${workspace}`);
  const { customerId } = caller;
  const now = Math.max(wall, caller.lastNow);
  if (customerId === null || caller.configVersion !== asked.bundle.version)
    return { caller, customer: null, now };
  const right = guess === customerId && now === wall;
  const read = right ? guessed : await readFacts(sql, wantedFor(customerId, asked, now));
  const context = { bundle: asked.bundle, zones, now };
  return { caller, customer: read && toLoadedCustomer(read, { workspace, customerId }, context), now };
}

/** What the placement's actions need: facts as a claim reads them, for all of them at once. */
function wantedFor(
  customerId: string,
  { bundle, placement }: { bundle: Bundle; placement: PlacementDef },
  now: Instant,
): FactsQuery {
  const ids = new Set([...placement.actions, placement.fallback]);
  const actions = bundle.actions.filter(({ id }) => ids.has(id));
  const wanted = actions.map((action) => buildActionQuery(customerId, bundle, action, now));
  const [first] = wanted;
  if (!first) throw new Error(`placement ${placement.id} has no action`);
  return {
    ...first,
    // As far back as a journey's decision looks: the features are the same.
    since: Math.min(now - 30 * DAY, ...wanted.map(({ since }) => since)),
    shared: listSharedCaps(bundle, actions),
    coupons: wanted.some(({ coupons }) => coupons),
    budgets: wanted.flatMap(({ budgets }) => budgets),
  };
}

/** Names of actions that are there, in the bundle's words. */
export function findAction(bundle: Bundle, id: string): ActionDef | null {
  return bundle.actions.find((action) => action.id === id) ?? null;
}
