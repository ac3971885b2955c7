import { viewExport } from '../../../db/queries/view-export.ts';
import { viewIdsOf } from '../../../db/queries/view-merged.ts';
import { askGates } from '../ask-gates.ts';
import { resolveRef } from '../customer-ref.ts';
import { type Operation, operation } from '../operation.ts';
import { customerExport } from '../schemas/export.ts';
import { whether } from '../schemas/whether.ts';
import { whetherView } from '../views/whether.ts';

const tag = 'Customers';
const problems = [404, 410];

/** Questions about one customer that change nothing. */
export const askOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/customers/{ref}/actions/{action}',
    tag,
    summary: 'Why not now, and when: asks every gate about an action, and sends nothing',
    scope: 'read',
    replies: { 200: { description: 'What the gates say', schema: whether } },
    problems,
    async handle({ api, workspace, params }) {
      const customerId = await resolveRef(api.deps.db, workspace, params.ref as string);
      const asked = await askGates(api, { workspace, customerId }, params.action as string);
      return { body: whetherView(customerId, asked) };
    },
  }),
  operation({
    method: 'get',
    path: '/v1/customers/{ref}/export',
    tag,
    summary: 'Everything that is held of a customer, under all of their ids',
    scope: 'operate',
    replies: { 200: { description: 'Records as they are kept', schema: customerExport } },
    problems,
    async handle({ api, workspace, params }) {
      const { sql } = api.deps.db;
      const ids = await viewIdsOf(sql, await resolveRef(api.deps.db, workspace, params.ref as string));
      const body = await viewExport(sql, workspace, ids);
      return { body, headers: { 'Cache-Control': 'no-store' } };
    },
  }),
];
