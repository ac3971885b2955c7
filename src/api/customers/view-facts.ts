import type { CustomerSnapshot } from '../../../db/customers/customer-snapshot.ts';
import type { ZoneLookup } from '../../app/time-zones.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { Facts } from '../../domain/facts.ts';
import type { Instant } from '../../domain/time/time.ts';
import { resolveZone } from './view-context.ts';

/**
 * As much of the facts as views ask the core with: the customer's own clock, tasks, what is known and what may be read.
 * Nothing of history and caps: who judges candidates reads the facts themselves.
 */
export function toViewFacts(
  snapshot: CustomerSnapshot,
  bundle: Bundle,
  zones: ZoneLookup,
  now: Instant,
): Facts {
  const { workspace, id, profile, eventSeq, tickets, consents, tasks, paused, account, createdAt } = snapshot;
  return {
    workspace,
    customerId: id,
    profile,
    profileSeq: eventSeq,
    tickets,
    consents,
    deliveries: [],
    tasks,
    pastEnrollments: [],
    paused,
    zone: resolveZone(profile, bundle, zones, now),
    suppressedAddresses: [],
    pausedActions: [],
    coupons: [],
    budgets: [],
    account,
    attributes: bundle.attributes,
    personalisation: bundle.workspace.personalisation,
    eventHistory: {},
    sharedUse: [],
    segmentsSwept: true,
    knownSince: createdAt,
  };
}
