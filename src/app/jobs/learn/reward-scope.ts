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

/** What conditions may read beside the event. The word alone is enough to look: reading facts in vain does no harm. */
const READS_FACTS = /\b(traits|scores|account|cart|orders|tickets|suppressed|count|daysSince|local)\b/;

type Known = Pick<ExpressionScope, 'facts' | 'scores' | 'suppressed'>;

/**
 * What a reward's condition reads. Nearly all of them read the event and nothing else; for those that look at the
 * customer, facts are read as they are now, when the window is over, and once per customer.
 */
export class RewardScopes {
  private readonly known = new Map<string, Known>();
  private readonly nobody: Known;
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
    this.nobody = { facts, scores: {}, suppressed: { marketing: false, service: false } };
  }

  /** What is known of the customer, as far as the action's reward asks for it. */
  async load(due: DueReward, action: ActionDef, conditions: (Cel | null)[]): Promise<Known> {
    if (!conditions.some((condition) => condition !== null && READS_FACTS.test(condition)))
      return this.nobody;
    const known = this.known.get(due.customerId) ?? (await this.read(due.customerId, action));
    this.known.set(due.customerId, known);
    return known;
  }

  private async read(customerId: string, action: ActionDef): Promise<Known> {
    const { tx, deps, bundle, now } = this;
    const { id: workspace } = bundle.workspace;
    const query = buildActionQuery(customerId, bundle, action, now);
    const customer = await loadCustomer(tx, deps, { workspace, customerId }, { query, bundle, now });
    if (!customer) return this.nobody;
    const { facts } = customer;
    const fitted = await deps.fits(tx, workspace, customer.fitVersion);
    const scores = computeScores({ facts, bundle, fitted, now, evaluate: deps.evaluate });
    return { facts, scores, suppressed: computeSuppression(bundle.workspace.tickets, facts.tickets, now) };
  }
}

/**
 * The scope of one event, at the instant that it happened. Of an enrollment that may be long over its variables aren't
 * known any more.
 */
export function buildRewardScope(
  due: DueReward,
  { action, effect }: { action: ActionDef; effect: RewardEffect | null },
  { name, at, properties }: RewardEvent,
  known: Known,
): ExpressionScope {
  return {
    event: { name, at, properties },
    ...known,
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
