import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { ProgressView } from '../domain/protocol.ts';

/** Never renamed once shipped: running workflows and their histories name them. */
export const WORKFLOW_TYPE = 'customerJourney';

/** What a customer journey is started with, and carries into its next run. */
export interface JourneyInput {
  workspace: string;
  customerId: string;
  /** Continue as new from this many history events on; tests lower it. */
  rolloverAt?: number;
  /** Direct events of the run before that no answer has taken yet. */
  unprocessed?: EventNotice[];
}

/**
 * What a customer journey waits on, as one union. News comes in short form: enough to fold tickets at once and to
 * read a history by; the event itself is in the log, and the activity takes it from there. News without a `seq`
 * was signalled by a Temporal client directly; it carries the event, and counts as accepted once it is in the log.
 */
export type EventNotice =
  /** Orders, payments, checkouts. */
  | PurchaseNotice
  /** A service ticket was opened, updated or closed: marketing falls silent, or may speak again. */
  | TicketNotice
  /** Somebody granted or withdrew consent. */
  | ConsentNotice
  /** Views, clicks, carts, and whatever else a touchpoint tells. */
  | BehaviourNotice
  /** What became of a delivery, a task or a coupon. */
  | OutcomeNotice
  /** Pause, resume, exit. */
  | CommandNotice;

interface NewsBase {
  /** Sequence number in the customer's log; absent when signalled directly. */
  seq?: number;
  name: string;
  messageId?: string;
  /** RFC 3339. */
  at: string;
  /** Only when signalled directly. */
  properties?: Record<string, unknown>;
}

export interface PurchaseNotice extends NewsBase {
  kind: 'purchase';
}
export interface TicketNotice extends NewsBase {
  kind: 'ticket';
  ticket: { id: string; source: string; status: 'open' | 'closed'; severity: string; version: number };
}
export interface ConsentNotice extends NewsBase {
  kind: 'consent';
}
export interface BehaviourNotice extends NewsBase {
  kind: 'behaviour';
}
export interface OutcomeNotice extends NewsBase {
  kind: 'outcome';
}
export interface CommandNotice extends NewsBase {
  kind: 'command';
}

/** One signal for everything, so that the order of arrival is kept: Temporal dispatches by signal type first. */
export const eventsSignal = defineSignal<[{ events: EventNotice[] }]>('events');

/** The live state: the last answer, plus the news that no answer has taken yet. */
export const stateQuery = defineQuery<LiveState>('state');

export interface LiveState {
  customerId: string;
  ordinal: number;
  processedSeq: number;
  openTickets: ProgressView['openTickets'];
  enrollments: ProgressView['enrollments'];
  paused: ProgressView['paused'];
  quietUntil: string | null;
  wakeAt: string | null;
  /** Effects that are on their way. */
  inFlight: string[];
  /** News that no answer has taken yet. */
  unprocessed: number;
  /** Signals of a name that nobody knows, by name, and payloads that could not be read. */
  unknownSignals: Record<string, number>;
  unreadable: number;
}
