import type { EnrollmentContext } from './candidate.ts';
import type { Consent } from './customer/consent.ts';
import type { Trait } from './customer/profile.ts';
import type { ReadProfile } from './customer/read-profile.ts';
import type { EventTypes } from './definition/event-types.ts';
import type { AttributeDef, CapDef } from './definition.ts';
import type { DeliveryFact, TaskFact } from './delivery.ts';
import type { Ticket } from './ticket.ts';
import type { Instant, Millis } from './time/time.ts';
import type { Zone } from './time/zone.ts';

/**
 * What the engine may read about one customer, in slices: one snapshot of the database. A purpose loads the slices that
 * it needs; `Facts<'profile' | 'service'>` has the fields of these two and no others, so that a slice that was not
 * loaded cannot be read.
 */
interface FactSlices {
  profile: ProfileFacts;
  history: HistoryFacts;
  permissions: PermissionFacts;
  service: ServiceFacts;
  restrictions: RestrictionFacts;
  contacts: ContactFacts;
  tasks: TaskFacts;
  offers: OfferFacts;
  journeys: JourneyFacts;
}

export type FactSlice = keyof FactSlices;

/** The fields of the loaded slices, side by side; without an argument: of all slices. */
export type Facts<Loaded extends FactSlice = FactSlice> = Intersection<FactSlices[Loaded]>;

type Intersection<Slices> = (Slices extends unknown ? (slice: Slices) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** The slices that a condition (CEL), a score or a template can name. */
export type ConditionSlice = 'profile' | 'history' | 'permissions' | 'service';

export type ConditionFacts = Facts<ConditionSlice>;

/** The slices that gates and arbitration read besides: every purpose of a decision loads them. */
export type DecisionSlice = ConditionSlice | 'restrictions' | 'contacts' | 'tasks' | 'offers';

export type DecisionFacts = Facts<DecisionSlice>;

/** The customer: traits, orders, account, clock, and the declarations that say what of it may be read. */
interface ProfileFacts {
  workspace: string;
  customerId: string;
  profile: ReadProfile;
  /** The log's newest sequence number that the profile contains. */
  profileSeq: number;
  /** The customer's age as a record: in a merge, the record known for longer keeps the experiment's arm. */
  knownSince: Instant;
  zone: Zone;
  /** The account (company, household) that the customer belongs to. */
  account: { id: string; traits: Record<string, Trait> } | null;
  /** The declarations of attributes, from the bundle. */
  attributes: Record<string, AttributeDef>;
  /** The declared types of events' properties, from the bundle. */
  eventTypes?: EventTypes;
  /** The workspace's personalisation level, 0…3, for customers who have not chosen one. */
  personalisation: number;
}

interface HistoryFacts {
  /** When the events counted within a time happened (`count(event, days)`), ascending. */
  eventHistory: Record<string, Instant[]>;
}

interface PermissionFacts {
  consents: Consent[];
}

export interface ServiceFacts {
  /**
   * The customer's own tickets, and those of others that silence this customer too: of the account, or of the same
   * person in another brand of the group.
   */
  tickets: Ticket[];
}

/** What forbids contact whatever the bundle says. */
interface RestrictionFacts {
  paused: { since: Instant; reason: string; by: string } | null;
  /** Addresses of this customer to which nothing is sent. */
  suppressedAddresses: { channel: string; address: string }[];
  /** Actions that a guardrail or a person has paused. */
  pausedActions: { action: string; since: Instant; harm: string }[];
}

/** The contact history that spacing, caps and limits count. */
export interface ContactFacts {
  /** All that are not final, and those inside the longest window of a cap, limit or spacing. */
  deliveries: DeliveryFact[];
  /** Use of the caps that are shared with others, and of limits per account. */
  sharedUse: SharedUse[];
}

/** Actions carried out by a person: the contact history counts them, too. */
interface TaskFacts {
  tasks: TaskFact[];
}

/** What is left to give away. */
interface OfferFacts {
  /** Every coupon that this customer has got; null when no action of the decision issues coupons, so none were read. */
  coupons: CouponFact[] | null;
  /** Use of the budgets and inventories of the actions of the decision, over all customers. */
  budgets: BudgetUse[];
}

/** What only a journey's own decision reads. */
interface JourneyFacts {
  /** Ended enrollments of the keys in question, newest per journey and key. */
  pastEnrollments: { journey: string; key: string | null; enteredAt: Instant }[];
  /**
   * The sweep after the active bundle's activation has passed this customer: a customer without a record in a segment
   * was outside.
   */
  segmentsSwept: boolean;
}

export const COUPON_STATES = ['issued', 'redeemed', 'expired', 'revoked'] as const;

export interface CouponFact {
  id: string;
  code: string;
  action: string;
  /** Its purpose (`coupon.once`): a customer gets one coupon per purpose. */
  once: string;
  percent: number;
  state: (typeof COUPON_STATES)[number];
  /** A message with it was sent, may have been sent, or will be soon. Otherwise the coupon may be used again. */
  isCommunicated: boolean;
  expiresAt: Instant;
}

/**
 * What is used of an action's budget and inventory. Planned effects count, cancelled ones do not. An action that one
 * decision sends through several channels is one unit and costs once. A claim counts only claimed effects, without its
 * own.
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

/** The use of a shared cap. Its window is in wall time, since the customers who share it may have different clocks. */
export interface SharedUse {
  /** As in the bundle; for a limit per account: its `max` and `every` (ten years if none), `of: 'account'`. */
  cap: CapDef;
  /** The action whose limit per account it is; null for a cap. */
  action: string | null;
  used: number;
  /** How long until the cap allows one more; null if it does now. */
  freeIn: Millis | null;
}

/**
 * Evaluates CEL. Deterministic: everything that it reads comes in the scope, the clock included. Each evaluation is
 * limited in its steps; a `budget` limits several of them together.
 */
export type Evaluator = (
  expression: string,
  scope: ExpressionScope,
  budget?: StepBudget,
) => { ok: true; value: unknown } | { ok: false; error: string };

/** The steps that evaluations may still take together. They are counted, not timed (I7). */
export interface StepBudget {
  left: number;
}

/** What a condition can read (language reference, CEL). */
export interface ExpressionScope {
  event: { name: string; at: Instant; properties: Record<string, unknown> } | null;
  facts: ConditionFacts;
  suppressed: { marketing: boolean; service: boolean };
  enrollment: EnrollmentContext | null;
  now: Instant;
  scores: Record<string, number>;
  /** The use that attributes are read for. Attributes that may not be used for it read as missing. */
  use: 'marketing' | 'service';
}
