import { previewAction } from '../../app/decide/preview.ts';
import { resolveReference } from '../customers/customer-ref.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { actionEligibility } from './schema.ts';
import { toEligibilityView } from './view.ts';

/** Whether an action is allowed for one customer. */
export const eligibilityOperations: Operation[] = [
  defineOperation({
    id: 'getActionEligibility',
    method: 'get',
    path: '/v1/customers/{ref}/actions/{action}',
    tag: 'Customers',
    summary: 'Whether an action is allowed for a customer now, and if not, until when. Sends nothing',
    scope: 'read',
    embedded: 'customer',
    replies: { 200: { description: 'What the gates say', schema: actionEligibility } },
    problems: [404, 410],
    async handle({ api, workspace, params }) {
      const customerId = await resolveReference(api.deps.db, workspace, params.ref as string);
      const owner = { workspace, customerId };
      const preview = await previewAction(api.decisionServices, owner, params.action as string);
      return { body: toEligibilityView(customerId, preview) };
    },
  }),
];
