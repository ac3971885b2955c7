import type { Millis } from './time/time.ts';

/**
 * Compiled definitions: what `src/definitions` makes of a bundle's files. Plain JSON, immutable by version, so that
 * a decision can name the version it used. Conditions are CEL source; the core evaluates them through a port.
 */
/** Of the compiled form. Raised when its shape changes: bundles stored in an older one are compiled again from their files. */
export const BUNDLE_FORMAT = 4;

export interface Bundle {
  format: number;
  version: number;
  workspace: WorkspaceDef;
  journeys: JourneyDef[];
  actions: ActionDef[];
  segments: SegmentDef[];
  placements: PlacementDef[];
  /** What is declared about attributes of customers and accounts, by name. Others are free. */
  attributes: Record<string, AttributeDef>;
  group: GroupDef | null;
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
  /** Share of customers whom no marketing journey treats, in hundredths of a percent. */
  holdout: number;
  /** In order: a customer's stage is the first whose condition holds. */
  stages: { id: string; owner: string; when: Cel | null }[];
  /** What the preference centre offers. */
  topics: string[];
  snooze: Millis[];
  tickets: TicketPolicy;
  /** Beside `email` and `agent_desk`, which are always there. */
  channels: Record<string, ChannelDef>;
  spacing: Millis;
  /** Over this time those are woken whom one hour of the clock concerns together; each customer always as late. */
  spread: Millis;
  caps: CapDef[];
  /** Minutes since local midnight. */
  quiet: { from: number; to: number; classes: ActionClass[] } | null;
  /** Marketing ends for whom nothing was heard of for so long. */
  sunset: { after: Millis } | null;
  /** Personalisation level of customers who haven't chosen one, 0…3. */
  personalisation: number;
  /** Lifetime spend, in minor units, at which `scores.value` reads 0.5. */
  valueHalf: number;
  /** What decides where a step or placement doesn't say. */
  autonomy: Autonomy;
  arbitration: ArbitrationDef;
  /** What the ideal customer is like: the share of it that holds is `scores.type`. */
  ideal: { id: string; when: Cel; weight: number }[];
  /** How the worth of a customer is reckoned. */
  worth: WorthDef;
  /** Marketing actions whose customers fare worse than the controls are paused; null: nobody watches. */
  guardrails: GuardrailDef | null;
  /** Of messages whose time is left to us: minutes since local midnight where nothing is known (null: at once); share of 10,000 that goes out at a random hour. */
  sendTime: { fallback: number | null; explore: number };
  sender: { name: string; email: string };
}

/** How marketing actions are weighed against each other and against doing nothing. */
export interface ArbitrationDef {
  /** `uplift`: by what an action adds to doing nothing. `pcvl`: by propensity × context × value × lever. */
  mode: 'uplift' | 'pcvl';
  /** Factors that are left out. */
  off: FactorName[];
  /** What one contact within the last week costs in goodwill: minor units of the workspace's currency. */
  fatigue: number;
  /** Share of customers, of 10,000, for whom a month's decisions are drawn alike from all that is allowed. */
  explore: number;
}

export const FACTORS = ['propensity', 'value', 'context', 'lever', 'cost', 'fatigue'] as const;
export type FactorName = (typeof FACTORS)[number];

export interface WorthDef {
  /** Share of an order's amount that is earned, 0…1. */
  margin: number;
  /** A year's discount on what is earned later, 0…1. */
  discount: number;
  /** How far ahead is looked. */
  horizonWeeks: number;
  /** Of the parts of the value thermometer. */
  weights: { future: number; margin: number; advocacy: number; engagement: number };
  /** Where the thermometer reads warm, and hot: 0…100. */
  warm: number;
  hot: number;
}

export const HARMS = ['unsubscribe', 'complaint', 'ticket', 'refund'] as const;
export type Harm = (typeof HARMS)[number];

export interface GuardrailDef {
  harms: Harm[];
  /** Odds against the controls that are borne: 1.1 bears a tenth more. */
  tolerance: number;
  /** How long after a contact a harm counts. */
  within: Millis;
}

export interface TicketPolicy {
  suppress: ActionClass[];
  /** Whom a ticket silences: its customer, everybody of the account, or only what is about its product. */
  scope: 'customer' | 'account' | 'product';
  cooldown: Millis;
  /** A ticket open for longer is told of as `Ticket Overdue`, once. It goes on silencing: never a silent lift. */
  maxAge: Millis;
  /** What differs for tickets of a severity. */
  severity: Record<string, { suppress: ActionClass[] | null; cooldown: Millis | null }>;
}

/** How a channel goes out: through which connector, and to which of the customer's traits. */
export interface ChannelDef {
  via: 'email' | 'webhook' | 'desk';
  /** Trait that holds the address; null: the customer's id is enough. */
  address: string | null;
}

/** At most `max` contacts in a sliding window. */
export interface CapDef {
  max: number;
  per: Millis;
  /** Only of this channel; all if null. */
  channel: string | null;
  /** Contacts for this purpose; null: marketing, all purposes of it. */
  purpose: string | null;
  /** Whose contacts are counted together. */
  of: CapScope;
}

export const CAP_SCOPES = ['customer', 'account', 'workspace', 'group'] as const;
export type CapScope = (typeof CAP_SCOPES)[number];

/** Workspaces of one house. They share caps and silence per contact subject: a keyed hash of the address. */
export interface GroupDef {
  id: string;
  workspaces: string[];
  caps: CapDef[];
  /** An open ticket in one workspace silences marketing to the same person in the others. */
  shareSuppression: boolean;
}

/** A condition over profile, scores and history that customers are inside or outside of. */
export interface SegmentDef {
  id: string;
  when: Cel;
}

export interface PlacementDef {
  id: string;
  channel: string;
  actions: string[];
  limit: number;
  ttl: Millis;
  deadline: Millis;
  fallback: string;
  /** Null: the workspace's. */
  autonomy: Autonomy | null;
}

/** One declared source of truth for an attribute, and what it may be used for (C-1, C-2, D-2, D-19). */
export interface AttributeDef {
  /** Only events of this source set it; null: any. */
  source: string | null;
  party: 'first' | 'second' | 'third';
  /** 0 says little about a person, 3 a lot. Read only up to the customer's personalisation level. */
  sensitivity: number;
  /** What it may be used for; null: everything. */
  uses: ('marketing' | 'service')[] | null;
  /** The consent purpose that the customer must have granted; null: none. */
  consent: string | null;
  /** Older than this it is stale; null: never. */
  fresh: Millis | null;
  /** Read instead of a stale value; null: it reads as missing. */
  fallback: unknown;
}

/** An event that starts, ends, continues or counts. */
export interface Trigger {
  on: string;
  when: Cel | null;
  /** `key`: the event's property of that name equals the enrollment's key. `account`: any contact's of the same account. */
  match: 'key' | 'customer' | 'account';
}

export interface JourneyDef {
  id: string;
  owner: string;
  class: 'marketing' | 'service';
  stage: string | null;
  goal: (Trigger & { within: Millis; kpi: string; exit: boolean }) | null;
  /** In hundredths of a percent, 0…10000. */
  holdout: number;
  enter: Entry[];
  /** Name of the event property that tells enrollments apart. */
  key: string | null;
  reenter: 'never' | 'always' | { after: Millis };
  whileOpen: 'ignore' | 'restart';
  exit: Exit[];
  limit: number | null;
  /** What an edit does to those who are in: they go on under the new version, or end under the one they entered. */
  versions: 'follow' | 'pin';
  /** Where enrollments go that stand on a step that is gone: of this version and of all before it. Step id or `exit`. */
  moved: Record<string, string>;
  steps: Step[];
  /** Wall clock: no event accepted before this enters the journey. */
  activeSince: number;
}

/** A way in. `index` names it within its journey, for sweeps and armed dates. */
export type Entry =
  | { kind: 'event'; trigger: Trigger; maxAge: Millis }
  /** By coming into a segment, or out of it. `backfill`: those who are inside when the journey is first applied, too. */
  | { kind: 'segment'; segment: string; on: 'enter' | 'leave'; backfill: boolean }
  /** All of a segment (everybody, if null), at these times in the workspace's zone. */
  | { kind: 'schedule'; cron: string; where: string | null }
  | DateEntry
  | { kind: 'api' };

export interface DateEntry {
  kind: 'date';
  /** A date (`YYYY-MM-DD`, or an instant) of the customer. */
  date: Cel;
  offset: Millis;
  /** Minutes since local midnight. */
  at: number;
  repeat: 'once' | 'year';
  /** On which day a 29 February is kept in other years. */
  leapDay: 'feb28' | 'mar1';
  /** Past by more than this it is skipped. */
  grace: Millis;
}

export type Exit =
  | { kind: 'event'; trigger: Trigger }
  | { kind: 'when'; when: Cel }
  | { kind: 'after'; after: Millis };

export type Step = DecideStep | WaitStep | BranchStep | SetStep | EmitStep | GotoStep | ExitStep;

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
  /** `all`: the chosen action goes out through every channel that is allowed. */
  deliver: 'one' | 'all';
  /** Gives the id of the ticket or order that service actions here are about; null: the enrollment's key. */
  about: Cel | null;
  hold: Millis;
  autonomy: Autonomy | null;
  then: Record<string, string>;
}

export const AUTONOMY = ['rules_only', 'ai_rank', 'ai_auto'] as const;
export type Autonomy = (typeof AUTONOMY)[number];

export interface WaitStep extends StepBase {
  kind: 'wait';
  since: 'step' | 'enter';
  until: WaitUntil[];
}

export type WaitUntil = (
  | { kind: 'event'; trigger: Trigger }
  /** Holds, and has held for so long without a break. */
  | { kind: 'when'; when: Cel; for: Millis }
  | { kind: 'after'; after: Millis }
  /** The next time the customer's clock reads `at` (minutes since midnight), on these weekdays (0 = Sunday); null: any. */
  | { kind: 'at'; at: number; days: number[] | null }
  /** A date of the customer plus an offset; one that is past is over at once. */
  | { kind: 'date'; date: Cel; offset: Millis }
) & { next: string | null };

export interface BranchStep extends StepBase {
  kind: 'branch';
  arms: BranchArm[];
}

/** By condition; by share of customers, stable per customer (hundredths of a percent); or whatever is left. */
export type BranchArm = (
  | { kind: 'when'; when: Cel }
  | { kind: 'share'; share: number; salt: string }
  | { kind: 'else' }
) & { next: string };

export interface SetStep extends StepBase {
  kind: 'set';
  vars: Record<string, Cel>;
  traits: Record<string, Cel>;
}

/** Appends an event to the customer's log, once per enrollment and step. */
export interface EmitStep extends StepBase {
  kind: 'emit';
  event: string;
  properties: Record<string, Cel>;
}

interface GotoStep extends StepBase {
  kind: 'goto';
}

interface ExitStep extends StepBase {
  kind: 'exit';
  reason: string;
}

export interface ActionDef {
  id: string;
  class: ActionClass;
  /** For consent and caps: `marketing` for marketing actions unless said otherwise, else the class. */
  purpose: string;
  topic: string | null;
  tags: string[];
  /** The product that it is about, for tickets that silence by product. */
  product: string | null;
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
  /** What shows that it was right. With `amount` (CEL, money of the event) it is that much; else it happened or not. */
  reward: (Trigger & { within: Millis; amount: Cel | null }) | null;
  /** Where one of these holds, it fits the situation by so much better or worse: weights multiply. */
  boost: { when: Cel; weight: number }[];
  about: 'ticket' | 'order' | null;
  limit: { max: number; every: Millis | null; per: 'customer' | 'account' | 'key' }[];
  /** Decimal amount in the workspace's currency, per calendar month. */
  budget: { amount: number; of: 'workspace' | 'group' } | null;
  /** How many may be given away: ever, or per calendar month. */
  inventory: { units: number; per: 'month' | null } | null;
  contentGroup: string | null;
  /** Test variants of its content, by channel; each customer always sees the same one. Channels without are left out. */
  variants: Record<string, string[]>;
  coupon: { percent: number; validFor: Millis; once: Cel } | null;
  task: TaskDef | null;
  /** Of a task: the reasons that the person is shown, each with its condition. */
  reasons: { code: string; when: Cel }[];
  /** Names of traits that its conditions or its content read. */
  reads: string[];
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
  /** Events that other contacts of the account are told of. */
  accountEvents: string[];
  /** Events counted within a time, and the longest such time in days. */
  windows: Record<string, number>;
}
