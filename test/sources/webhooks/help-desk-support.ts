import type { Instant } from '../../../src/domain/time/time.ts';
import { findWebhookKind } from '../../../src/sources/webhooks/kinds.ts';
import type { SourceSettings, WebhookReading } from '../../../src/sources/webhooks/webhook-kind.ts';
import { readDocTable } from '../../support/events-page.ts';

export type Fields = Record<string, unknown>;
type Call = Fields & { type: string; event?: string; properties?: Fields; traits?: Fields; context: Fields };

const PAGE = 'docs/sources.md';
/** When the tests' requests are received. */
export const RECEIVED: Instant = Date.UTC(2026, 10, 12, 12);

/** One request: its body, and headers that its kind reads. */
export interface Sent {
  body: Fields | string;
  headers?: Record<string, string>;
  receivedAt?: Instant;
}

export function settingsOf(kind: string, settings: Fields = {}): SourceSettings {
  const evaluate = () => ({ ok: false, error: 'no expression is evaluated here' }) as const;
  return { id: 'helpdesk', kind, customer: {}, settings, evaluate };
}

/** What a kind reads in a request. */
export function read(
  kind: string,
  { body, headers = {}, receivedAt = RECEIVED }: Sent,
  settings: Fields = {},
): WebhookReading {
  const found = findWebhookKind(kind);
  if (!found) throw new Error(`there is no kind ${kind}`);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return found.read(
    { url: 'https://journeys.example/v1/sources/helpdesk', headers, body: Buffer.from(text), receivedAt },
    settingsOf(kind, settings),
  );
}

/** The calls of a request. @throws Error if it is unreadable or ignored */
export function readCalls(kind: string, sent: Sent, settings: Fields = {}): Call[] {
  const reading = read(kind, sent, settings);
  if (reading.kind !== 'messages') throw new Error(`${reading.kind}: ${reading.reason}`);
  return reading.messages.map((message) => {
    if (message.kind !== 'call') throw new Error('a help desk makes no receipts');
    return message.call as Call;
  });
}

/** The call that reports the ticket. */
export function findTicketCall(calls: readonly Call[]): Call {
  const call = calls.find(({ event }) => event?.startsWith('Ticket '));
  if (!call) throw new Error('no call reports a ticket');
  return call;
}

/** Names of the events that calls become. */
export function listEvents(calls: readonly Call[]): string[] {
  return calls.map(({ type, event }) => (type === 'identify' ? 'Customer Identified' : String(event)));
}

/** The rows of a table of a kind's section: what is sent, and what it becomes. */
export function readRows(section: string, first: string): [string, string][] {
  return readDocTable(section, first, PAGE).map(([sent = '', becomes = '']) => [sent, becomes]);
}

/** The names in backticks of a cell; a cell that is one name comes without them. */
export function listNames(cell: string): string[] {
  if (!cell.includes('`')) return [cell];
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}
