import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { segmentBatch, segmentCall, success } from '../events/schema.ts';
import { problemRefs } from './problems.ts';

const CALLS = {
  identify: { id: 'identifyUser', summary: 'Report traits and identifiers of a user' },
  track: { id: 'trackEvent', summary: 'Report an event of a user' },
  page: { id: 'trackPage', summary: 'Report a page view' },
  screen: { id: 'trackScreen', summary: 'Report a screen view' },
  group: { id: 'groupUser', summary: 'Report the account that a user belongs to' },
  alias: { id: 'aliasUser', summary: 'Report that two identifiers belong to one user' },
  batch: { id: 'sendBatch', summary: 'Send several calls at once' },
} as const;

const EVENT = {
  messageId: 'web-7f31',
  userId: 'u-1042',
  event: 'Order Completed',
  properties: { order_id: 'O-77', total: 39.9, currency: 'EUR' },
  timestamp: '2026-11-03T09:12:00Z',
};

const EXAMPLES: Record<keyof typeof CALLS, object> = {
  identify: { userId: 'u-1042', traits: { email: 'mia@example.com', plan: 'family' } },
  track: EVENT,
  page: { anonymousId: 'a-93', name: 'Espresso machines', properties: { url: '/machines' } },
  screen: { userId: 'u-1042', name: 'Basket' },
  group: { userId: 'u-1042', groupId: 'acme', traits: { name: 'Acme Ltd' } },
  alias: { userId: 'u-1042', previousId: 'a-93' },
  batch: { batch: [{ type: 'track', ...EVENT }] },
};

/** The calls of Segment's HTTP tracking API. */
export function segmentRoutes(): RouteConfig[] {
  return Object.entries(CALLS).map(([call, { id, summary }]) => ({
    operationId: id,
    method: 'post',
    path: `/v1/${call}`,
    tags: ['Events'],
    summary,
    description:
      `Accepts any content type. Also served as \`/v1/${call[0]}\`${call === 'batch' ? ' and `/v1/import`' : ''}. ` +
      'Rejected events are listed, and answered with 200.',
    security: [{ writeKey: [] }],
    request: {
      body: {
        required: true,
        content: {
          'application/json': {
            schema: call === 'batch' ? segmentBatch : segmentCall,
            example: EXAMPLES[call as keyof typeof CALLS],
          },
        },
      },
    },
    responses: {
      200: {
        description: 'Committed',
        content: { 'application/json': { schema: success, example: { success: true } } },
      },
      ...problemRefs([400, 401, 403, 413, 415, 429]),
    } as RouteConfig['responses'],
  }));
}
