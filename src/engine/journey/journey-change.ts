import type { Enrollment } from '../../domain/state.ts';
import type { Instant } from '../../domain/time/time.ts';

/** What happened to an enrollment, an event or the customer, as the decision's record lists it. */
export type JourneyChange =
  | {
      kind: 'entered';
      enrollment: string;
      journey: string;
      key: string | null;
      arm: Enrollment['arm'];
      event: string;
    }
  | { kind: 'not_entered'; journey: string; key: string | null; event: string; reason: string }
  | { kind: 'moved'; enrollment: string; journey: string; from: string; to: string; reason: string }
  | { kind: 'goal'; enrollment: string; journey: string; event: string }
  /** The arm that a branch by share chose. Experiments are counted by these. */
  | { kind: 'exposed'; enrollment: string; journey: string; step: string; arm: string }
  /** Came with a customer who was merged into this one. */
  | { kind: 'adopted'; enrollment: string; journey: string; from: string }
  | { kind: 'stage'; from: string | null; to: string | null }
  | { kind: 'segment'; segment: string; inside: boolean }
  | {
      kind: 'date';
      journey: string;
      on: string;
      state: 'armed' | 'moved' | 'skipped' | 'invalid';
      reason?: string;
    }
  | { kind: 'ended'; enrollment: string; journey: string; reason: string }
  /** Without enrollment and event: the whole customer is parked. */
  | { kind: 'poisoned'; enrollment: string | null; event: string | null; reason: string }
  /** A parked customer was decided again. */
  | { kind: 'recovered'; since: Instant; reason: string }
  | { kind: 'condition_failed'; expression: string; reason: string }
  /** What the decision read is too large to be recorded with it. */
  | { kind: 'not_recorded'; size: number };
