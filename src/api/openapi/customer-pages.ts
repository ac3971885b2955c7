import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

/** Pages that customers open from a message. Mail programs call one of them, too: one-click unsubscribe (RFC 8058). */
export function customerPageRoutes(): RouteConfig[] {
  const content = { 'text/html': { schema: z.string() } };
  const params = z.object({
    token: z.string().describe('Opaque; part of the links in every marketing message'),
  });
  const eraseParams = z.object({
    token: z.string().describe('Opaque; part of the link in a confirmation mail, valid for 24 hours'),
  });
  const trackedParams = z.object({ token: z.string().describe('Opaque; part of the message') });
  const common = { tags: ['Customer pages'], security: [] };
  const others = {
    404: { description: 'The link is not valid', content },
    410: { description: 'The customer was erased, or the link is old', content },
    429: { description: 'Too many requests: retry after `Retry-After` seconds', content },
  };
  const page = (description: string) => ({ 200: { description, content }, ...others });
  const all = z.object({
    all: z.string().optional().describe('All marketing, not only messages of this kind'),
    link: z.string().optional().describe('Mails a link to the preference centre instead'),
  });
  return [
    {
      ...common,
      operationId: 'showUnsubscribePage',
      method: 'get',
      path: '/unsubscribe/{token}',
      summary: 'A page that asks whether to unsubscribe. Changes nothing',
      request: { params },
      responses: page('A page with a button'),
    },
    {
      ...common,
      operationId: 'unsubscribe',
      method: 'post',
      path: '/unsubscribe/{token}',
      summary: 'Withdraw the consent to messages of this kind on this channel (RFC 8058)',
      request: { params, query: all },
      responses: page('The consent is withdrawn'),
    },
    {
      ...common,
      operationId: 'showPreferencesPage',
      method: 'get',
      path: '/preferences/{token}',
      summary: 'The preference centre: topics, channels, snooze, personalisation, erasure',
      request: { params },
      responses: page('A page with forms'),
    },
    {
      ...common,
      operationId: 'submitPreferences',
      method: 'post',
      path: '/preferences/{token}',
      summary: 'Submit one of the forms of the preference centre',
      request: {
        params,
        body: {
          content: { 'application/x-www-form-urlencoded': { schema: z.record(z.string(), z.string()) } },
        },
      },
      responses: {
        ...page('A page about the erasure: it sends a confirmation by mail, or says why it cannot'),
        303: { description: 'Saved; redirects to the page' },
        400: { description: 'The form is unknown. Nothing was changed', content },
      },
    },
    {
      ...common,
      operationId: 'showCatalogue',
      method: 'get',
      path: '/catalogue/{token}',
      summary: 'Products of the shop, as personal as the customer allows, with the coupon of the message',
      request: { params },
      responses: page('A page with products'),
    },
    {
      ...common,
      operationId: 'showErasePage',
      method: 'get',
      path: '/erase/{token}',
      summary: 'The page behind the link of a confirmation mail. Changes nothing',
      request: { params: eraseParams },
      responses: page('A page with a button'),
    },
    {
      ...common,
      operationId: 'eraseOwnData',
      method: 'post',
      path: '/erase/{token}',
      summary: 'Erase the customer whom the confirmation mail was sent to',
      request: { params: eraseParams },
      responses: page('The customer is erased'),
    },
    {
      ...common,
      operationId: 'followLink',
      method: 'get',
      path: '/r/{token}',
      summary: 'A link of a message. Counts the click',
      request: { params: trackedParams },
      responses: { 302: { description: 'Redirects to where the link leads' }, 404: others[404] },
    },
    {
      ...common,
      operationId: 'loadImage',
      method: 'get',
      path: '/o/{token}.gif',
      summary: 'The invisible image of a message. Counts the open',
      request: { params: trackedParams },
      responses: { 200: { description: 'An image', content: { 'image/gif': { schema: z.string() } } } },
    },
  ];
}
