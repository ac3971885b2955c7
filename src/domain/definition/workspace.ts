import type { StatusWords } from '../ticket-status.ts';
import type { Millis } from '../time/time.ts';
import type { ActionClass, Autonomy, Cel } from './shared.ts';

export interface WorkspaceDef {
  id: string;
  name: string;
  /** How the pages for customers look: `#rrggbb`; an https address or SVG text. Missing: as pages of no brand do. */
  brand?: { color: string | null; logo: string | null };
  currency: string;
  timezone: string;
  /** Whose national notation of phone numbers is understood (ISO 3166); missing: international notation only. */
  country?: string;
  locales: string[];
  /** Share of customers in the global control group, in hundredths of a percent. */
  holdout: number;
  /** A customer's stage is the first one whose condition holds. */
  stages: { id: string; owner: string; when: Cel | null }[];
  /** What browser keys may state besides behaviour; missing: nothing. */
  browserKeys?: BrowserStatement[];
  /** Topics and snooze lengths that the preference page offers. */
  topics: string[];
  snooze: Millis[];
  tickets: TicketPolicy;
  /** Channels besides `email` and `agent_desk`, which every workspace has. */
  channels: Record<string, ChannelDef>;
  spacing: Millis;
  /** Wake-ups of many customers at the same instant are spread over this time, with a stable delay per customer. */
  spread: Millis;
  caps: CapDef[];
  /** Minutes since local midnight. */
  quiet: { from: number; to: number; classes: ActionClass[] } | null;
  /** Marketing stops for customers who have been inactive for so long. */
  sunset: { after: Millis } | null;
  /** Answers to mails that this server counts itself. */
  tracking: { clicks: boolean; opens: boolean };
  /** Personalisation level, 0…3, of customers who have not chosen one. */
  personalisation: number;
  /** Lifetime spend, in minor units, at which `scores.value` reads 0.5. */
  valueHalf: number;
  /** The default for steps and placements that do not set it. */
  autonomy: Autonomy;
  arbitration: ArbitrationDef;
  /** Conditions of the ideal customer. The weighted share that holds is `scores.type`. */
  ideal: { id: string; when: Cel; weight: number }[];
  /** How the value of a customer is computed. */
  worth: WorthDef;
  /** Pauses marketing actions whose customers fare worse than the control group; null: no guardrail. */
  guardrails: GuardrailDef | null;
  /**
   * Send-time optimisation. `fallback`: minutes since local midnight for customers without a known hour (null: at
   * once). `explore`: share of 10,000 that is sent at a random hour.
   */
  sendTime: { fallback: number | null; explore: number };
  sender: { name: string; email: string };
}

/** How marketing actions compete with each other and with doing nothing. */
export interface ArbitrationDef {
  /** `uplift`: by the gain over doing nothing. `pcvl`: by propensity × context × value × lever. */
  mode: 'uplift' | 'pcvl';
  /** Factors that are left out of the score. */
  off: FactorName[];
  /** Cost of each contact within the last week, in minor units of the workspace's currency. */
  fatigue: number;
  /** Share of customers, of 10,000, whose decisions of a month are drawn uniformly from all allowed arms. */
  explore: number;
}

export const FACTORS = ['propensity', 'value', 'context', 'lever', 'cost', 'fatigue'] as const;
export type FactorName = (typeof FACTORS)[number];

export interface WorthDef {
  /** Share of an order's amount that is profit, 0…1. */
  margin: number;
  /** Yearly discount rate on later profit, 0…1. */
  discount: number;
  /** Horizon of the forecast. */
  horizonWeeks: number;
  /** Weights of the parts of the value thermometer. */
  weights: { future: number; margin: number; advocacy: number; engagement: number };
  /** From which reading, 0…100, the thermometer is warm and hot. */
  warm: number;
  hot: number;
}

export const HARMS = ['unsubscribe', 'complaint', 'ticket', 'refund'] as const;
export type Harm = (typeof HARMS)[number];

export interface GuardrailDef {
  harms: Harm[];
  /** Accepted odds ratio against the control group: 1.1 accepts a tenth more. */
  tolerance: number;
  /** How long after a contact a harm is attributed to it. */
  within: Millis;
}

export interface TicketPolicy {
  suppress: ActionClass[];
  /**
   * What a ticket suppresses: actions for its customer, for all members of the account, or only those on its product.
   */
  scope: 'customer' | 'account' | 'product';
  cooldown: Millis;
  /** `Ticket Overdue` is published once for a ticket that is open for longer. The ticket goes on suppressing. */
  maxAge: Millis;
  /** The help desk's own words for the states of tickets. */
  status?: StatusWords;
  /** Overrides for tickets of a severity; null: as in the policy. */
  severity: Record<string, { suppress: ActionClass[] | null; cooldown: Millis | null }>;
}

/** The connector of a channel, and the trait that it is addressed by. */
export interface ChannelDef {
  via: 'email' | 'webhook' | 'desk';
  /** Trait with the address; null: customers are addressed by id. */
  address: string | null;
}

/** A cap: at most `max` contacts in a sliding window. */
export interface CapDef {
  max: number;
  per: Millis;
  /** The channel that is counted; null: all. */
  channel: string | null;
  /** The purpose that is counted; null: all purposes of marketing. */
  purpose: string | null;
  /** Across whom contacts are counted. */
  of: CapScope;
}

export const CAP_SCOPES = ['customer', 'account', 'workspace', 'group'] as const;
export type CapScope = (typeof CAP_SCOPES)[number];

/**
 * What an event must not state with a browser key, which everybody can read, unless the workspace permits it: whole
 * events about tickets, orders, payments and accounts, and changes of known addresses and consents.
 */
export const BROWSER_STATEMENTS = [
  'tickets',
  'orders',
  'payments',
  'groups',
  'addresses',
  'consents',
] as const;
export type BrowserStatement = (typeof BROWSER_STATEMENTS)[number];
