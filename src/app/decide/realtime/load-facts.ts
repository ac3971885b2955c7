import type { FactsQuery } from '../../../../db/decisions/read-facts.ts';
import {
  type RealtimeCaller,
  type RealtimeReference,
  readRealtimeCaller,
} from '../../../../db/decisions/realtime-caller.ts';
import type { ActionDef, Bundle, PlacementDef } from '../../../domain/definition.ts';
import { DAY, type Instant } from '../../../domain/time/time.ts';
import { buildActionQuery, listSharedCaps } from '../facts/facts-query.ts';
import { loadFacts } from '../facts/load-facts.ts';
import { type LoadedCustomer, toLoadedCustomer } from '../load.ts';
import type { DecisionServices } from '../services.ts';

export interface RealtimeQuery {
  workspace: string;
  /** Null: the request names no customer. */
  reference: RealtimeReference | null;
  /** The id of the customer whom the reference names most likely. */
  guess: string | null;
  bundle: Bundle;
  placement: PlacementDef;
}

export interface RealtimeFacts {
  caller: RealtimeCaller;
  /** Null: the reference names no customer, or the bundle is not the active one any more. */
  customer: LoadedCustomer | null;
  now: Instant;
}

/**
 * Resolves the reference and reads the facts of the guessed customer side by side, which takes one round trip. The
 * facts are read again where the guess was wrong, or where the customer's clock has been skipped ahead.
 */
export async function readRealtimeFacts(
  services: Pick<DecisionServices, 'db' | 'zones' | 'secret' | 'previousSecret'>,
  { workspace, reference, guess, bundle, placement }: RealtimeQuery,
): Promise<RealtimeFacts> {
  const { db, zones } = services;
  const { sql } = db;
  const wallClock = Date.now();
  const load = (customerId: string, now: Instant) =>
    loadFacts(sql, services, buildPlacementQuery(customerId, { bundle, placement }, now), bundle);
  const [caller, guessed] = await Promise.all([
    readRealtimeCaller(sql, workspace, reference),
    guess === null ? null : load(guess, wallClock),
  ]);
  if (!caller) throw new Error(`there is no workspace ${workspace}`);
  const { customerId } = caller;
  const now = Math.max(wallClock, caller.lastNow);
  if (customerId === null || caller.configVersion !== bundle.version) return { caller, customer: null, now };
  const isGuessRight = guess === customerId && now === wallClock;
  const loaded = isGuessRight ? guessed : await load(customerId, now);
  const owner = { workspace, customerId };
  return { caller, customer: loaded && toLoadedCustomer(loaded, owner, { bundle, zones, now }), now };
}

/** What the placement's actions need: what each of them would read alone, for all of them at once. */
function buildPlacementQuery(
  customerId: string,
  { bundle, placement }: { bundle: Bundle; placement: PlacementDef },
  now: Instant,
): FactsQuery {
  const ids = new Set([...placement.actions, placement.fallback]);
  const actions = bundle.actions.filter(({ id }) => ids.has(id));
  const queries = actions.map((action) => buildActionQuery(customerId, bundle, action, now));
  const [first] = queries;
  if (!first) throw new Error(`placement ${placement.id} has no action`);
  return {
    ...first,
    // At least as far back as a journey's decision reads: the model's features are the same.
    since: Math.min(now - 30 * DAY, ...queries.map(({ since }) => since)),
    shared: listSharedCaps(bundle, actions),
    coupons: queries.some(({ coupons }) => coupons),
    budgets: queries.flatMap(({ budgets }) => budgets),
  };
}

/** An action of the bundle; null if it has none of this id. */
export function findAction(bundle: Bundle, id: string): ActionDef | null {
  return bundle.actions.find((action) => action.id === id) ?? null;
}
