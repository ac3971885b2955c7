import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { CHANGE_TOPICS } from '../../../db/changes/recent-changes.ts';
import { problemRefs } from './problems.ts';

const COMMON =
  '`hello` says that the stream knows where things stand: read then. `changed` says that they have changed: read again. ' +
  'A comment every 15 s; the stream ends after 10 minutes at the latest, and clients come again.';

/** The streams that say when to ask again. */
export function changeStreamRoutes(): RouteConfig[] {
  return [
    {
      operationId: 'streamCustomer',
      method: 'get',
      path: '/v1/customers/{ref}/stream',
      tags: ['Customers'],
      summary: 'When a customer has changed, as server-sent events',
      description: `Scope: \`read\`. ${COMMON} \`merged\` names the customer that it is about from then on, in \`into\`; \`erased\` is the last.`,
      security: [{ apiKey: [] }, { session: [] }, { embedToken: [] }],
      request: {
        params: z.object({ ref: z.string() }),
        query: z.object({ token: z.string().optional().describe('The token of an embedded page') }),
      },
      responses: {
        200: { description: 'The stream', content: { 'text/event-stream': { schema: z.string() } } },
        ...problemRefs([400, 401, 403, 404, 410, 429]),
      } as RouteConfig['responses'],
    },
    {
      operationId: 'streamChanges',
      method: 'get',
      path: '/v1/stream',
      tags: ['Events'],
      summary: 'When events, tasks, rejected events or deliveries have changed, as server-sent events',
      description: `Scope: \`read\`. ${COMMON} Each names a \`topic\`. Only the newest records of a topic are watched.`,
      request: {
        query: z.object({
          topics: z
            .string()
            .optional()
            .describe(`Some of ${CHANGE_TOPICS.join(',')}; all if missing`),
        }),
      },
      responses: {
        200: { description: 'The stream', content: { 'text/event-stream': { schema: z.string() } } },
        ...problemRefs([400, 401, 403, 429]),
      } as RouteConfig['responses'],
    },
  ];
}
