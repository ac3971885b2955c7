import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';

/** Shorter than the time after which servers hang up, and than the socket's time-out. */
const IDLE_MS = 5_000;
/** Some servers hang up after so many messages, so the connection is given back before. */
const MAX_MESSAGES = 100;
/** Servers slow down clients that name many recipients they do not know. */
const MAX_REFUSALS = 5;

export interface SmtpServer extends SMTPConnection.Options {
  credentials: { user: string; pass: string } | null;
}

export interface SmtpMessage {
  envelope: SMTPConnection.Envelope;
  /** Whether an address needs the extension SMTPUTF8. */
  wide: boolean;
  /** Called once the server asks for the message: until then it is certain that nothing was sent. */
  body(): Buffer;
}

export interface SmtpError extends Error {
  code?: string | undefined;
  command?: string | undefined;
  responseCode?: number | undefined;
}

/** The server cannot take this address, and would answer as if it did not exist. */
export class UnsupportedAddressError extends Error {}

/**
 * Connections to one mail server. Each carries one message at a time, in a transaction of its own, and is kept for the
 * next one for a few seconds. There are as many as messages are sent at once.
 *
 * No message is sent twice. A kept connection that turns out to be closed is replaced, once, only while the server has not
 * asked for the body. After that the failure is the caller's to classify, as on a new connection.
 */
export class SmtpConnections {
  private readonly server: SmtpServer;
  private readonly idle: Conversation[] = [];
  private closed = false;

  constructor(server: SmtpServer) {
    this.server = server;
  }

  /** Sends one message. @returns the server's answer to it @throws SmtpError unless the server has accepted it */
  async send(message: SmtpMessage): Promise<string> {
    const kept = this.takeIdle();
    if (!kept) return this.transact(await Conversation.open(this.server), message);
    let begun = false;
    const body = () => {
      begun = true;
      return message.body();
    };
    try {
      return await this.transact(kept, { ...message, body });
    } catch (error) {
      if (begun || !hasHungUp(error as SmtpError)) throw error;
    }
    return this.transact(await Conversation.open(this.server), message);
  }

  /** Closes what is idle; a connection in use is closed after its message. */
  close(): void {
    this.closed = true;
    this.closeIdle();
  }

  private async transact(conversation: Conversation, message: SmtpMessage): Promise<string> {
    try {
      const response = await conversation.send(message);
      this.keep(conversation);
      return response;
    } catch (error) {
      // Not awaited: the result of this message is known.
      void this.recover(conversation, error as SmtpError);
      throw error;
    }
  }

  /**
   * Keeps the connection after a refusal of the address. After any other failure it is closed: what the server expects
   * next is not certain, or it may refuse every message on this connection.
   */
  private async recover(conversation: Conversation, error: SmtpError): Promise<void> {
    if (error instanceof UnsupportedAddressError) return this.keep(conversation);
    const refused = error.command === 'RCPT TO' && (error.responseCode ?? 0) >= 500;
    if (refused && (await conversation.reset())) return this.keep(conversation);
    conversation.end();
    // Without an answer the others are likely to be lost as well.
    if (error.responseCode === undefined) this.closeIdle();
  }

  private keep(conversation: Conversation): void {
    if (this.closed || !conversation.isReusable) return conversation.end();
    this.idle.push(conversation);
    conversation.endAfter(IDLE_MS, () => this.idle.splice(this.idle.indexOf(conversation), 1));
  }

  /** The connection that was used last, so that those in excess become idle for long enough to be closed. */
  private takeIdle(): Conversation | undefined {
    for (let last = this.idle.pop(); last; last = this.idle.pop()) {
      last.cancelEnd();
      if (last.isReusable) return last;
      last.end();
    }
    return undefined;
  }

  private closeIdle(): void {
    for (const conversation of this.idle.splice(0)) conversation.end();
  }
}

/** Greets a mail server and leaves. @returns why it could not be greeted, or null */
export async function greetServer(server: SmtpServer): Promise<Error | null> {
  try {
    (await Conversation.open({ ...server, credentials: null })).end();
    return null;
  } catch (error) {
    return error as Error;
  }
}

/**
 * Whether a kept connection failed because the server had closed it or was about to (421, or a 4xx instead of an answer to
 * MAIL). Silence is not such a failure: a second attempt would take too long.
 */
function hasHungUp(error: SmtpError): boolean {
  const { responseCode: reply, command, code } = error;
  if (error instanceof UnsupportedAddressError) return false;
  if (reply === undefined) return code === undefined || code === 'ECONNECTION' || code === 'ESOCKET';
  return reply === 421 || (reply >= 400 && reply < 500 && command === 'MAIL FROM');
}

/** A connection that was greeted and, with credentials, logged in. */
class Conversation {
  private readonly connection: SMTPConnection;
  private messages = 0;
  private refusals = 0;
  private fail: (error: Error) => void = () => {};
  private ending: NodeJS.Timeout | undefined;

  private constructor(connection: SMTPConnection) {
    this.connection = connection;
    // Without a listener, an error while nothing is awaited would end the process.
    connection.on('error', (error) => this.fail(error));
    connection.on('end', () => {
      const { fail } = this;
      // After a 421 nodemailer closes first, and passes the reply on in the same turn.
      queueMicrotask(() => fail(new Error('the connection was closed')));
    });
  }

  static async open({ credentials, ...options }: SmtpServer): Promise<Conversation> {
    const connection = new SMTPConnection(options);
    const conversation = new Conversation(connection);
    try {
      await conversation.ask<void>((done) => connection.connect((error) => done(error ?? null)));
      if (credentials) await conversation.ask((done) => connection.login({ credentials }, done));
      return conversation;
    } catch (error) {
      conversation.end();
      throw error;
    }
  }

  /** Whether another message may follow. */
  get isReusable(): boolean {
    return this.isQuiet && this.messages < MAX_MESSAGES && this.refusals < MAX_REFUSALS;
  }

  /**
   * Whether the connection is open and all of a body is sent. A server that answers before that would read the rest as
   * commands. nodemailer has no public way to ask.
   */
  private get isQuiet(): boolean {
    const { _currentDataStream: rest } = this.connection as unknown as { _currentDataStream?: unknown };
    return !this.connection.destroyed && this.connection.stage === 'connected' && rest === false;
  }

  async send({ envelope, wide, body }: SmtpMessage): Promise<string> {
    const { connection } = this;
    if (wide && !this.offers('SMTPUTF8'))
      throw new UnsupportedAddressError('the mail server takes no addresses beyond ASCII (SMTPUTF8)');
    this.messages++;
    const lazily = Readable.from(
      (function* () {
        yield body();
      })(),
    );
    // A copy, because nodemailer notes in it how the transaction went.
    const info = await this.ask<SMTPConnection.SentMessageInfo>((done) =>
      connection.send({ ...envelope }, lazily, done),
    );
    return String(info?.response ?? '');
  }

  /** Ends the transaction of a refused recipient. @returns whether the server agreed */
  async reset(): Promise<boolean> {
    this.refusals++;
    if (!this.isReusable) return false;
    return this.ask((done) => this.connection.reset(done)).then(
      () => true,
      () => false,
    );
  }

  endAfter(ms: number, onEnd: () => void): void {
    this.ending = setTimeout(() => {
      onEnd();
      this.end();
    }, ms).unref();
  }

  cancelEnd(): void {
    clearTimeout(this.ending);
  }

  /** Says goodbye, and does not wait for the answer. */
  end(): void {
    this.cancelEnd();
    if (this.isQuiet) this.connection.quit();
    this.connection.close();
  }

  private offers(extension: string): boolean {
    const { _supportedExtensions } = this.connection as unknown as { _supportedExtensions?: string[] };
    return _supportedExtensions?.includes(extension) ?? false;
  }

  /** Settles when nodemailer calls back, or when the connection is lost, whichever is first. */
  private ask<T>(
    begin: (done: (error: Error | null | undefined, value?: T) => void) => void,
  ): Promise<T | undefined> {
    return new Promise<T | undefined>((resolve, reject) => {
      this.fail = reject;
      begin((error, value) => (error ? reject(error) : resolve(value)));
    }).finally(() => {
      this.fail = () => {};
    });
  }
}
