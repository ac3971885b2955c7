import type { ActionClass } from './definition.ts';
import type { Instant } from './time/time.ts';

/**
 * `held`: the claim refused, and the next decision decides again. The log contains these, so they are never renamed.
 */
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

/** Final deliveries and tasks of one action that a decision reads. No cap or limit of a customer may count more. */
export const COUNTED_EFFECTS = 500;

/** A message to a customer, as decisions read it. */
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
  /** When it is due, or when it was sent. Journey time. */
  at: Instant;
  /** Why the claim refused it, while `held`. */
  refusal: { code: string; liftsAt: Instant | null } | null;
}

export const TASK_STATES = ['planned', 'open', 'acknowledged', 'resolved', 'expired', 'withdrawn'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** A task for a person, as decisions read it. */
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

/** Whether the state can no longer change. */
export function isFinal(state: DeliveryState | TaskState): boolean {
  return !['planned', 'held', 'sending', 'open', 'acknowledged'].includes(state);
}

/**
 * Whether two deliveries are one action through several channels (`deliver: all`). Ids contain the decision that minted
 * them. Such deliveries do not count against each other.
 */
export function belongToSameAction(
  a: { id: string; enrollmentId: string; action: string },
  b: { id: string; enrollmentId: string; action: string },
): boolean {
  const decision = (id: string) => id.slice(0, id.lastIndexOf('_'));
  return a.enrollmentId === b.enrollmentId && a.action === b.action && decision(a.id) === decision(b.id);
}

/**
 * The id of a delivery that repeats another one at somebody's request. It belongs to the same action, so the first one
 * counts against no cap or limit of the repeat.
 */
export function mintRepeatId(id: string): string {
  return `${id}r`;
}

/** Whether a delivery repeats another one. No enrollment waits for it. */
export function isRepeat({ id }: { id: string }): boolean {
  return id.endsWith('r');
}

/** Whether a delivery counts for caps, spacing and limits: it may have reached the customer, or will soon. */
export function countsAsContact(delivery: DeliveryFact): boolean {
  return ['planned', 'sending', 'sent', 'unknown'].includes(delivery.state);
}
