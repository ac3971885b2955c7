import type { Candidate, Choice, EnrollmentContext } from './candidate.ts';
import type { Consent } from './customer/consent.ts';
import type { Profile, Trait } from './customer/profile.ts';
import type { AttributeDef, Bundle, CapDef } from './definition.ts';
import type { DeliveryFact, TaskFact } from './delivery.ts';
import type { Ticket } from './ticket.ts';
import type { Instant, Millis } from './time/time.ts';
import type { Zone } from './time/zone.ts';

/** All facts about the customer that a decision may look at: one snapshot of the database, stored with the decision (I7). */
export interface Facts {
  workspace: string;
  customerId: string;
  profile: Profile;
  /** The log's newest sequence number that the profile contains. */
  profileSeq: number;
  /** The customer's own; and those of others that silence this customer too: of the account, of the same person in another brand. */
  tickets: Ticket[];
  consents: Consent[];
  /** All that are not final, and those inside the longest window that a cap, limit or spacing looks at. */
  deliveries: DeliveryFact[];
  tasks: TaskFact[];
  /** Ended enrollments of the keys in question, newest per journey and key. */
  pastEnrollments: { journey: string; key: string | null; enteredAt: Instant }[];
  paused: { since: Instant; reason: string; by: string } | null;
  zone: Zone;
  /** Addresses that are never written to, out of this customer's. */
  suppressedAddresses: { channel: string; address: string }[];
  /** The account (company, household) that the customer belongs to. */
  account: { id: string; traits: Record<string, Trait> } | null;
  /** What is declared about attributes, as the bundle has it. */
  attributes: Record<string, AttributeDef>;
  /** The workspace's personalisation level, for customers who haven't chosen one, 0…3. */
  personalisation: number;
  /** When the events counted within a time happened (`count(event, days)`), ascending. */
  eventHistory: Record<string, Instant[]>;
  /** Use of the caps that are shared with others, and of limits per account. */
  sharedUse: SharedUse[];
  /** The sweep after the active bundle's activation has passed this customer: whoever is unknown to a segment was outside. */
  segmentsSwept: boolean;
  /** The customer's age as a record: who has been known for longer keeps the experiment's arm in a merge. */
  knownSince: Instant;
  /** Actions that a guardrail has paused. */
  pausedActions: { action: string; since: Instant; harm: string }[];
  /** Coupons that this customer has ever got. */
  coupons: CouponFact[];
  /** What is used up of the budgets and inventories of actions, by everybody. */
  budgets: BudgetUse[];
}

export const COUPON_STATES = ['issued', 'redeemed', 'expired', 'revoked'] as const;

export interface CouponFact {
  id: string;
  code: string;
  action: string;
  /** What it was for (`coupon.once`): there is one for each. */
  once: string;
  percent: number;
  state: (typeof COUPON_STATES)[number];
  /** A message with it has left, may have left, or is about to. One that nobody was told of may be given again. */
  isCommunicated: boolean;
  expiresAt: Instant;
}

/**
 * Reserved, spent and given away: what is planned counts, what was cancelled doesn't. What one decision sends by several
 * channels is one unit, and costs once. A claim counts only what was claimed, and its own unit not at all.
 */
export interface BudgetUse {
  action: string;
  /** Minor units of the workspace's currency in this calendar month (wall clock, of the workspace's zone). */
  spent: number;
  /** Units given away within the inventory's period. */
  unitsGiven: number;
  /** When the calendar month ends, in journey time. */
  resetsAt: Instant;
}

/** How much of a shared cap is used. Its window runs on wall time, since those who share it may live by different clocks. */
export interface SharedUse {
  /** As in the bundle; for a limit per account: its `max` and `every` (ten years if none), `of: 'account'`. */
  cap: CapDef;
  /** The action whose limit per account it is; null for a cap. */
  action: string | null;
  used: number;
  /** From now until there is room again; null when there is. */
  freeIn: Millis | null;
}

/** Evaluates CEL. Deterministic: what it may look at comes in the scope, its clock too. */
export type Evaluator = (
  expression: string,
  scope: ExpressionScope,
) => { ok: true; value: unknown } | { ok: false; error: string };

/** What a condition can name (language reference, CEL). */
export interface ExpressionScope {
  event: { name: string; at: Instant; properties: Record<string, unknown> } | null;
  facts: Facts;
  suppressed: { marketing: boolean; service: boolean };
  enrollment: EnrollmentContext | null;
  now: Instant;
  scores: Record<string, number>;
  /** What the attributes are read for: those that may not be used for it read as missing. */
  use: 'marketing' | 'service';
}

/** Picks among the candidates; `src/decisioning` gives it, the core calls it. */
export type Chooser = (candidates: Candidate[], situation: DecisionRequest) => Choice;

/** What the decisioning knows beside the candidates. */
export interface DecisionRequest {
  facts: Facts;
  bundle: Bundle;
  openTickets: Ticket[];
  /** Cool-down's end, or null. */
  quietUntil: Instant | null;
  now: Instant;
  evaluate: Evaluator;
  scores: Record<string, number>;
  /** Where in the whole life the customer stands; null: nowhere, or not known here. */
  stage: string | null;
  /** Something was already chosen in this decision: marketing waits. */
  actedAlready: boolean;
  /** Whose id decides experiments: after a merge the longest known customer's. */
  experimentSubject: string;
  /** Names this decision: the same seed draws the same. */
  seed: string;
}
