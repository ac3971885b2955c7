import { once } from 'node:events';
import type { Server } from 'node:net';
import { LOOPBACK } from '../ports.ts';
import { createMailboxHttp } from './http.ts';
import type { MailboxMessage } from './message.ts';
import { createMailboxSmtp, type SmtpScript } from './smtp.ts';
import { createMailboxStore } from './store.ts';

const CAPACITY = 20_000;

/** Options of a mailbox. Missing ports are chosen freely. With a `file` the messages survive a restart. */
export type MailboxOptions = { file?: string; smtpPort?: number; httpPort?: number } & SmtpScript;

/** A running mailbox. `url` serves the messages as JSON; the page for people is at the root of the same server. */
export type Mailbox = {
  smtpUrl: string;
  url: string;
  /** The URL to which a webhook channel posts its messages. */
  channelUrl(id: string): string;
  /** The messages, newest first. */
  messages(): MailboxMessage[];
  stop(): Promise<void>;
};

/** Starts a mail server on the loopback address that accepts every message and delivers none. */
export async function startMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const store = createMailboxStore(CAPACITY, options.file);
  const smtp = createMailboxSmtp(store.add, options);
  const http = createMailboxHttp(store);
  // The server re-emits errors of sockets. A client that disconnects is irrelevant, and listen() reports a port in use.
  smtp.on('error', () => {});
  const smtpPort = await listen(smtp.server, options.smtpPort);
  const closeSmtp = () => new Promise<void>((resolve) => smtp.close(() => resolve()));
  let httpPort: number;
  try {
    httpPort = await listen(http, options.httpPort);
  } catch (error) {
    await closeSmtp();
    throw error;
  }
  return {
    smtpUrl: `smtp://${LOOPBACK}:${smtpPort}`,
    url: `http://${LOOPBACK}:${httpPort}/messages`,
    channelUrl: (id) => `http://${LOOPBACK}:${httpPort}/channels/${id}`,
    messages: () => store.list(),
    async stop() {
      const closed = once(http, 'close');
      http.close();
      http.closeAllConnections();
      await Promise.all([closed, closeSmtp()]);
    },
  };
}

async function listen(server: Server, port = 0): Promise<number> {
  server.listen({ port, host: LOOPBACK });
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}
