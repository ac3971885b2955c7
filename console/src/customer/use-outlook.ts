import { explainAction, type Outlook } from '../../../src/sentences/explain-action.ts';
import type { Problem } from '../api/problem.ts';
import { useApi } from '../api/use-api.ts';
import type { ActionEligibility, Customer } from './types.ts';

/** The largest page of a list. */
const LIMIT = 100;

interface Answer {
  outlook: Outlook;
  eligibility: ActionEligibility;
}

interface OutlookQuery {
  data: Answer | undefined;
  error: Problem | null;
  refetch(): Promise<unknown>;
}

/** Whether an action reaches a customer, and what is against it. */
export function useOutlook(customer: Customer, action: string): OutlookQuery {
  const ref = customer.id;
  const page = { params: { path: { ref }, query: { limit: LIMIT } } };
  const eligibility = useApi('get', '/v1/customers/{ref}/actions/{action}', {
    params: { path: { ref, action } },
  });
  const deliveries = useApi('get', '/v1/customers/{ref}/deliveries', page);
  const decisions = useApi('get', '/v1/customers/{ref}/decisions', {
    params: { path: { ref }, query: { limit: 20 } },
  });
  const coupons = useApi('get', '/v1/customers/{ref}/coupons', page);
  const queries = [eligibility, deliveries, decisions, coupons];
  const known = eligibility.data && deliveries.data && decisions.data && coupons.data;
  // Open tasks are part of the customer; those that have ended are in the timeline.
  const tasks = customer.tasks.map((task) => ({ ...task, createdAt: task.acknowledgeBy, outcome: null }));
  return {
    data: known && {
      eligibility: eligibility.data,
      outlook: explainAction({
        customer,
        eligibility: eligibility.data,
        deliveries: deliveries.data.data,
        decisions: decisions.data.data,
        coupons: coupons.data.data,
        tasks,
      }),
    },
    error: queries.find(({ error }) => error !== null)?.error ?? null,
    refetch: () => Promise.all(queries.map((query) => query.refetch())),
  };
}
