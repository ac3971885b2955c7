import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { DirectRefusal, ProgressView } from '../domain/protocol.ts';

/** Must never change once released: running workflows and their histories name it. */
export const WORKFLOW_TYPE = 'customerJourney';

/** The input of a customer's workflow. Each run passes it on to the next. */
export interface JourneyInput {
  workspace: string;
  customerId: string;
  /** Number of history events after which the run continues as new; tests lower it. */
  rolloverAt?: number;
  /** Notices of direct events that no answer of the previous run has processed. */
  unprocessed?: EventNotice[];
  /** Signalled items that are no events and that no decision of the previous run has put on the rejected list. */
  refused?: DirectRefusal[];
  /** The message ids that the previous runs have minted. */
  minted?: MintedIds;
}

/** How often each content of a direct event was given an id, by hash. */
export interface MintedIds {
  era: number;
  counts: Record<string, number>;
}

/**
 * The short form of an event, as a signal carries it: enough to fold tickets at once and to make a history readable.
 * The event itself is in the log, where the activity reads it. A notice without a `seq` was signalled directly by a
 * Temporal client. It carries the whole event, which counts as accepted once the activity has appended it to the log.
 */
export type EventNotice =
  /** Orders, payments, checkouts. */
  | PurchaseNotice
  /** A service ticket was opened, updated or closed: marketing falls silent, or may resume. */
  | TicketNotice
  /** The customer granted or withdrew consent. */
  | ConsentNotice
  /** Views, clicks, carts, and every other event of a touchpoint. */
  | BehaviourNotice
  /** The result of a delivery, a task or a coupon. */
  | OutcomeNotice
  /** Pause, resume, exit. */
  | CommandNotice;

interface NoticeBase {
  /** Sequence number in the customer's log; absent when signalled directly. */
  seq?: number;
  name: string;
  messageId?: string;
  /** RFC 3339. */
  at: string;
  /** Only when signalled directly. */
  properties?: Record<string, unknown>;
}

interface PurchaseNotice extends NoticeBase {
  kind: 'purchase';
}
export interface TicketNotice extends NoticeBase {
  kind: 'ticket';
  ticket: { id: string; source: string; status: 'open' | 'closed'; severity: string; version: number };
}
interface ConsentNotice extends NoticeBase {
  kind: 'consent';
}
interface BehaviourNotice extends NoticeBase {
  kind: 'behaviour';
}
interface OutcomeNotice extends NoticeBase {
  kind: 'outcome';
}
interface CommandNotice extends NoticeBase {
  kind: 'command';
}

/** One signal for all events, so that their order of arrival is kept: Temporal dispatches by signal name first. */
export const eventsSignal = defineSignal<[{ events: EventNotice[] }]>('events');

/** Returns the live state: the last answer, with the tickets of unprocessed notices folded in. */
export const stateQuery = defineQuery<LiveState>('state');

export interface LiveState {
  customerId: string;
  ordinal: number;
  /** Sequence number of the last event that an answer has processed. */
  processedSeq: number;
  openTickets: ProgressView['openTickets'];
  enrollments: ProgressView['enrollments'];
  paused: ProgressView['paused'];
  /** RFC 3339, or null. */
  quietUntil: string | null;
  /** RFC 3339, or null. */
  wakeAt: string | null;
  /** Ids of the effects that are running or postponed. */
  inFlight: string[];
  /** Number of notices that no answer has processed yet. */
  unprocessed: number;
  /** Signals without a handler, counted by name. */
  unknownSignals: Record<string, number>;
  /** Number of signalled items that could not be read. */
  unreadable: number;
}
