import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

/** What customers open from a message. Not for machines, but for mail programs: one click unsubscribes. */
export function customerPages(): RouteConfig[] {
  const content = { 'text/html': { schema: z.string() } };
  const params = z.object({ token: z.string().describe('Opaque; stands in every marketing message') });
  const common = { tags: ['Customers’ own pages'], security: [] };
  const others = {
    404: { description: 'Not a link of ours', content },
    410: { description: 'The customer was erased', content },
    429: { description: 'Too fast: come back after Retry-After', content },
  };
  const page = (description: string) => ({ 200: { description, content }, ...others });
  const all = z.object({ all: z.string().optional().describe('All marketing, not only of this kind') });
  return [
    {
      ...common,
      method: 'get',
      path: '/unsubscribe/{token}',
      summary: 'Asks whether to unsubscribe',
      request: { params },
      responses: page('A page with a button'),
    },
    {
      ...common,
      method: 'post',
      path: '/unsubscribe/{token}',
      summary: 'Withdraws the consent to messages of that kind on that channel (RFC 8058)',
      request: { params, query: all },
      responses: page('Withdrawn'),
    },
    {
      ...common,
      method: 'get',
      path: '/preferences/{token}',
      summary: 'The preference centre: topics, channels, a break, personalisation, deletion',
      request: { params },
      responses: page('A page with forms'),
    },
    {
      ...common,
      method: 'post',
      path: '/preferences/{token}',
      summary: 'Takes one of its forms',
      request: {
        params,
        body: {
          content: { 'application/x-www-form-urlencoded': { schema: z.record(z.string(), z.string()) } },
        },
      },
      responses: {
        ...page('Asks once more before everything is deleted, or says that it was'),
        303: { description: 'Saved; back to the page' },
        400: { description: 'Not one of its forms: nothing was changed', content },
      },
    },
  ];
}
