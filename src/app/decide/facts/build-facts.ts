import { emptyProfile, readCustomerZone } from '../../../domain/customer/profile.ts';
import { withoutFoldMemory } from '../../../domain/customer/read-profile.ts';
import type { Bundle } from '../../../domain/definition.ts';
import type { ConditionFacts, DecisionFacts, Facts } from '../../../domain/facts.ts';
import type { Instant } from '../../../domain/time/time.ts';
import type { ZoneLookup } from '../../time-zones.ts';
import type { LoadedFacts } from './load-facts.ts';

export interface FactsOwner {
  workspace: string;
  customerId: string;
}

/** By what definitions, and as of when, rows become facts. */
export interface FactsContext {
  bundle: Bundle;
  zones: ZoneLookup;
  now: Instant;
}

/** The columns behind the slices that conditions read. */
export interface ConditionRow
  extends Pick<
    ConditionFacts,
    'profile' | 'tickets' | 'consents' | 'account' | 'eventHistory' | 'knownSince'
  > {
  /** The log's newest sequence number that the profile contains. */
  seq: number;
}

/** Facts for conditions, scores and templates. */
export function buildConditionFacts(
  row: ConditionRow,
  { workspace, customerId }: FactsOwner,
  { bundle, zones, now }: FactsContext,
): ConditionFacts {
  const { timezone, personalisation } = bundle.workspace;
  return {
    workspace,
    customerId,
    profile: withoutFoldMemory(row.profile),
    profileSeq: row.seq,
    knownSince: row.knownSince,
    zone: zones(readCustomerZone(row.profile), timezone, now),
    account: row.account,
    attributes: bundle.attributes,
    ...(bundle.events ? { eventTypes: bundle.events } : {}),
    personalisation,
    eventHistory: row.eventHistory,
    consents: row.consents,
    tickets: row.tickets,
  };
}

/** Facts for gates and arbitration. */
export function buildDecisionFacts(
  loaded: LoadedFacts,
  owner: FactsOwner,
  context: FactsContext,
): DecisionFacts {
  return {
    ...buildConditionFacts(loaded, owner, context),
    paused: loaded.paused,
    suppressedAddresses: loaded.suppressedAddresses,
    pausedActions: loaded.pausedActions,
    deliveries: loaded.deliveries,
    tasks: loaded.tasks,
    sharedUse: loaded.sharedUse,
    coupons: loaded.coupons,
    budgets: loaded.budgets,
  };
}

/** Facts for a journey's own decision: all slices. */
export function buildJourneyFacts(loaded: LoadedFacts, owner: FactsOwner, context: FactsContext): Facts {
  const { pastEnrollments, segmentsSwept } = loaded;
  return { ...buildDecisionFacts(loaded, owner, context), pastEnrollments, segmentsSwept };
}

/** An unknown visitor: nothing is recorded of them, so templates use their fallbacks. */
export function buildVisitorFacts(context: FactsContext): ConditionFacts {
  const row = {
    profile: emptyProfile(),
    seq: 0,
    knownSince: 0,
    account: null,
    eventHistory: {},
    consents: [],
    tickets: [],
  };
  return buildConditionFacts(row, { workspace: context.bundle.workspace.id, customerId: '' }, context);
}
