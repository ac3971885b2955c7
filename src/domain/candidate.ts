import type { ActionClass, ActionDef } from './definition.ts';
import type { Enrollment } from './state.ts';
import type { Instant } from './time.ts';

/** The channel of what a person does. */
export const DESK = 'agent_desk';

/** One rule's answer about one candidate. Every rule answers, so every reason is known (I6). */
export interface Verdict {
  gate: string;
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
export type Asking = Pick<Enrollment, 'id' | 'key' | 'enteredAt' | 'entry' | 'vars'>;

/** An action on a channel that an enrollment standing at a decide step could take. */
export interface Candidate {
  enrollment: Asking;
  action: ActionDef;
  /** `agent_desk` for actions carried out by a person. */
  channel: string;
  /** Id of the ticket or order that it is about: what the step says, else the enrollment's key. */
  subject: string | null;
  /** Position in the step's list; breaks ties. */
  order: number;
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
  gates: Verdict[];
}

/** What the decisioning answers about one pool: who was judged how, and which candidate each enrollment takes. */
export interface Choice {
  judged: JudgedCandidate[];
  chosen: Candidate[];
  /** "Do nothing" won among the allowed marketing candidates. */
  nothing: string[];
}
