import type { View } from './search.ts';

/** Which tasks are listed, as the URL says it. */
export interface Filters {
  queue: string | undefined;
  view: View | undefined;
  customer: string | undefined;
}

/** The same as the API asks for it. */
export function toQuery({ queue, view, customer }: Filters, login: string) {
  const shared = { ...(queue ? { queue } : {}), ...(customer ? { customer } : {}), limit: 50 };
  if (view === 'held') return { ...shared, assignee: login };
  if (view === 'snoozed') return { ...shared, snoozed: 'true' as const };
  return view === undefined ? shared : { ...shared, state: view };
}
