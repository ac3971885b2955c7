import type { Receipt } from '../receipts.ts';
import type { Person } from '../said.ts';
import type { Change } from './commit-order.ts';
import type { ReplayedDecisions } from './replayed-decisions.ts';
import type { CustomerView } from './views.ts';

export interface EventRow {
  customerId: string;
  seq: number;
  messageId: string;
  name: string;
  /** Of a command: its reason, which is unique here. */
  reason: string | null;
}

export interface CustomerRow {
  id: string;
  seq: number;
  mergedInto: string | null;
  /** How far the log is processed; null: nothing of it woke a journey. */
  processedSeq: number | null;
  ordinal: number | null;
}

export interface DeliveryRow {
  id: string;
  customerId: string;
  action: string;
  class: string;
  channel: string;
  key: string | null;
  state: string;
  provider: string | null;
}

export interface CouponRow {
  id: string;
  customerId: string;
  action: string;
  once: string;
  code: string;
}

export interface DecisionRow {
  customerId: string;
  epoch: number;
  ordinal: number;
  /** Verdicts of blocked candidates. */
  blocks: { gate: string; code: string | null; lifts: boolean }[];
}

/** What the database holds about a group of people. */
export interface DatabaseEvidence {
  /** The customer of each user id. */
  customerOf: Map<string, string>;
  customers: CustomerRow[];
  events: EventRow[];
  rejected: { messageId: string | null; reason: string }[];
  deliveries: DeliveryRow[];
  coupons: CouponRow[];
  decisions: DecisionRow[];
  changes: Change[];
}

/** All that the checker judges from. */
export interface Evidence {
  people: Person[];
  database: DatabaseEvidence;
  receipts: Receipt[];
  /** Addresses whose mail server said that nobody lives there. */
  bounced: ReadonlySet<string>;
  /** The answers of the API with `live=true`, by user id; null: no answer. */
  views: Map<string, CustomerView | null>;
  /** The newest decisions, decided again from what was recorded; null: no answer. */
  decidedAgain: ReplayedDecisions | null;
  /** Histories that the build that wrote them could not replay. */
  unreplayable: { workflowId: string; error: string }[];
}
