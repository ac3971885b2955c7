import type { ActionClass, ActionDef, Autonomy } from './definition.ts';
import type { Enrollment } from './state.ts';
import type { Instant, Millis } from './time/time.ts';

/** The channel of actions that a person carries out. */
export const AGENT_DESK = 'agent_desk';

/** The arm of doing nothing. It learns its own base rate; no action can have this id. */
export const DO_NOTHING = '∅';

/** Id in place of an enrollment's in a real-time decision, which belongs to no enrollment. */
export const REALTIME = 'realtime';

/** The verdict of one gate on one candidate. Every gate is asked, so that every reason is recorded (I6). */
export interface GateVerdict {
  gate: string;
  /**
   * Where the rule is defined: `tickets` or `caps[1]` of the workspace, `group.caps[0]` of its group,
   * `eligible` or `limit[0]` of the action. Missing where nothing is defined, and in decisions of earlier builds.
   */
  rule?: string;
  pass: boolean;
  /** Stable, lower_snake: `ticket_open`, `consent_missing`… Present when blocked. */
  code?: string;
  observed?: unknown;
  needed?: unknown;
  /** When time alone lifts the block; null or absent if time does not. */
  liftsAt?: Instant | null;
  /** Name of the event that may lift the block. */
  liftsOn?: string | null;
}

/** Why a delivery was held when it was due. */
export interface ClaimRefusal {
  /** Of the first verdict. */
  code: string | undefined;
  liftsAt: Instant | null;
  refusals: GateVerdict[];
}

/** The part of an enrollment that gates and conditions read. */
export type EnrollmentContext = Pick<Enrollment, 'id' | 'key' | 'enteredAt' | 'entry' | 'vars'>;

/** An action on a channel that an enrollment at a decide step could take. */
export interface Candidate {
  enrollment: EnrollmentContext;
  action: ActionDef;
  /** `agent_desk` for actions carried out by a person. */
  channel: string;
  /** Id of the ticket or order that it is about: the step's `about`, otherwise the enrollment's key. */
  subject: string | null;
  /** Position in the step's list, which breaks ties. */
  order: number;
  /** Whether rules or the model decide at its step or placement. */
  autonomy: Autonomy;
  /** `all`: if chosen, it goes out through every channel that is allowed. */
  deliver: 'one' | 'all';
  /** At its claim: the cost that the decision reserved, in minor units. */
  reservedCost?: number;
}

/** A candidate after gates and arbitration, as the decision records it. */
export interface JudgedCandidate {
  enrollmentId: string;
  action: string;
  class: ActionClass;
  channel: string;
  verdict: 'chosen' | 'allowed' | 'outranked' | 'blocked';
  score: number;
  propensity: number;
  gates: GateVerdict[];
  /** The terms of the model's score; missing where rules decided. */
  scoreParts?: ScoreParts;
}

/** The terms of a score: value × context × lever × (expected − baseline) − cost − fatigue. Money in minor units. */
export interface ScoreParts {
  /** Expected reward: a probability, or an amount. */
  expected: number;
  /** Expected reward of doing nothing; 0 where it is not subtracted. */
  baseline: number;
  value: number;
  context: number;
  lever: number;
  cost: number;
  fatigue: number;
  /** Weight of the model's evidence about the arm, in observations of the same moment. */
  evidence: number;
  /** Whether the model has learned from the arm at all. */
  hasEvidence: boolean;
}

/**
 * One arbitration among marketing actions, complete, so that it can be explained, learned from and evaluated later.
 * `arms`, `distribution` and `scores` have the same order. An arm is `action/channel`, or `∅` for doing nothing.
 */
export interface ArbitrationRecord {
  /** `random`: the customer is in this month's exploration share. */
  policy: 'rules' | 'thompson' | 'square_cb' | 'random';
  autonomy: Autonomy;
  /** Version of the model that scored the arms; null if none did. */
  modelVersion: number | null;
  /** Fingerprint of the list of features. Features are recorded where rules decide, too: the model learns from it. */
  featureSchema: string;
  features: number[];
  arms: string[];
  distribution: number[];
  scores: (number | null)[];
  chosen: string;
  propensity: number;
  /** The rewards to wait for: one for an action, one per kind of reward for `∅`. */
  rewards: AwaitedReward[];
  /** What was left out of the arbitration, and why. */
  exclusions: { code: string; subject: string }[];
}

export interface AwaitedReward {
  /** The arm that learns from it, or `∅:{kind of reward}`. */
  arm: string;
  /** The action that defines the reward. */
  action: string;
  /** Null for `∅`, which sends nothing. */
  channel: string | null;
  enrollmentId: string;
  /** The enrollment's key, for rewards that match by it. */
  key: string | null;
  /** How long after the decision outcomes count. */
  within: Millis;
}

/** The result of choosing among the candidates of one pool. */
export interface Choice {
  judgedCandidates: JudgedCandidate[];
  chosen: Candidate[];
  /** Ids of enrollments whose step ends because doing nothing won among their marketing candidates. */
  endedByDoingNothing: string[];
  /** Null where no marketing action competed. */
  arbitration: ArbitrationRecord | null;
}
