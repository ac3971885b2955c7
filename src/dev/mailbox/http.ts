import { createServer, type IncomingMessage, type Server } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { PAGE_POLICY, renderListPage, renderMessagePage } from './page.ts';
import type { MailboxStore } from './store.ts';
import { receiveWebhook } from './webhook.ts';

const PAGE_LENGTH = 200;
const LONGEST_WAIT_MS = 15_000;
const POLL_MS = 50;

type Reply = { status: number; type: 'text/plain' | 'text/html' | 'application/json'; body: string };

/** The size limit of a webhook's body. */
const BODY_BYTES = 1_000_000;

/** Serves the mailbox: JSON at `/messages`, pages at `/` and `/view/{id}`. Webhook channels post to `/channels/{id}`. */
export function createMailboxHttp(store: MailboxStore): Server {
  return createServer(async (request, response) => {
    const { headers } = request;
    // A web page could point its own host name at 127.0.0.1, and read the mailbox from the user's browser.
    const { status, type, body } = isLoopback(headers.host)
      ? await answer(store, request)
      : plain(403, 'forbidden host');
    response.writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': PAGE_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    response.end(body);
  });
}

async function answer(store: MailboxStore, request: IncomingMessage): Promise<Reply> {
  const { method = 'GET', url = '/', headers } = request;
  const location = new URL(url, 'http://mailbox');
  const channel = /^\/channels\/([a-z][a-z0-9_]*)$/.exec(location.pathname)?.[1];
  if (channel === undefined || method !== 'POST') {
    await waitForMessages(store, location.searchParams);
    return replyTo(store, method, location);
  }
  const body = await readBody(request);
  if (body === null) return plain(413, 'too long');
  const headerEntries = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  const reply = receiveWebhook(store, channel, Object.fromEntries(headerEntries), body);
  return { status: reply.status, type: 'application/json', body: JSON.stringify(reply.body) };
}

/** Reads a body. Null when it is too long or incomplete. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > BODY_BYTES) return null;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function replyTo(store: MailboxStore, method: string, url: URL): Reply {
  if (url.pathname === '/messages' && method === 'DELETE') {
    store.clear();
    return { status: 204, type: 'application/json', body: '' };
  }
  if (method !== 'GET') return plain(405, 'method not allowed');
  if (url.pathname === '/messages') return listJson(store, url.searchParams);
  if (url.pathname === '/') return html(renderListPage(store.list({ limit: PAGE_LENGTH })));
  const message = url.pathname.startsWith('/view/')
    ? store.find(url.pathname.slice('/view/'.length))
    : undefined;
  return message ? html(renderMessagePage(message)) : plain(404, 'not found');
}

function listJson(store: MailboxStore, query: URLSearchParams): Reply {
  const limit = Number(query.get('limit') ?? Number.POSITIVE_INFINITY);
  if (!(limit >= 0)) return plain(400, 'limit must be a number');
  const body = JSON.stringify(store.list({ to: query.get('to') ?? undefined, limit }));
  return { status: 200, type: 'application/json', body };
}

/** `?to=…&atLeast=2` waits until there are so many messages, for scripts that have just sent an event. */
async function waitForMessages(store: MailboxStore, query: URLSearchParams): Promise<void> {
  const count = Number(query.get('atLeast') ?? 0);
  const to = query.get('to') ?? undefined;
  for (const end = Date.now() + LONGEST_WAIT_MS; Date.now() < end; await setTimeout(POLL_MS))
    if (!(store.list({ to, limit: count }).length < count)) return;
}

function html(body: string): Reply {
  return { status: 200, type: 'text/html', body };
}

function plain(status: number, text: string): Reply {
  return { status, type: 'text/plain', body: `${text}\n` };
}

function isLoopback(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? '');
}
