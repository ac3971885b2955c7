import MailComposer from 'nodemailer/lib/mail-composer';
import { z } from 'zod';
import { needsWideMail, normaliseEmailAddress } from '../domain/customer/email-address.ts';
import type { Channel, OutgoingMessage, SendResult } from './channel.ts';
import { channelKind } from './channel-kind.ts';
import {
  buildProviderHeaders,
  findMailProvider,
  MAIL_PROVIDERS,
  type MailProvider,
} from './mail-providers.ts';
import { Reachability } from './reachability.ts';
import {
  greetServer,
  SmtpConnections,
  type SmtpError,
  type SmtpMessage,
  type SmtpServer,
  UnsupportedAddressError,
} from './smtp-connections.ts';
import { smtpUrl } from './url-settings.ts';

/** The sum is below the 25 s of a `deliver` activity. */
const TIMEOUTS = {
  connectionTimeout: 5_000,
  greetingTimeout: 5_000,
  dnsTimeout: 3_000,
  socketTimeout: 8_000,
  socketCloseTimeout: 0,
};

/** `{"url": "smtp://…"}`: a mail server. `SMTP_URL` is short for it. */
export const smtpKind = channelKind({
  settings: z.object({
    url: smtpUrl,
    /** Whose webhooks report about the mails; without it, that of a known server. */
    provider: z.enum(MAIL_PROVIDERS, `must be one of ${MAIL_PROVIDERS.join(', ')}`).optional(),
    /** Where bounces go; without it, to the sender. */
    returnPath: z
      .string()
      .refine((text) => normaliseEmailAddress(text) !== undefined, 'must be an e-mail address')
      .optional(),
  }),
  carries: 'mail',
  receipts: ['delivered', 'opened', 'clicked', 'bounced', 'complained', 'unsubscribed'],
  create: (id, { url, ...options }) => ({ ...createEmailChannel(url, options), id }),
});

export interface SmtpOptions {
  provider?: MailProvider | undefined;
  returnPath?: string | undefined;
}

/**
 * Creates the e-mail channel. Each message is an SMTP transaction of its own, on a connection that is kept for a few
 * seconds.
 *
 * The transaction runs step by step, so that a broken connection can be classified: before the body was sent, nothing was
 * accepted (`retry`); afterwards the server may have accepted the message (`unknown`). nodemailer's pool is not used,
 * because it puts a message back into its queue when a connection breaks, and so may send it twice.
 */
export function createEmailChannel(smtpUrl: string, { provider, returnPath }: SmtpOptions = {}): Channel {
  const url = new URL(smtpUrl);
  const server = readServer(url);
  const reportedBy = provider ?? findMailProvider(url.hostname);
  const connections = new SmtpConnections(server);
  const reachability = new Reachability(async () => (await greetServer(server)) === null);
  return {
    id: 'email',
    concurrency: 20,
    reachability,
    async send(message) {
      const progress = { begun: false };
      const wide = needsWideMail(message.to);
      try {
        const raw = await compose(message, reportedBy);
        const body = () => {
          progress.begun = true;
          return raw;
        };
        const providerId = await connections.send({ envelope: toEnvelope(message, returnPath), wide, body });
        reachability.note(true);
        return { state: 'sent', providerId };
      } catch (error) {
        const result = classifyFailure(error as SmtpError, progress.begun, wide);
        reachability.note(!(result.state === 'retry' && result.unreachable));
        return result;
      }
    },
    close: async () => connections.close(),
  };
}

/** Greets the mail server and leaves. Returns why it could not be, or null. */
export function greetMailServer(smtpUrl: string): Promise<Error | null> {
  return greetServer(readServer(new URL(smtpUrl)));
}

function readServer({ protocol, hostname: host, port, username, password }: URL): SmtpServer {
  const secure = protocol === 'smtps:';
  const credentials = username
    ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
    : null;
  return { host, port: Number(port) || (secure ? 465 : 25), secure, credentials, ...TIMEOUTS };
}

/**
 * Classifies a failed attempt. A reply of the server is definite; silence after the body had begun is not. A server on
 * the way that refuses an address beyond ASCII (5.6.7) says nothing about the mailbox.
 */
function classifyFailure(error: SmtpError, begun: boolean, isWide: boolean): SendResult {
  const text = error.message;
  if (error instanceof UnsupportedAddressError) return { state: 'failed', error: text, suppress: false };
  const reply = error.responseCode;
  if (reply !== undefined && reply >= 500) {
    return {
      state: 'failed',
      error: text,
      suppress:
        error.command === 'RCPT TO' &&
        [550, 551, 553].includes(reply) &&
        !(isWide && /\b5\.6\.7\b|utf-?8/i.test(text)),
    };
  }
  if (reply !== undefined && reply >= 400) return { state: 'retry', error: text };
  return begun ? { state: 'unknown', error: text } : { state: 'retry', error: text, unreachable: true };
}

/** Headers that must arrive as they are: nodemailer would encode JSON. */
function toPreparedHeaders(headers: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, { prepared: true, foldLines: false, value }]),
  );
}

function toEnvelope(
  { deliveryId, from, to }: OutgoingMessage,
  returnPath: string | undefined,
): SmtpMessage['envelope'] {
  return {
    from: returnPath ?? from.email,
    to: [to],
    // For servers that offer it (RFC 3461): a bounce names the delivery, and has no content but the headers.
    dsn: { ret: 'HDRS', envid: deliveryId, notify: ['FAILURE'] },
  };
}

function compose(message: OutgoingMessage, provider: MailProvider | undefined): Promise<Buffer> {
  const { deliveryId, from, to, subject, html, text, headers } = message;
  const domain = from.email.split('@')[1] ?? 'localhost';
  return new MailComposer({
    from: { name: from.name, address: from.email },
    // As an object it is one recipient, whatever characters it has.
    to: { name: '', address: to },
    subject: subject ?? '',
    ...(html === null ? {} : { html }),
    text,
    headers: { ...headers, ...toPreparedHeaders(provider ? buildProviderHeaders(provider, deliveryId) : {}) },
    // SMTP has no idempotency key. A fixed message id lets receivers recognise a message that arrives twice.
    messageId: `<${deliveryId}@${domain}>`,
  })
    .compile()
    .build();
}
