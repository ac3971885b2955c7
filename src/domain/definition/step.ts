import type { Millis } from '../time/time.ts';
import type { Autonomy, Cel, Trigger } from './shared.ts';

export type Step = DecideStep | WaitStep | BranchStep | SetStep | EmitStep | GotoStep | ExitStep;

interface StepBase {
  id: string;
  /** Step id or `exit`. The compiler resolves it, so it is always set. */
  next: string;
}

export interface DecideStep extends StepBase {
  kind: 'decide';
  /** Action ids. The compiler resolves tags. */
  actions: string[];
  channels: string[] | null;
  /** `all`: the chosen action is sent through every channel that is allowed. */
  deliver: 'one' | 'all';
  /** Gives the id of the ticket or order that service actions of the step are about; null: the enrollment's key. */
  about: Cel | null;
  hold: Millis;
  autonomy: Autonomy | null;
  then: Record<string, string>;
}

export interface WaitStep extends StepBase {
  kind: 'wait';
  since: 'step' | 'enter';
  until: WaitUntil[];
}

export type WaitUntil = (
  | { kind: 'event'; trigger: Trigger }
  /** The condition has held for so long without a break. */
  | { kind: 'when'; when: Cel; for: Millis }
  | { kind: 'after'; after: Millis }
  /**
   * Until the customer's clock reads `at` (minutes since midnight) on one of these weekdays (0 = Sunday; null: any).
   */
  | { kind: 'at'; at: number; days: number[] | null }
  /** Until a date of the customer plus an offset. A date that is past ends the wait at once. */
  | { kind: 'date'; date: Cel; offset: Millis }
) & { next: string | null };

export interface BranchStep extends StepBase {
  kind: 'branch';
  arms: BranchArm[];
}

/** By condition; by a stable share of customers (hundredths of a percent); or all others. */
export type BranchArm = (
  | { kind: 'when'; when: Cel }
  | { kind: 'share'; share: number; salt: string }
  | { kind: 'else' }
) & { next: string };

export interface SetStep extends StepBase {
  kind: 'set';
  vars: Record<string, Cel>;
  traits: Record<string, Cel>;
}

/** Appends an event to the customer's log, once per enrollment and step. */
export interface EmitStep extends StepBase {
  kind: 'emit';
  event: string;
  properties: Record<string, Cel>;
}

interface GotoStep extends StepBase {
  kind: 'goto';
}

interface ExitStep extends StepBase {
  kind: 'exit';
  reason: string;
}
