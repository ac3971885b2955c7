import type { z } from 'zod';
import type { CustomerSnapshot } from '../../../db/customers/customer-snapshot.ts';
import { iso } from '../../domain/time/time.ts';
import type { LiveState } from '../../workflows/messages.ts';
import type { live } from './live-schema.ts';

/** The state that the workflow reports, and whether the view agrees with it (I5). */
export function toLiveView(workflow: LiveState, snapshot: CustomerSnapshot): z.infer<typeof live> {
  return {
    agrees: compare(workflow, snapshot),
    ordinal: workflow.ordinal,
    processedSeq: workflow.processedSeq,
    openTickets: workflow.openTickets.map(({ id, severity, since }) => ({ id, severity, since: iso(since) })),
    enrollments: workflow.enrollments.map(({ id, journey, step, status }) => ({
      id,
      journey,
      step,
      state: status.kind,
    })),
    wakeAt: workflow.wakeAt,
    inFlight: workflow.inFlight,
    unprocessed: workflow.unprocessed,
  };
}

/**
 * The two can be compared at equal ordinals only, and tickets only if the workflow has no unprocessed events: it knows
 * of a ticket before the decision about it.
 */
function compare(workflow: LiveState, { ordinal, state }: CustomerSnapshot): boolean | null {
  if (workflow.ordinal !== ordinal || !state) return null;
  const enrollmentKeys = (enrollments: LiveState['enrollments']) =>
    enrollments
      .map(({ id, step, status }) => `${id} ${step} ${status.kind}`)
      .sort()
      .join('\n');
  const ticketKeys = (open: LiveState['openTickets']) =>
    open
      .map(({ id }) => id)
      .sort()
      .join('\n');
  const same = enrollmentKeys(workflow.enrollments) === enrollmentKeys(state.enrollments);
  return (
    same && (workflow.unprocessed > 0 || ticketKeys(workflow.openTickets) === ticketKeys(state.openTickets))
  );
}
