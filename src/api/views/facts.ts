import type { CustomerSnapshot } from '../../../db/queries/view-customer.ts';
import type { ZoneTable } from '../../activities/zone-table.ts';
import type { Facts } from '../../domain/context.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { Instant } from '../../domain/time.ts';
import { zoneOf } from './lens.ts';

/**
 * As much of the facts as views ask the core with: the customer's own clock, tasks, what is known and what may be read.
 * Nothing of history and caps: who judges candidates reads the facts themselves.
 */
export function factsOf(snapshot: CustomerSnapshot, bundle: Bundle, zones: ZoneTable, now: Instant): Facts {
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
    past: [],
    paused,
    zone: zoneOf(profile, bundle, zones, now),
    suppressedAddresses: [],
    pausedActions: [],
    coupons: [],
    budgets: [],
    account,
    attributes: bundle.attributes,
    personalisation: bundle.workspace.personalisation,
    history: {},
    shared: [],
    swept: true,
    knownSince: createdAt,
  };
}
