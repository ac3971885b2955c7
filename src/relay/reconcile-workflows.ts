import { findUnknownCustomers } from '../../db/customers/unknown-customers.ts';
import type { AcceptSignals, JourneyClient } from '../temporal/journey-client.ts';
import type { JourneyListing } from '../temporal/journey-listing.ts';
import { type ComparedPage, type ReconcileDeps, reconcilePage } from './reconcile.ts';

export interface ReconcileWorkflowsDeps extends ReconcileDeps {
  journeys: Pick<JourneyClient, 'signal' | 'restart'>;
  listing: Pick<JourneyListing, 'listRunning' | 'findStuck'>;
  acceptSignals: AcceptSignals;
}

/**
 * Compares the workflows that run with the customers. A workflow that no customer answers for is signalled: its decision
 * completes it. A restored database knows nothing of customers who came after the backup. A stuck workflow is started
 * again, also one that nothing in Postgres waits for.
 */
export function reconcileWorkflows(deps: ReconcileWorkflowsDeps): Promise<false> {
  return reconcilePage(deps, 'workflows', (cursor) => compare(deps, cursor));
}

async function compare(
  { db, journeys, listing, acceptSignals }: ReconcileWorkflowsDeps,
  from: string,
): Promise<ComparedPage> {
  const stuck = await listing.findStuck();
  for (const { run, ...owner } of stuck) await journeys.restart(owner, run, acceptSignals);
  const { owners, cursor } = await listing.listRunning(from);
  const unknown = new Set(
    await findUnknownCustomers(
      db.sql,
      owners.map(({ customerId }) => customerId),
    ),
  );
  const orphans = owners.filter(({ customerId }) => unknown.has(customerId));
  for (const owner of orphans) await journeys.signal(owner, []);
  return { cursor, compared: owners.length, repaired: { stuck: stuck.length, orphaned: orphans.length } };
}
