import type { Millis } from './time.ts';

/**
 * Compiled definitions: what `src/definitions` makes of a bundle's files. Plain JSON, immutable by version, so that
 * a decision can name the version it used. Conditions are CEL source; the core evaluates them through a port.
 */
/** Of the compiled form. Raised when its shape changes: bundles stored in an older one are compiled again from their files. */
export const BUNDLE_FORMAT = 1;

export interface Bundle {
  format: number;
  version: number;
  workspace: WorkspaceDef;
  journeys: JourneyDef[];
  actions: ActionDef[];
  interest: Interest;
}

export type Cel = string;

export const ACTION_CLASSES = ['mandatory', 'transactional', 'service', 'marketing'] as const;
/** Descending precedence. */
export type ActionClass = (typeof ACTION_CLASSES)[number];

export interface WorkspaceDef {
  id: string;
  name: string;
  currency: string;
  timezone: string;
  locales: string[];
  tickets: { suppress: ActionClass[]; cooldown: Millis };
  spacing: Millis;
  caps: { max: number; per: Millis; channel: string | null }[];
  /** Minutes since local midnight. */
  quiet: { from: number; to: number; classes: ActionClass[] } | null;
  /** Lifetime spend, in minor units, at which `scores.value` reads 0.5. */
  valueHalf: number;
  sender: { name: string; email: string };
}

/** An event that starts, ends, continues or counts. */
export interface Trigger {
  on: string;
  when: Cel | null;
  /** `key`: the event's property of that name equals the enrollment's key. */
  match: 'key' | 'customer';
}

export interface JourneyDef {
  id: string;
  owner: string;
  class: 'marketing' | 'service';
  stage: string | null;
  goal: (Trigger & { within: Millis; kpi: string; exit: boolean }) | null;
  /** In hundredths of a percent, 0…10000. */
  holdout: number;
  enter: (Trigger & { maxAge: Millis })[];
  /** Name of the event property that tells enrollments apart. */
  key: string | null;
  reenter: 'never' | 'always' | { after: Millis };
  whileOpen: 'ignore' | 'restart';
  exit: Exit[];
  limit: number | null;
  steps: Step[];
  /** Wall clock: no event accepted before this enters the journey. */
  activeSince: number;
}

export type Exit =
  | { kind: 'event'; trigger: Trigger }
  | { kind: 'when'; when: Cel }
  | { kind: 'after'; after: Millis };

export type Step = DecideStep | WaitStep | BranchStep | GotoStep | ExitStep;

interface StepBase {
  id: string;
  /** Step id or `exit`; resolved at apply, so it's always there. */
  next: string;
}

export interface DecideStep extends StepBase {
  kind: 'decide';
  /** Tags are resolved to ids at apply. */
  actions: string[];
  channels: string[] | null;
  hold: Millis;
  then: Record<string, string>;
}

export interface WaitStep extends StepBase {
  kind: 'wait';
  since: 'step' | 'enter';
  until: WaitUntil[];
}

export type WaitUntil = (
  | { kind: 'event'; trigger: Trigger }
  | { kind: 'when'; when: Cel }
  | { kind: 'after'; after: Millis }
) & { next: string | null };

export interface BranchStep extends StepBase {
  kind: 'branch';
  arms: { when: Cel | null; next: string }[];
}

export interface GotoStep extends StepBase {
  kind: 'goto';
}

export interface ExitStep extends StepBase {
  kind: 'exit';
  reason: string;
}

export interface ActionDef {
  id: string;
  class: ActionClass;
  topic: string | null;
  tags: string[];
  mode: 'auto' | 'human';
  channels: string[];
  priority: number;
  lever: number;
  eligible: Cel | null;
  applicable: Cel | null;
  suitable: Cel | null;
  /** Money in the workspace's currency, decimal. Null counts as 1, so that an action without a value beats doing nothing. */
  value: Cel | null;
  cost: Cel | null;
  about: 'ticket' | 'order' | null;
  limit: { max: number; every: Millis | null; per: 'customer' | 'key' }[];
  task: TaskDef | null;
}

export interface TaskDef {
  queue: string;
  acknowledge: Millis;
  escalate: string[];
  resolve: Millis;
  outcomes: string[];
  attach: ('cart' | 'payments' | 'tickets' | 'timeline')[];
}

/** What anything in the bundle looks at. An event that nothing refers to folds into the profile and wakes nobody. */
export interface Interest {
  events: string[];
  traits: string[];
}
