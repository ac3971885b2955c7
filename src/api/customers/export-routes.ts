import { exportCustomer } from '../../app/identity/export-customer.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { resolveAllIds } from './customer-ref.ts';
import { customerExport } from './export-schema.ts';

/** Everything that is stored about a customer. */
export const exportOperations: Operation[] = [
  defineOperation({
    id: 'exportCustomer',
    method: 'get',
    path: '/v1/customers/{ref}/export',
    tag: 'Customers',
    summary: 'Every record of a customer, under all of their ids',
    scope: 'operate',
    replies: { 200: { description: 'The records as stored', schema: customerExport } },
    problems: [404, 410],
    async handle({ api, workspace, params }) {
      const ids = await resolveAllIds(api.deps.db, workspace, params.ref as string);
      const stream = exportCustomer(api.decisionServices, workspace, ids);
      return { stream, headers: { 'Cache-Control': 'no-store' } };
    },
  }),
];
