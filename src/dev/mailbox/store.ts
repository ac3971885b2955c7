import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { MailboxMessage } from './message.ts';

/** The messages of a mailbox, newest first when listed. */
export type MailboxStore = {
  add(message: MailboxMessage): void;
  list(filter?: { to?: string; limit?: number }): MailboxMessage[];
  find(id: string): MailboxMessage | undefined;
  clear(): void;
};

/** Keeps the last `capacity` messages in memory, and all of them in a file of JSON lines when one is given. */
export function createMailboxStore(capacity: number, file?: string): MailboxStore {
  let messages = file ? readMessages(file).slice(-capacity) : [];
  if (file) {
    mkdirSync(path.dirname(file), { recursive: true });
    // Rewritten at the start, so that the file stays small and has no line that a crash has cut off.
    writeFileSync(file, messages.map(lineOf).join(''), { mode: 0o600 });
  }
  return {
    add(message) {
      messages.push(message);
      // In slices, because removing the first element of a long array for each message costs its whole length.
      if (messages.length > capacity * 1.1) messages = messages.slice(-capacity);
      if (file) appendFileSync(file, lineOf(message));
    },
    list({ to, limit = capacity } = {}) {
      const wanted = to?.toLowerCase();
      const found: MailboxMessage[] = [];
      for (
        let index = messages.length - 1;
        index >= 0 && found.length < Math.min(limit, capacity);
        index -= 1
      ) {
        const message = messages[index];
        if (message && (!wanted || message.to.some((address) => address.toLowerCase() === wanted)))
          found.push(message);
      }
      return found;
    },
    find: (id) => messages.find((message) => message.id === id),
    clear() {
      messages = [];
      if (file) writeFileSync(file, '');
    },
  };
}

function lineOf(message: MailboxMessage): string {
  return `${JSON.stringify(message)}\n`;
}

function readMessages(file: string): MailboxMessage[] {
  if (!existsSync(file)) return [];
  const messages: MailboxMessage[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    try {
      if (line) messages.push(JSON.parse(line) as MailboxMessage);
    } catch {
      // Cut off by a crash.
    }
  }
  return messages;
}
