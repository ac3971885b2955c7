/** Why an event is refused. */
export interface Refusal {
  /** Stable, in lower_snake. */
  code: string;
  reason: string;
}

/**
 * Events of a batch are refused for what they say. They must have no effect at all, so the batch is rolled back and
 * accepted again without them.
 */
export class RefusedEvents extends Error {
  /** By their positions in the batch. */
  readonly refusals: ReadonlyMap<number, Refusal>;

  constructor(refusals: ReadonlyMap<number, Refusal>) {
    super('events of the batch are refused');
    this.refusals = refusals;
  }
}
