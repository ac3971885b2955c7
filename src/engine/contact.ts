import type { ActionClass } from '../domain/definition.ts';
import type { Instant } from '../domain/time/time.ts';

/** Something that reached the customer, or is about to: a message, or a call by a person. */
export interface Contact {
  action: string;
  class: ActionClass;
  purpose: string;
  channel: string;
  key: string | null;
  at: Instant;
}

/** A contact that the decision under way has chosen: spacing, caps, limits and budgets count it like a row. */
export interface TentativeContact extends Contact {
  enrollmentId: string;
}
