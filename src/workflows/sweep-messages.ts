/** Must never change once released: schedules and running workflows name it. */
export const SWEEP_TYPE = 'sweepCustomers';

/** The input of a sweep. Each run passes it on to the next. */
export interface SweepInput {
  workspace: string;
  /** Null when a schedule started the workflow: the first run then begins the sweep of the scheduled instant. */
  sweepId: string | null;
  /** The schedule's purpose: an entry of a journey, or the hourly sweep of customers whom time alone has moved. */
  scheduled?: { kind: 'schedule'; journey: string; entry: number } | { kind: 'hourly' };
  /** Pages in one run; tests lower it. */
  pages?: number;
}

/** Totals of a finished sweep. */
export interface SweepResult {
  /** Customers evaluated. */
  seen: number;
  /** Customers who were sent an `Entry Due`. */
  found: number;
}
