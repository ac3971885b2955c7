import type { ArbitrationRecord } from '../../src/domain/candidate.ts';
import type { UsedAttribute } from '../../src/domain/customer/attribute.ts';
import type { Autonomy, Harm } from '../../src/domain/definition.ts';
import type { CallType } from '../../src/domain/event.ts';
import type { Delta } from '../../src/learning/model/fold-deltas.ts';
import type { Snapshot } from '../../src/learning/model/snapshot.ts';

/** JSON columns whose content no type of the domain describes. */

/** Why and since when a customer is paused. */
export interface Pause {
  since: number;
  reason: string;
  by: string;
}

/** Up to `until` (journey time), the contacts of the customer `from` count for this one too. */
export interface Inheritance {
  from: string;
  until: number;
}

/** An event as the other members of the account receive it. */
export interface FanoutEvent {
  name: string;
  type: CallType;
  at: number;
  properties: Record<string, unknown>;
}

/** An action that a decision chose. */
export interface DecidedAction {
  action: string;
  class: string;
  enrollmentId: string;
  deliveries: { id: string; channel: string; sendAt: number; variant?: string | null; sendReason?: string }[];
  /** Of a real-time decision: the offered test variant, and the cost in minor units. */
  variant?: string | null;
  cost?: number;
  task?: { id: string; queue: string };
  propensity: number;
  reasons: string[];
  /** Attributes that it used, with the permission (B-10). Missing in decisions of earlier builds. */
  dataUsed?: UsedAttribute[];
}

/**
 * A move of an enrollment, as far as reports count it: the enrollment, from which step and to which. With a fourth
 * member: the arm to which a branch by share has led. Of the customer's own enrollments the id is without its beginning.
 */
export type Move =
  | [enrollment: string, from: string, to: string]
  | [enrollment: string, step: string, arm: string, kind: 'exposed'];

/** How one arbitration was decided, as far as reports count it. The record of the decision has all of it. */
export interface PolicySummary {
  policy: ArbitrationRecord['policy'];
  autonomy: Autonomy;
  /** Missing: 1. */
  propensity?: number;
  /** Version of the model that scored the arms; missing if none did. */
  model?: number;
  /** Doing nothing was chosen. */
  nothing?: true;
  /** An option was left out of the arbitration. */
  refused?: true;
}

/** Why an action is paused: the reading of a guardrail, or the person who paused it. `resumed` once it was resumed. */
export interface PauseCause {
  /** A harm, or `by_hand`. */
  harm: Harm | 'by_hand';
  /** The `GuardrailReading` at the time of the pause. */
  reading?: unknown;
  reason?: string;
  by?: string;
  resumed?: { reason: string };
}

/** A stored increment with the kind of its reward. */
export type StoredDelta = Delta & { kind: string };

/** A stored model with the kind of reward that each arm learns from. */
export type StoredModel = Snapshot & { kinds?: Record<string, string> };

/** On what the counts of reports depend besides the rows. If it changes, all customers are counted again. */
export interface CountSettings {
  /** Of the code that counts. */
  version: number;
  currency: string;
  timezone: string;
  /** All global holdouts that a bundle had, of 10,000, ascending. They divide the customers into segments. */
  holdouts: number[];
  /** Ids of the marketing journeys, and of the others. */
  marketing: string[];
  others: string[];
}

/** Sums by report, period and key, separated by tabs. Whole numbers above 2⁵³ are texts. */
export type StoredCells = Record<string, (number | string)[]>;

/** What was read of a customer's log and decisions, whose partitions may be dropped. */
export interface CountedFacts {
  /** Events of purchases and recommendations: id, time of acceptance, origin, and what counts of it. */
  events: [id: string, acceptedAt: number, origin: string | null, event: Record<string, unknown>][];
  /** Days of activity with the newest acceptance of one of its events. */
  days: [day: number, acceptedAt: number][];
  /** The newest decision that was counted, and the ids of those shortly before it. */
  decidedTo: number;
  decided: [id: string, committedAt: number][];
  /** Steps of each enrollment in order of first reach, and where its last move led. */
  moves: Record<string, { steps: string[]; last: [epoch: number, ordinal: number, step: string] }>;
  /** First exposure of an enrollment at a branch by share. */
  exposures: [enrollment: string, step: string, arm: string, at: number, id: string][];
}
