import type { Asking, Candidate, Choice } from './candidate.ts';
import type { Consent } from './consent.ts';
import type { Bundle } from './definition.ts';
import type { DeliveryFact, TaskFact } from './delivery.ts';
import type { Profile } from './profile.ts';
import type { Ticket } from './ticket.ts';
import type { Instant } from './time.ts';
import type { Zone } from './zone.ts';

/** All facts about the customer that a decision may look at: one snapshot of the database, stored with the decision (I7). */
export interface Facts {
  workspace: string;
  customerId: string;
  profile: Profile;
  /** The log's newest sequence number that the profile contains. */
  profileSeq: number;
  tickets: Ticket[];
  consents: Consent[];
  /** All that are not final, and those inside the longest window that a cap, limit or spacing looks at. */
  deliveries: DeliveryFact[];
  tasks: TaskFact[];
  /** Ended enrollments of the keys in question, newest per journey and key. */
  past: { journey: string; key: string | null; enteredAt: Instant }[];
  paused: { since: Instant; reason: string; by: string } | null;
  zone: Zone;
  /** Addresses that are never written to, out of this customer's. */
  suppressedAddresses: string[];
}

/** Evaluates CEL. Deterministic: what it may look at comes in the scope, its clock too. */
export type Evaluate = (
  expression: string,
  scope: Scope,
) => { ok: true; value: unknown } | { ok: false; error: string };

/** What a condition can name (language reference, CEL). */
export interface Scope {
  event: { name: string; at: Instant; properties: Record<string, unknown> } | null;
  facts: Facts;
  suppressed: { marketing: boolean; service: boolean };
  enrollment: Asking | null;
  now: Instant;
  scores: Record<string, number>;
}

/** Picks among the candidates; `src/decisioning` gives it, the core calls it. */
export type Choose = (candidates: Candidate[], situation: Situation) => Choice;

/** What the decisioning knows beside the candidates. */
export interface Situation {
  facts: Facts;
  bundle: Bundle;
  openTickets: Ticket[];
  /** Cool-down's end, or null. */
  quietUntil: Instant | null;
  now: Instant;
  evaluate: Evaluate;
  scores: Record<string, number>;
  /** Something was already chosen in this decision: marketing waits. */
  actedAlready: boolean;
}
