import type { Millis } from '../time/time.ts';
import type { ActionClass, Cel, Labels, Trigger } from './shared.ts';

export interface ActionDef extends Labels {
  id: string;
  class: ActionClass;
  /** Purpose for consent and caps; by default the class. */
  purpose: string;
  topic: string | null;
  tags: string[];
  /** The product that it is about, for tickets that suppress by product. */
  product: string | null;
  mode: 'auto' | 'human';
  channels: string[];
  priority: number;
  lever: number;
  eligible: Cel | null;
  applicable: Cel | null;
  suitable: Cel | null;
  /**
   * Decimal amount in the workspace's currency. Null counts as 1, so that an action without a value beats doing
   * nothing.
   */
  value: Cel | null;
  cost: Cel | null;
  /** The event that shows success. Its reward is `amount` (CEL, money of the event), or whether it happened. */
  reward: (Trigger & { within: Millis; amount: Cel | null }) | null;
  /** Factors on the score where a condition holds. They multiply. */
  boost: { when: Cel; weight: number }[];
  about: 'ticket' | 'order' | null;
  limit: ActionLimit[];
  /** Decimal amount in the workspace's currency, per calendar month. */
  budget: { amount: number; of: 'workspace' | 'group' } | null;
  /** How many may be given away, in total or per calendar month. */
  inventory: { units: number; per: 'month' | null } | null;
  contentGroup: string | null;
  /** Test variants of its content, by channel, for channels that have any. Each customer always gets the same one. */
  variants: Record<string, string[]>;
  /** Segments by which blocks of its content are chosen, in the order of segments.yaml; missing: none is. */
  blockSegments?: string[];
  coupon: { percent: number; validFor: Millis; once: Cel } | null;
  task: TaskDef | null;
  /** Reasons that a task shows to the agent, each with its condition. */
  reasons: { code: string; when: Cel }[];
  /** Names of traits that its conditions or its content read (`account.{name}` for the account's). */
  reads: string[];
}

interface ActionLimit {
  max: number;
  /** Null: ever. */
  every: Millis | null;
  per: 'customer' | 'account' | 'key';
  /** What is counted; missing: the action itself. `contentGroup`: every action of its group, on every channel. */
  of?: 'contentGroup';
}

export interface TaskDef {
  queue: string;
  acknowledge: Millis;
  escalate: string[];
  resolve: Millis;
  outcomes: string[];
  attach: ('cart' | 'payments' | 'tickets' | 'timeline')[];
  /** What the agent is suggested to say and to do. */
  script?: string | undefined;
}
