/** Never renamed once shipped: schedules and running workflows name it. */
export const SWEEP_TYPE = 'sweepCustomers';

/** What a sweep is started with, and carries into its next run. */
export interface SweepInput {
  workspace: string;
  /** Null: it belongs to the instant for which a schedule has started this workflow, and is begun by it. */
  sweepId: string | null;
  /** What the schedule is for. */
  scheduled?: { kind: 'schedule'; journey: string; entry: number } | { kind: 'look' };
  /** Pages of one run; tests lower it. */
  pages?: number;
}

/** What a sweep has done when it ends. */
export interface SweepResult {
  /** Customers looked at, and told that something is due. */
  seen: number;
  found: number;
}
