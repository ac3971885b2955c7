import type { UsedAttribute } from '../../src/domain/customer/attribute.ts';
import type { Harm } from '../../src/domain/definition.ts';
import type { CallType } from '../../src/domain/event.ts';
import type { Delta } from '../../src/learning/model/fold-deltas.ts';
import type { Snapshot } from '../../src/learning/model/snapshot.ts';

/** JSON columns whose content no type of the domain describes. */

/** A customer who was taken out of all marketing. */
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

/** What the contacts of an account are told of one event. */
export interface FanoutEvent {
  name: string;
  type: CallType;
  at: number;
  properties: Record<string, unknown>;
}

/** An action as the deciding transaction wrote it. */
export interface DecidedAction {
  action: string;
  class: string;
  enrollmentId: string;
  deliveries: { id: string; channel: string; sendAt: number; variant?: string | null; sendReason?: string }[];
  /** Of one on the spot: the test variant that was offered, and what it costs in minor units. */
  variant?: string | null;
  cost?: number;
  task?: { id: string; queue: string };
  propensity: number;
  reasons: string[];
  /** What of the customer it used, and under which permission (B-10). Decisions of earlier builds didn't keep it. */
  dataUsed?: UsedAttribute[];
}

/** Why an action is paused: what a guardrail read, or who paused it. `resumed` once it has been lifted. */
export interface PauseCause {
  /** A harm, or `by_hand`. */
  harm: Harm | 'by_hand';
  /** Of the guardrail, as it was then: `GuardrailReading`. */
  reading?: unknown;
  reason?: string;
  by?: string;
  resumed?: { reason: string };
}

/** An increment as it is stored, with the kind of reward that it tells of. */
export type StoredDelta = Delta & { kind: string };

/** What is stored: the model, and of which kind the reward is that each arm learns from. */
export type StoredModel = Snapshot & { kinds?: Record<string, string> };
