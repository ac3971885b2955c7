import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { problemRefs } from './problems.ts';

/** The stream of a customer's inbox. */
export function inboxStreamRoutes(): RouteConfig[] {
  return [
    {
      operationId: 'streamInbox',
      method: 'get',
      path: '/v1/customers/{ref}/inbox/stream',
      tags: ['Inbox'],
      summary: 'Changes of an inbox, as server-sent events',
      description:
        'Scope: `read`. First every unread item, or with `Last-Event-ID` those after it. `item` brings an item; `read` and `removed` name one by `id`; ' +
        '`unread` brings the count. A comment every 15 s; the stream ends after 10 minutes at the latest, and clients come again.',
      security: [{ apiKey: [] }, { session: [] }, { inboxToken: [] }],
      request: {
        params: z.object({ ref: z.string() }),
        query: z.object({
          token: z.string().optional().describe('An inbox token, for `EventSource`, which sends no header'),
        }),
        headers: z.object({ 'Last-Event-ID': z.string().optional() }),
      },
      responses: {
        200: { description: 'The stream', content: { 'text/event-stream': { schema: z.string() } } },
        ...problemRefs([400, 401, 403, 404, 410, 429]),
      } as RouteConfig['responses'],
    },
  ];
}
