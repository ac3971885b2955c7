import type { CustomerSnapshot } from '../../../db/customers/customer-snapshot.ts';
import { buildConditionFacts } from '../../app/decide/facts/build-facts.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { ConditionFacts } from '../../domain/facts.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { ViewContext } from './view-context.ts';

/** The facts that a view evaluates conditions and scores over, by the definitions of a bundle. */
export function toViewFacts(
  snapshot: CustomerSnapshot,
  bundle: Bundle,
  { zones, eventHistory }: Pick<ViewContext, 'zones' | 'eventHistory'>,
  now: Instant,
): ConditionFacts {
  const { workspace, id, profile, eventSeq, tickets, consents, account, createdAt } = snapshot;
  const row = { profile, seq: eventSeq, tickets, consents, account, eventHistory, knownSince: createdAt };
  return buildConditionFacts(row, { workspace, customerId: id }, { bundle, zones, now });
}
