import type { ActionClass, ActionDef, Autonomy } from './definition.ts';
import type { Enrollment } from './state.ts';
import type { Instant, Millis } from './time/time.ts';

/** The channel of actions that a person carries out. */
export const AGENT_DESK = 'agent_desk';

/** Id of what asks in a decision on the spot: no enrollment does. */
export const REALTIME = 'realtime';

/** One rule's answer about one candidate. Every rule answers, so every reason is known (I6). */
export interface GateVerdict {
  gate: string;
  /**
   * Where in the definitions the rule stands: `tickets` or `caps[1]` of the workspace, `group.caps[0]` of its group,
   * `eligible` or `limit[0]` of the action. Missing where nothing is defined, and in decisions of earlier builds.
   */
  rule?: string;
  pass: boolean;
  /** Stable, lower_snake: `ticket_open`, `consent_missing`… Present when blocked. */
  code?: string;
  observed?: unknown;
  needed?: unknown;
  /** When time alone lifts it. */
  liftsAt?: Instant | null;
  /** The kind of event that lifts it. */
  liftsOn?: string | null;
}

/** What a gate may know of the enrollment that asks. */
export type EnrollmentContext = Pick<Enrollment, 'id' | 'key' | 'enteredAt' | 'entry' | 'vars'>;

/** An action on a channel that an enrollment standing at a decide step could take. */
export interface Candidate {
  enrollment: EnrollmentContext;
  action: ActionDef;
  /** `agent_desk` for actions carried out by a person. */
  channel: string;
  /** Id of the ticket or order that it is about: what the step says, else the enrollment's key. */
  subject: string | null;
  /** Position in the step's list, which breaks ties. */
  order: number;
  /** Who decides at its step or placement. */
  autonomy: Autonomy;
  /** `all`: if chosen, it goes out through every channel that is allowed. */
  deliver: 'one' | 'all';
  /** At its claim: what was reserved for it when it was decided, in minor units. */
  reservedCost?: number;
}

/** A candidate after the gates and the ranking, as the decision keeps it. */
export interface JudgedCandidate {
  enrollmentId: string;
  action: string;
  class: ActionClass;
  channel: string;
  verdict: 'chosen' | 'allowed' | 'outranked' | 'blocked';
  score: number;
  propensity: number;
  gates: GateVerdict[];
  /** How the model weighed it; missing where rules decided. */
  scoreParts?: ScoreParts;
}

/** A score taken apart: value × context × lever × (expected − without it) − cost − fatigue. Money in minor units. */
export interface ScoreParts {
  /** Expected reward: a probability, or an amount. */
  expected: number;
  /** The same when nothing is done; 0 where it isn't subtracted. */
  baseline: number;
  value: number;
  context: number;
  lever: number;
  cost: number;
  fatigue: number;
  /** What the model's evidence about it is worth, in observations made just now. */
  evidence: number;
  /** Whether the model has ever learned of it. */
  hasEvidence: boolean;
}

/**
 * One arbitration among marketing actions, kept whole, so that it can be explained, learned from and judged later. Arms,
 * distribution and scores go in step; an arm is `action/channel`, or `∅`.
 */
export interface ArbitrationRecord {
  /** `random`: this customer explores this month. */
  policy: 'rules' | 'thompson' | 'square_cb' | 'random';
  autonomy: Autonomy;
  /** Version of the model that was asked; null if none was. */
  modelVersion: number | null;
  /** Fingerprint of the features, and the features. They are kept also where rules decide, since that teaches too. */
  featureSchema: string;
  features: number[];
  arms: string[];
  distribution: number[];
  scores: (number | null)[];
  chosen: string;
  propensity: number;
  /** What has to be waited for, to know whether it was right: one entry for an action, one per kind of reward for ∅. */
  rewards: AwaitedReward[];
  /** What was left out, and why. */
  exclusions: { code: string; subject: string }[];
}

export interface AwaitedReward {
  /** What learns from it: the arm, or `∅:{kind of reward}`. */
  arm: string;
  /** The action whose reward it is: the definition of what counts stands there. */
  action: string;
  /** Null for ∅: nothing has to leave first. */
  channel: string | null;
  enrollmentId: string;
  /** The enrollment's key, for rewards that match by it. */
  key: string | null;
  /** How long outcomes count. */
  within: Millis;
}

/** What the decisioning answers about one pool: who was judged how, and which candidate each enrollment takes. */
export interface Choice {
  judgedCandidates: JudgedCandidate[];
  chosen: Candidate[];
  /** "Do nothing" won among the allowed marketing candidates. */
  endedByDoingNothing: string[];
  /** Null where no marketing action competed. */
  arbitration: ArbitrationRecord | null;
}
