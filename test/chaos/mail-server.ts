import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Receipt } from './receipts.ts';

/** How the server behaves for one message. */
export type MailMode =
  | 'works'
  /** 421 instead of a greeting; on a kept connection instead of an answer to MAIL. */
  | 'busy'
  /** Accepts the connection, or MAIL on a kept one, and says nothing. */
  | 'silent'
  /** 450 for the recipient. */
  | 'greylists'
  /** 550 for the recipient: nobody lives there. */
  | 'bounces'
  /** Closes the connection when the message is about to be sent. */
  | 'drops before data'
  /** Closes the connection when the message has arrived, without an answer. */
  | 'drops after data'
  /** Has the message, and never answers. */
  | 'silent after data'
  /** 451 after the message. */
  | 'defers after data'
  /** 554 after the message. */
  | 'refuses after data'
  /** Answers everything after half a second. */
  | 'slow';

export interface MailServer {
  url: string;
  receipts: Receipt[];
  /** Addresses that were answered with 550: the product sends nothing more to them. */
  bounced: Set<string>;
  /** From now on the mode of each message comes from here. */
  behave(choose: () => MailMode): void;
  stop(): Promise<void>;
}

/** Starts an SMTP server that misbehaves on request. It keeps who received what, and delivers nothing. */
export async function startMailServer(): Promise<MailServer> {
  const receipts: Receipt[] = [];
  const bounced = new Set<string>();
  const sockets = new Set<net.Socket>();
  let choose: () => MailMode = () => 'works';
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    converse(socket, () => choose(), receipts, bounced);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    receipts,
    bounced,
    behave(next) {
      choose = next;
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function converse(
  socket: net.Socket,
  choose: () => MailMode,
  receipts: Receipt[],
  bounced: Set<string>,
): void {
  let mode = choose();
  let messages = 0;
  let text = '';
  let to = '';
  let inData = false;
  const reply = async (line: string) => {
    if (mode === 'slow') await sleep(500);
    if (!socket.destroyed) socket.write(`${line}\r\n`);
  };
  const receive = (message: string) => {
    const deliveryId = /^message-id:\s*<([^@>]+)@/im.exec(message)?.[1] ?? '(none)';
    const keep = (answer: Receipt['answer']) => receipts.push({ deliveryId, channel: 'email', to, answer });
    switch (mode) {
      case 'drops after data':
        keep('unanswered');
        return socket.destroy();
      case 'silent after data':
        return keep('unanswered');
      case 'defers after data':
        keep('refused');
        return reply('451 4.3.0 later, please');
      case 'refuses after data':
        keep('refused');
        return reply('554 5.7.1 not this');
      default:
        keep('accepted');
        return reply('250 2.0.0 accepted');
    }
  };
  const obey = (line: string) => {
    const command = line.slice(0, 4).toUpperCase();
    if (command === 'EHLO') return reply('250-chaos\r\n250 8BITMIME');
    if (command === 'MAIL') {
      if (messages++ > 0) mode = choose();
      if (mode === 'busy') return socket.end('421 4.3.2 busy\r\n');
      if (mode === 'silent') return undefined;
    }
    if (command === 'RCPT') {
      to = /<([^>]*)>/.exec(line)?.[1] ?? '';
      if (mode === 'greylists') return reply('450 4.2.0 greylisted');
      if (mode === 'bounces') {
        bounced.add(to);
        return reply('550 5.1.1 no such mailbox');
      }
      return reply('250 2.1.5 ok');
    }
    if (command === 'DATA') {
      if (mode === 'drops before data') return socket.destroy();
      inData = true;
      return reply('354 go ahead');
    }
    if (command === 'QUIT') {
      return reply('221 bye').then(() => socket.end());
    }
    return reply('250 ok');
  };
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
    for (;;) {
      const end = text.indexOf(inData ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const part = text.slice(0, end);
      text = text.slice(end + (inData ? 5 : 2));
      if (inData) {
        inData = false;
        void receive(part);
      } else void obey(part);
    }
  });
  if (mode === 'busy') socket.end('421 4.3.2 busy\r\n');
  else if (mode !== 'silent') void reply('220 chaos ESMTP');
}
