import type { Candidate, Choice } from '../domain/candidate.ts';
import type { Bundle } from '../domain/definition.ts';
import type { DecisionSlice, Evaluator, FactSlice, Facts, ServiceFacts } from '../domain/facts.ts';
import type { Ticket } from '../domain/ticket.ts';
import { findCoolDownEnd } from '../domain/ticket-suppression.ts';
import type { Instant } from '../domain/time/time.ts';
import { computeScores } from '../learning/scores/compute-scores.ts';
import type { FittedScores } from '../learning/scores/types.ts';
import type { TentativeContact } from './contact.ts';
import type { DecisionPolicy } from './policy.ts';

/**
 * What a decision is for:
 * - `journey`: a customer's workflow asks what comes next; the answer is carried out.
 * - `claim`: an effect that was decided before is about to begin; the gates are asked once more.
 * - `realtime`: a page, chat bot or telephone menu asks what to show now.
 * - `preview`: an operator asks what stands in an action's way; nothing is carried out.
 * - `what_if`: a recorded decision is replayed, under its own definitions or others.
 */
export type Purpose = 'journey' | 'claim' | 'realtime' | 'preview' | 'what_if';

/**
 * All that gates and arbitration read beside the candidates. The same request gives the same answer: it holds the
 * clock and the seed. A function that reads fewer slices of the facts says so: `DecisionRequest<'permissions'>`.
 */
export interface DecisionRequest<Loaded extends FactSlice = DecisionSlice> {
  purpose: Purpose;
  policy: DecisionPolicy;
  facts: Facts<Loaded>;
  /** Contacts that this decision has chosen already. They are no rows yet, and count like rows. */
  tentativeContacts: TentativeContact[];
  bundle: Bundle;
  openTickets: Ticket[];
  /** End of the latest cool-down after a ticket, or null. */
  quietUntil: Instant | null;
  now: Instant;
  evaluate: Evaluator;
  scores: Record<string, number>;
  /** The customer's stage in the whole life; null: none, or not loaded for this purpose. */
  stage: string | null;
  /** Something was already chosen in this decision: marketing waits. */
  actedAlready: boolean;
  /** The customer id that assigns experiments: after a merge that of the record known longest. */
  experimentSubject: string;
  /** Names this decision: the same seed draws the same. */
  seed: string;
}

/** What a purpose has to say; the rest of a request has a default. */
export type RequestInput = Pick<
  DecisionRequest,
  'purpose' | 'policy' | 'facts' | 'bundle' | 'now' | 'evaluate' | 'scores'
> &
  Partial<DecisionRequest>;

/**
 * Makes a request. By default nothing was chosen before, tickets are as the facts have them, experiments go by the
 * customer's own id, and the seed is empty, since gates alone draw nothing.
 */
export function createRequest(input: RequestInput): DecisionRequest {
  const { facts, bundle, now } = input;
  return {
    tentativeContacts: [],
    openTickets: listOpenTickets(facts),
    quietUntil: findCoolDownEnd(bundle.workspace.tickets, facts.tickets, now),
    stage: null,
    actedAlready: false,
    experimentSubject: facts.customerId,
    seed: '',
    ...input,
  };
}

/** A request whose scores are computed from its facts. @param fitted last night's fit; null before the first night */
export function createScoredRequest({
  fitted,
  ...input
}: Omit<RequestInput, 'scores'> & { fitted: FittedScores | null }): DecisionRequest {
  const { facts, bundle, now, evaluate } = input;
  return createRequest({ ...input, scores: computeScores({ facts, bundle, fitted, now, evaluate }) });
}

function listOpenTickets({ tickets }: ServiceFacts): Ticket[] {
  return tickets.filter((ticket) => ticket.status === 'open');
}

/** Judges candidates and picks among them (`choose.ts`). */
export type Chooser = (candidates: Candidate[], request: DecisionRequest) => Choice;
