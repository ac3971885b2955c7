import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
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
 * Creates the e-mail channel, which sends each message in an SMTP conversation of its own.
 *
 * The conversation runs step by step, so that a broken connection can be classified: before the body was sent, nothing
 * was accepted (`retry`); afterwards the server may have accepted the message (`unknown`). nodemailer's pool is not used,
 * because it puts a message back into its queue when a connection breaks, and so may send it twice.
 */
export function createEmailChannel(smtpUrl: string, { provider, returnPath }: SmtpOptions = {}): Channel {
  const url = new URL(smtpUrl);
  const options = readServer(url);
  const reportedBy = provider ?? findMailProvider(url.hostname);
  const credentials = url.username
    ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
    : null;
  const reachability = new Reachability(async () => (await greet(new SMTPConnection(options))) === null);
  return {
    id: 'email',
    concurrency: 20,
    reachability,
    async send(message) {
      const progress = { begun: false };
      try {
        const raw = await compose(message, reportedBy);
        const response = await converse(
          new SMTPConnection(options),
          { credentials, returnPath },
          message,
          () => {
            progress.begun = true;
            return raw;
          },
        );
        reachability.note(true);
        return { state: 'sent', providerId: response };
      } catch (error) {
        const result = classifyFailure(error as SmtpError, progress.begun, needsWideMail(message.to));
        reachability.note(!(result.state === 'retry' && result.unreachable));
        return result;
      }
    },
    close: async () => {},
  };
}

/** Greets the mail server and says nothing more. Returns why it could not be, or null. */
export function greetMailServer(smtpUrl: string): Promise<Error | null> {
  return greet(new SMTPConnection(readServer(new URL(smtpUrl))));
}

function readServer({ protocol, hostname: host, port }: URL) {
  const secure = protocol === 'smtps:';
  return { host, port: Number(port) || (secure ? 465 : 25), secure, ...TIMEOUTS };
}

function greet(connection: SMTPConnection): Promise<Error | null> {
  return new Promise<Error | null>((resolve) => {
    connection.once('error', resolve);
    connection.once('end', () => resolve(new Error('the connection was closed')));
    connection.connect((error) => resolve(error ?? null));
  }).finally(() => end(connection));
}

/** Runs one conversation. Calls `body` when the server asks for the message. */
function converse(
  connection: SMTPConnection,
  { credentials, returnPath }: { credentials: { user: string; pass: string } | null } & SmtpOptions,
  message: OutgoingMessage,
  body: () => Buffer,
): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    connection.once('error', reject);
    connection.once('end', () => reject(new Error('the connection was closed')));
    const send = () => {
      if (needsWideMail(message.to) && !offers(connection, 'SMTPUTF8'))
        return reject(new UnreachableError('the mail server takes no addresses beyond ASCII (SMTPUTF8)'));
      const lazily = Readable.from(
        (function* () {
          yield body();
        })(),
      );
      const envelope = {
        from: returnPath ?? message.from.email,
        to: [message.to],
        // For servers that offer it (RFC 3461): a bounce names the delivery, and has no content but the headers.
        dsn: { ret: 'HDRS', envid: message.deliveryId, notify: ['FAILURE'] },
      };
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
  }).finally(() => end(connection));
}

function end(connection: SMTPConnection): void {
  // Errors after the result are irrelevant. Without a listener they would end the process.
  connection.on('error', () => {});
  connection.close();
}

/** The server cannot take this address, and would answer as if it did not exist. */
class UnreachableError extends Error {}

/** Whether the server has announced an extension. nodemailer has no public way to ask. */
function offers(connection: SMTPConnection, extension: string): boolean {
  const { _supportedExtensions } = connection as unknown as { _supportedExtensions?: string[] };
  return _supportedExtensions?.includes(extension) ?? false;
}

interface SmtpError extends Error {
  command?: string;
  responseCode?: number;
}

/**
 * Classifies a failed attempt. A reply of the server is definite; silence after the body had begun is not. A server on
 * the way that refuses an address beyond ASCII (5.6.7) says nothing about the mailbox.
 */
function classifyFailure(error: SmtpError, begun: boolean, isWide: boolean): SendResult {
  const text = error.message;
  if (error instanceof UnreachableError) return { state: 'failed', error: text, suppress: false };
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
