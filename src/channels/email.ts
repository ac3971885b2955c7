import { Readable } from 'node:stream';
import nodemailer, { type Transporter } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Channel, Outgoing, SendResult } from './channel.ts';

/** Together below a `deliver` activity's 25 s: connect, greet, and each silence of the conversation. */
const TIMEOUTS = {
  connectionTimeout: 5_000,
  greetingTimeout: 5_000,
  dnsTimeout: 3_000,
  socketTimeout: 8_000,
};

/**
 * E-mail over SMTP, one connection per message: a pool of nodemailer's may put a message back into its queue when a
 * connection closes, and so send it twice.
 */
export function createEmailChannel(smtpUrl: string): Channel {
  const url = new URL(smtpUrl);
  const transport = nodemailer.createTransport({
    host: url.hostname,
    port: Number(url.port) || (url.protocol === 'smtps:' ? 465 : 25),
    secure: url.protocol === 'smtps:',
    ignoreTLS: url.searchParams.get('tls') === 'never',
    ...(url.username
      ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }
      : {}),
    ...TIMEOUTS,
  });
  return {
    id: 'email',
    concurrency: 20,
    send: (message) => attempt(transport, message),
    close: async () => transport.close(),
  };
}

async function attempt(transport: Transporter, message: Outgoing): Promise<SendResult> {
  // The server takes the message over after its last line; how far we had got says what a broken connection means.
  const progress = { begun: false };
  try {
    const raw = await compose(message);
    const info = await transport.sendMail({
      envelope: { from: message.from.email, to: [message.to] },
      raw: Readable.from(
        (function* () {
          progress.begun = true;
          yield raw;
        })(),
      ),
    });
    return { state: 'sent', providerId: String(info.response ?? info.messageId) };
  } catch (error) {
    return judge(error as SmtpError, progress.begun);
  }
}

interface SmtpError extends Error {
  code?: string;
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

function compose(message: Outgoing): Promise<Buffer> {
  const { deliveryId, from, to, subject, html, text, headers } = message;
  const domain = from.email.split('@')[1] ?? 'localhost';
  return new MailComposer({
    from: { name: from.name, address: from.email },
    to,
    subject,
    html,
    text,
    headers,
    // SMTP has no idempotency key; a fixed id at least lets receivers and audits see a message that came twice.
    messageId: `<${deliveryId}@${domain}>`,
  })
    .compile()
    .build();
}
