import type { ActionClass } from './definition.ts';
import type { Instant } from './time/time.ts';

/** Never renamed: they stand in the log. `held` is the claim's refusal; the next decision decides afresh. */
export const DELIVERY_STATES = [
  'planned',
  'held',
  'sending',
  'sent',
  'failed',
  'unknown',
  'cancelled',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One treatment on its way to one customer, as the core sees it. */
export interface DeliveryFact {
  id: string;
  enrollmentId: string;
  action: string;
  class: ActionClass;
  /** For caps by purpose. */
  purpose: string;
  topic: string | null;
  channel: string;
  /** The enrollment's key, for limits per key. */
  key: string | null;
  state: DeliveryState;
  /** When it is due, or when it left. Journey time. */
  at: Instant;
  /** What the claim refused with, while `held`. */
  refusal: { code: string; liftsAt: Instant | null } | null;
}

export const TASK_STATES = ['planned', 'open', 'acknowledged', 'resolved', 'expired', 'withdrawn'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** An action carried out by a person. */
export interface TaskFact {
  id: string;
  enrollmentId: string;
  action: string;
  class: ActionClass;
  key: string | null;
  state: TaskState;
  queue: string;
  level: number;
  at: Instant;
  acknowledgeBy: Instant;
  resolveBy: Instant;
  outcome: string | null;
}

export function isFinal(state: DeliveryState | TaskState): boolean {
  return !['planned', 'held', 'sending', 'open', 'acknowledged'].includes(state);
}

/**
 * Whether two deliveries are one action by several channels (`deliver: all`): ids name the decision that minted them.
 * One doesn't stand in the other's way.
 */
export function belongToSameAction(
  a: { id: string; enrollmentId: string; action: string },
  b: { id: string; enrollmentId: string; action: string },
): boolean {
  const decision = (id: string) => id.slice(0, id.lastIndexOf('_'));
  return a.enrollmentId === b.enrollmentId && a.action === b.action && decision(a.id) === decision(b.id);
}

/** Whether a delivery counts for caps, spacing and limits: it may have reached the customer, or is about to. */
export function countsAsContact(delivery: DeliveryFact): boolean {
  return ['planned', 'sending', 'sent', 'unknown'].includes(delivery.state);
}
