import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { ShownState } from '../domain/protocol.ts';

/** Never renamed once shipped: running workflows and their histories name them. */
export const WORKFLOW_TYPE = 'customerJourney';

/** What a customer journey is started with, and carries into its next run. */
export interface JourneyInput {
  workspace: string;
  customerId: string;
  /** Continue as new from this many history events on; tests lower it. */
  rolloverAt?: number;
  /** Direct events of the run before that no answer has taken yet. */
  untaken?: News[];
}

/**
 * What a customer journey waits on, as one union. News comes in short form: enough to fold tickets at once and to
 * read a history by; the event itself is in the log, and the activity takes it from there. News without a `seq`
 * was signalled by a Temporal client directly; it carries the event, and counts as accepted once it is in the log.
 */
export type News =
  /** Orders, payments, checkouts. */
  | PurchaseNews
  /** A service ticket was opened, updated or closed: marketing falls silent, or may speak again. */
  | TicketNews
  /** Somebody granted or withdrew consent. */
  | ConsentNews
  /** Views, clicks, carts, and whatever else a touchpoint tells. */
  | BehaviourNews
  /** What became of a delivery, a task or a coupon. */
  | OutcomeNews
  /** Pause, resume, exit. */
  | CommandNews;

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

export interface PurchaseNews extends NewsBase {
  kind: 'purchase';
}
export interface TicketNews extends NewsBase {
  kind: 'ticket';
  ticket: { id: string; source: string; status: 'open' | 'closed'; severity: string; version: number };
}
export interface ConsentNews extends NewsBase {
  kind: 'consent';
}
export interface BehaviourNews extends NewsBase {
  kind: 'behaviour';
}
export interface OutcomeNews extends NewsBase {
  kind: 'outcome';
}
export interface CommandNews extends NewsBase {
  kind: 'command';
}

/** One signal for everything, so that the order of arrival is kept: Temporal dispatches by signal type first. */
export const eventsSignal = defineSignal<[{ events: News[] }]>('events');

/** The live state: the last answer, plus the news that no answer has taken yet. */
export const stateQuery = defineQuery<LiveState>('state');

export interface LiveState {
  customerId: string;
  ordinal: number;
  tookSeq: number;
  openTickets: ShownState['openTickets'];
  enrollments: ShownState['enrollments'];
  paused: ShownState['paused'];
  quietUntil: string | null;
  wakeAt: string | null;
  /** Effects that are on their way. */
  inFlight: string[];
  /** News that no answer has taken yet. */
  untaken: number;
  /** Signals of a name that nobody knows, by name, and payloads that could not be read. */
  unknownSignals: Record<string, number>;
  unreadable: number;
}
