import { iso, SECOND } from '../../domain/time/time.ts';
import { resolveReference } from '../customers/customer-ref.ts';
import { createCustomerToken } from '../frame/customer-token.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { embedToken, embedTokenBody } from './schema.ts';

/** The page of one customer inside of a support tool. */
export const embedOperations: Operation[] = [
  defineOperation({
    id: 'createEmbedToken',
    method: 'post',
    path: '/v1/customers/{ref}/embed-tokens',
    tag: 'Customers',
    summary:
      'The URL of the page of one customer, for a frame in a support tool. It reads this customer alone',
    scope: 'act',
    body: embedTokenBody,
    replies: { 200: { description: 'The page, and its token', schema: embedToken } },
    problems: [404, 410],
    async handle({ api, workspace, params, body }) {
      const { db, config } = api.deps;
      const customerId = await resolveReference(db, workspace, params.ref as string);
      const expiresAt = Date.now() + body.expiresIn * SECOND;
      const token = createCustomerToken('embed', { customerId, expiresAt }, config.secret);
      const url = `${config.publicUrl}/console/embed/customers/${customerId}?token=${token}`;
      return { body: { url, token, expiresAt: iso(expiresAt) }, headers: { 'Cache-Control': 'no-store' } };
    },
  }),
];
