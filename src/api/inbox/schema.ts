import { z } from 'zod';
import { actionClass, listOf, pageQuery, time, timeOrNull } from '../frame/schema.ts';

export const inboxItem = z
  .object({
    id: z.string().describe('Of the delivery'),
    title: z.string(),
    body: z.string().describe('Plain text'),
    url: z.string().nullable().describe('Where it leads'),
    class: actionClass,
    topic: z.string().nullable(),
    createdAt: time,
    expiresAt: time,
    readAt: timeOrNull,
  })
  .meta({ id: 'InboxItem', description: 'A message in the inbox of a customer' });

export const inbox = listOf(inboxItem)
  .extend({ unread: z.number().int().describe('Unread items of the whole inbox, up to 100') })
  .meta({
    id: 'Inbox',
    description:
      'Without dismissed and expired items, and without unread ones that the customer’s silence holds back. A page may hold fewer items than `limit`.',
  });

export const inboxQuery = pageQuery;

export const markBody = z.object({}).meta({ id: 'InboxMark' });

export const markedItem = z
  .object({ id: z.string(), unread: z.number().int() })
  .meta({ id: 'MarkedInboxItem' });

export const tokenBody = z
  .object({
    seconds: z.number().int().min(60).max(86_400).default(3_600).describe('How long the token is valid'),
  })
  .meta({ id: 'InboxTokenRequest' });

export const inboxToken = z.object({ token: z.string(), expiresAt: time }).meta({ id: 'InboxToken' });
