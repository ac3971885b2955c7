import type { Tx } from '../../../../db/client.ts';
import type { DueReward, RewardEffect, RewardEvent } from '../../../../db/learning/due-rewards.ts';
import { dataUseOf } from '../../../domain/customer/attribute.ts';
import type { ActionDef, Bundle, Cel } from '../../../domain/definition.ts';
import type { ExpressionScope } from '../../../domain/facts.ts';
import { NO_ENTRY } from '../../../domain/state.ts';
import { computeSuppression } from '../../../domain/ticket-suppression.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { computeScores } from '../../../learning/scores/compute-scores.ts';
import { buildVisitorFacts } from '../../decide/facts/build-facts.ts';
import { buildActionQuery } from '../../decide/facts/facts-query.ts';
import { loadCustomer } from '../../decide/load.ts';
import type { DecisionServices } from '../../decide/services.ts';

/** Names of customer facts in conditions. A match in a string literal only loads facts that aren't needed. */
const READS_FACTS = /\b(traits|scores|account|cart|orders|tickets|suppressed|count|daysSince|local)\b/;

type CustomerScope = Pick<ExpressionScope, 'facts' | 'scores' | 'suppressed'>;

/**
 * Loads what the conditions of rewards read. Most conditions only read the event. For the others, the customer's facts are
 * read as of now, after the window is over, and once per customer.
 */
export class RewardScopes {
  private readonly loaded = new Map<string, CustomerScope>();
  private readonly empty: CustomerScope;
  private readonly tx: Tx;
  private readonly deps: DecisionServices;
  private readonly bundle: Bundle;
  private readonly now: Instant;

  constructor(tx: Tx, deps: DecisionServices, bundle: Bundle, now: Instant) {
    this.tx = tx;
    this.deps = deps;
    this.bundle = bundle;
    this.now = now;
    const facts = buildVisitorFacts({ bundle, zones: deps.zones, now });
    this.empty = { facts, scores: {}, suppressed: { marketing: false, service: false } };
  }

  /** Loads the customer's facts if one of the conditions reads them. */
  async load(due: DueReward, action: ActionDef, conditions: (Cel | null)[]): Promise<CustomerScope> {
    if (!conditions.some((condition) => condition !== null && READS_FACTS.test(condition))) return this.empty;
    const scope = this.loaded.get(due.customerId) ?? (await this.read(due.customerId, action));
    this.loaded.set(due.customerId, scope);
    return scope;
  }

  private async read(customerId: string, action: ActionDef): Promise<CustomerScope> {
    const { tx, deps, bundle, now } = this;
    const { id: workspace } = bundle.workspace;
    const query = buildActionQuery(customerId, bundle, action, now);
    const customer = await loadCustomer(tx, deps, { workspace, customerId }, { query, bundle, now });
    if (!customer) return this.empty;
    const { facts } = customer;
    const fitted = await deps.fits(tx, workspace, customer.fitVersion);
    const scores = computeScores({ facts, bundle, fitted, now, evaluate: deps.evaluate });
    return { facts, scores, suppressed: computeSuppression(bundle.workspace.tickets, facts.tickets, now) };
  }
}

/**
 * Builds the scope of one event, as of the event's time. The enrollment may have ended long ago, so its variables are
 * empty.
 */
export function buildRewardScope(
  due: DueReward,
  { action, effect }: { action: ActionDef; effect: RewardEffect | null },
  { name, at, properties }: RewardEvent,
  customer: CustomerScope,
): ExpressionScope {
  return {
    event: { name, at, properties },
    ...customer,
    enrollment: {
      id: due.enrollmentId,
      key: due.key,
      enteredAt: due.enteredAt ?? due.at,
      entry: effect?.entry ?? NO_ENTRY,
      vars: {},
    },
    now: at,
    use: dataUseOf(action),
  };
}
