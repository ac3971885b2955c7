import type { Millis } from '../time/time.ts';
import type { Cel, Labels, Trigger } from './shared.ts';
import type { Step } from './step.ts';

export interface JourneyDef extends Labels {
  id: string;
  owner: string;
  class: 'marketing' | 'service';
  stage: string | null;
  goal: (Trigger & { within: Millis; kpi: string; exit: boolean }) | null;
  /** Share of the control group, in hundredths of a percent, 0…10000. */
  holdout: number;
  enter: Entry[];
  /** Name of the event property that tells enrollments apart. */
  key: string | null;
  reenter: 'never' | 'always' | { after: Millis };
  whileOpen: 'ignore' | 'restart';
  exit: Exit[];
  limit: number | null;
  /** Whether open enrollments follow edits, or stay with the version that they entered under. */
  versions: 'follow' | 'pin';
  /** Target (step id or `exit`) of enrollments whose step is gone, for steps of this and all earlier versions. */
  moved: Record<string, string>;
  steps: Step[];
  /** No event accepted before this instant enters the journey. Wall clock. */
  activeSince: number;
}

/** A way into a journey. Its position in the list identifies it, for sweeps and armed dates. */
export type Entry =
  | { kind: 'event'; trigger: Trigger; maxAge: Millis }
  /** By entering or leaving a segment. `backfill`: also customers who are inside when the journey is first applied. */
  | { kind: 'segment'; segment: string; on: 'enter' | 'leave'; backfill: boolean }
  /** All customers of a segment (null: all customers), at these times in the workspace's zone. */
  | { kind: 'schedule'; cron: string; where: string | null }
  | DateEntry
  | { kind: 'api' };

export interface DateEntry {
  kind: 'date';
  /** Gives a date of the customer: `YYYY-MM-DD` or an instant. */
  date: Cel;
  offset: Millis;
  /** Minutes since local midnight. */
  at: number;
  repeat: 'once' | 'year';
  /** The day on which a 29 February falls in other years. */
  leapDay: 'feb28' | 'mar1';
  /** How long after an occurrence the customer still enters. */
  grace: Millis;
}

export type Exit =
  | { kind: 'event'; trigger: Trigger }
  | { kind: 'when'; when: Cel }
  | { kind: 'after'; after: Millis };
