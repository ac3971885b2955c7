import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Channel, OutgoingMessage, SendResult } from './channel.ts';

/** Together below a `deliver` activity's 25 s: connect, greet, and each silence of the conversation. */
const TIMEOUTS = {
  connectionTimeout: 5_000,
  greetingTimeout: 5_000,
  dnsTimeout: 3_000,
  socketTimeout: 8_000,
  socketCloseTimeout: 0,
};

/**
 * E-mail over SMTP, one conversation per message. It is held step by step, since only so can be told whether the
 * server may have taken a message when the connection breaks; nodemailer's pool would even put it back into its
 * queue then, and so send it twice.
 */
export function createEmailChannel(smtpUrl: string): Channel {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const options = { host: url.hostname, port: Number(url.port) || (secure ? 465 : 25), secure, ...TIMEOUTS };
  const credentials = url.username
    ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
    : null;
  return {
    id: 'email',
    concurrency: 20,
    async send(message) {
      const progress = { begun: false };
      try {
        const raw = await compose(message);
        const response = await converse(new SMTPConnection(options), credentials, message, () => {
          progress.begun = true;
          return raw;
        });
        return { state: 'sent', providerId: response };
      } catch (error) {
        return judge(error as SmtpError, progress.begun);
      }
    },
    close: async () => {},
  };
}

/** One conversation. `body` is called when the server has asked for the message. */
function converse(
  connection: SMTPConnection,
  credentials: { user: string; pass: string } | null,
  message: OutgoingMessage,
  body: () => Buffer,
): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    connection.once('error', reject);
    connection.once('end', () => reject(new Error('the connection was closed')));
    const send = () => {
      const lazily = Readable.from(
        (function* () {
          yield body();
        })(),
      );
      const envelope = { from: message.from.email, to: [message.to] };
      connection.send(envelope, lazily, (error, info) => {
        if (error) return reject(error);
        connection.quit();
        resolve(String(info?.response ?? ''));
      });
    };
    connection.connect((error) => {
      if (error) return reject(error);
      if (!credentials) return send();
      connection.login({ credentials }, (refused) => (refused ? reject(refused) : send()));
    });
  }).finally(() => {
    // What a connection says after its outcome is known concerns nobody; unheard it would end the process.
    connection.on('error', () => {});
    connection.close();
  });
}

interface SmtpError extends Error {
  command?: string;
  responseCode?: number;
}

/** A reply of the server's is definite. Silence after the message had begun isn't. */
function judge(error: SmtpError, begun: boolean): SendResult {
  const text = error.message;
  const reply = error.responseCode;
  if (reply !== undefined && reply >= 500) {
    return {
      state: 'failed',
      error: text,
      suppress: error.command === 'RCPT TO' && [550, 551, 553].includes(reply),
    };
  }
  if (reply !== undefined && reply >= 400) return { state: 'retry', error: text };
  return begun ? { state: 'unknown', error: text } : { state: 'retry', error: text };
}

function compose(message: OutgoingMessage): Promise<Buffer> {
  const { deliveryId, from, to, subject, html, text, headers } = message;
  const domain = from.email.split('@')[1] ?? 'localhost';
  return new MailComposer({
    from: { name: from.name, address: from.email },
    to,
    subject: subject ?? '',
    ...(html === null ? {} : { html }),
    text,
    headers,
    // SMTP has no idempotency key; a fixed id at least lets receivers and audits see a message that came twice.
    messageId: `<${deliveryId}@${domain}>`,
  })
    .compile()
    .build();
}
