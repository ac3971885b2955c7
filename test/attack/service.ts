import type { Database } from '../../db/client.ts';
import type { MailboxMessage } from '../../src/dev/mailbox/message.ts';

/** What is to be attacked: a running service with a database and a mailbox that nobody else uses. */
export interface Service {
  url: string;
  db: Database;
  secret: string;
  /** The process of the API. */
  apiPid: number | undefined;
  messages(): MailboxMessage[];
  /** Errors that the API has logged since the last call, one a line. */
  readErrors?(): string[];
}

export interface Workspace {
  id: string;
  write: string;
  browser: string;
  /** With all scopes. */
  api: string;
}
