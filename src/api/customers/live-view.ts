import type { z } from 'zod';
import type { CustomerSnapshot } from '../../../db/customers/customer-snapshot.ts';
import { iso } from '../../domain/time/time.ts';
import type { LiveState } from '../../workflows/messages.ts';
import type { live } from './schema.ts';

/** What the workflow said, beside whether the view says the same (I5). */
export function toLiveView(said: LiveState, snapshot: CustomerSnapshot): z.infer<typeof live> {
  return {
    agrees: agreement(said, snapshot),
    ordinal: said.ordinal,
    processedSeq: said.processedSeq,
    openTickets: said.openTickets.map(({ id, severity, since }) => ({ id, severity, since: iso(since) })),
    enrollments: said.enrollments.map(({ id, journey, step, status }) => ({
      id,
      journey,
      step,
      state: status.kind,
    })),
    wakeAt: said.wakeAt,
    inFlight: said.inFlight,
    unprocessed: said.unprocessed,
  };
}

/** Comparable at an equal ordinal only; tickets only when the workflow has no news that its answer hasn't taken. */
function agreement(said: LiveState, { ordinal, state }: CustomerSnapshot): boolean | null {
  if (said.ordinal !== ordinal || !state) return null;
  const standing = (enrollments: LiveState['enrollments']) =>
    enrollments
      .map(({ id, step, status }) => `${id} ${step} ${status.kind}`)
      .sort()
      .join('\n');
  const tickets = (open: LiveState['openTickets']) =>
    open
      .map(({ id }) => id)
      .sort()
      .join('\n');
  const same = standing(said.enrollments) === standing(state.enrollments);
  return same && (said.unprocessed > 0 || tickets(said.openTickets) === tickets(state.openTickets));
}
