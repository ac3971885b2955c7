import type { Tx } from '../../../db/client.ts';
import type { FactsQuery } from '../../../db/decisions/read-facts.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { DecisionFacts } from '../../domain/facts.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { DecisionPolicy } from '../../engine/policy.ts';
import { createScoredRequest, type DecisionRequest, type Purpose } from '../../engine/request.ts';
import { buildDecisionFacts, type FactsOwner } from './facts/build-facts.ts';
import { type LoadedFacts, loadFacts } from './facts/load-facts.ts';
import type { DecisionServices } from './services.ts';

/** One customer's facts as of an instant, with the versions of what was learned. */
export interface LoadedCustomer {
  facts: DecisionFacts;
  /** Null before the first model, and before the first fit of the scores. */
  modelVersion: number | null;
  fitVersion: number | null;
}

/**
 * Loads what a claim, a preview, a real-time decision or a reward reads: every slice but the journeys'.
 * @returns null for a customer who does not exist, was merged into another, or was erased
 */
export async function loadCustomer(
  tx: Tx,
  services: Pick<DecisionServices, 'zones' | 'secret' | 'previousSecret'>,
  owner: FactsOwner,
  { query, bundle, now }: { query: FactsQuery; bundle: Bundle; now: Instant },
): Promise<LoadedCustomer | null> {
  const loaded = await loadFacts(tx, services, query, bundle);
  return loaded && toLoadedCustomer(loaded, owner, { bundle, zones: services.zones, now });
}

export function toLoadedCustomer(
  loaded: LoadedFacts,
  owner: FactsOwner,
  context: { bundle: Bundle; zones: DecisionServices['zones']; now: Instant },
): LoadedCustomer {
  const { modelVersion, fitVersion } = loaded;
  return { facts: buildDecisionFacts(loaded, owner, context), modelVersion, fitVersion };
}

/** What distinguishes one request from another, once the facts are loaded. */
export interface RequestAssembly extends Partial<DecisionRequest> {
  purpose: Purpose;
  policy: DecisionPolicy;
  customer: LoadedCustomer;
  bundle: Bundle;
  now: Instant;
}

/** Assembles the request of a purpose, with scores by the fit that was the newest when the facts were read. */
export async function assembleRequest(
  tx: Tx,
  { fits, evaluate }: Pick<DecisionServices, 'fits' | 'evaluate'>,
  { customer, ...input }: RequestAssembly,
): Promise<DecisionRequest> {
  const { facts, fitVersion } = customer;
  const fitted = await fits(tx, facts.workspace, fitVersion);
  return createScoredRequest({ facts, evaluate, fitted, ...input });
}
