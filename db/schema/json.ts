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
