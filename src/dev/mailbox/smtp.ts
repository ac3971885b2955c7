import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { uuidv7 } from 'uuidv7';
import { type Envelope, type MailboxMessage, parseMessage } from './message.ts';

/** An SMTP reply that refuses: 4xx temporarily, 5xx permanently. */
type SmtpReply = { code: number; message: string };

/** What a test can script: a refusal of one recipient, or of a message after its body. */
export type SmtpScript = {
  onRcpt?(address: string): SmtpReply | undefined | Promise<SmtpReply | undefined>;
  /** May wait before it returns. A refused message is not kept. */
  onData?(message: MailboxMessage): SmtpReply | undefined | Promise<SmtpReply | undefined> | Promise<void>;
};

/** An SMTP server without accounts and without TLS, for the loopback address only. */
export function createMailboxSmtp(keep: (message: MailboxMessage) => void, script: SmtpScript): SMTPServer {
  return new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    // Connections in a client's pool would hold up stop() for 30 s.
    closeTimeout: 500,
    onRcptTo(address, _session, callback) {
      settle(async () => refuse(await script.onRcpt?.(address.address)), callback);
    },
    onData(stream, session, callback) {
      settle(async () => {
        const { mailFrom, rcptTo } = session.envelope;
        const envelope: Envelope = {
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
        };
        const message = await parseMessage(
          await buffer(stream),
          envelope,
          uuidv7(),
          new Date().toISOString(),
        );
        refuse((await script.onData?.(message)) ?? undefined);
        keep(message);
      }, callback);
    },
  });
}

function refuse(reply: SmtpReply | undefined): void {
  if (reply) throw Object.assign(new Error(reply.message), { responseCode: reply.code });
}

function settle(work: () => Promise<void>, callback: (error?: Error | null) => void): void {
  work().then(
    () => callback(),
    (error: Error) => callback(error),
  );
}
