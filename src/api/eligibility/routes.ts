import { viewExport } from '../../../db/customers/export-customer.ts';
import { readAllIds } from '../../../db/identity/merged-ids.ts';
import { previewAction } from '../../app/decide/preview.ts';
import { resolveReference } from '../customers/customer-ref.ts';
import { customerExport } from '../customers/export-schema.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { actionEligibility } from './schema.ts';
import { toEligibilityView } from './view.ts';

const tag = 'Customers';
const problems = [404, 410];

/** Questions about one customer that change nothing. */
export const eligibilityOperations: Operation[] = [
  defineOperation({
    id: 'getActionEligibility',
    method: 'get',
    path: '/v1/customers/{ref}/actions/{action}',
    tag,
    summary: 'Whether an action is allowed for a customer now, and if not, until when. Sends nothing',
    scope: 'read',
    replies: { 200: { description: 'What the gates say', schema: actionEligibility } },
    problems,
    async handle({ api, workspace, params }) {
      const customerId = await resolveReference(api.deps.db, workspace, params.ref as string);
      const asked = await previewAction(api, { workspace, customerId }, params.action as string);
      return { body: toEligibilityView(customerId, asked) };
    },
  }),
  defineOperation({
    id: 'exportCustomer',
    method: 'get',
    path: '/v1/customers/{ref}/export',
    tag,
    summary: 'Every record of a customer, under all of their ids',
    scope: 'operate',
    replies: { 200: { description: 'Records as they are kept', schema: customerExport } },
    problems,
    async handle({ api, workspace, params }) {
      const { sql } = api.deps.db;
      const ids = await readAllIds(sql, await resolveReference(api.deps.db, workspace, params.ref as string));
      const body = await viewExport(sql, workspace, ids);
      return { body, headers: { 'Cache-Control': 'no-store' } };
    },
  }),
];
