import type { Candidate, EnrollmentContext } from '../../../domain/candidate.ts';
import type { ActionDef, Bundle } from '../../../domain/definition.ts';
import type { DecisionFacts, Evaluator, Facts } from '../../../domain/facts.ts';
import type { Enrollment } from '../../../domain/state.ts';
import { bundlePolicy } from '../../policy.ts';
import { createRequest, type DecisionRequest } from '../../request.ts';

/** The facts that a run updates: tickets that begin to cool down, effects that it cancels. */
type ChangedFacts = Pick<Facts<'service' | 'contacts' | 'tasks'>, 'tickets' | 'deliveries' | 'tasks'>;

/**
 * The input of one pool's decision, apart from facts, scores and definitions. Together with these the decision can be
 * repeated with the same result (I7), or replayed under other definitions to see what would have been decided.
 */
export interface DecisionInput
  extends Pick<
    DecisionRequest,
    'seed' | 'experimentSubject' | 'stage' | 'quietUntil' | 'actedAlready' | 'tentativeContacts'
  > {
  /** Null: as in the decision's facts. */
  changedFacts: ChangedFacts | null;
  /** The deciding enrollments. `version`: of the bundle that each follows. */
  enrollments: (EnrollmentContext & Pick<Enrollment, 'journey' | 'step' | 'version'>)[];
  candidates: (Omit<Candidate, 'enrollment' | 'action'> & { enrollment: string; action: string })[];
}

/** @param enrollments the deciding ones, each with the version of the bundle that it follows */
export function captureInput(
  candidates: Candidate[],
  request: DecisionRequest,
  enrollments: { enrollment: Enrollment; version: number }[],
): DecisionInput {
  const { seed, experimentSubject, stage, quietUntil, actedAlready, tentativeContacts } = request;
  const { tickets, deliveries, tasks } = request.facts;
  return {
    seed,
    experimentSubject,
    stage,
    quietUntil,
    actedAlready,
    tentativeContacts: tentativeContacts.map(({ enrollmentId, action, class: actionClass, ...contact }) => ({
      enrollmentId,
      action,
      class: actionClass,
      purpose: contact.purpose,
      channel: contact.channel,
      key: contact.key,
      at: contact.at,
    })),
    // Copies, since the run changes their states later.
    changedFacts: { tickets: copyRows(tickets), deliveries: copyRows(deliveries), tasks: copyRows(tasks) },
    enrollments: enrollments.map(
      ({ enrollment: { id, key, enteredAt, entry, vars, journey, step }, version }) => ({
        id,
        key,
        enteredAt,
        entry,
        // A copy, since later steps set variables.
        vars: { ...vars },
        journey,
        step,
        version,
      }),
    ),
    candidates: candidates.map(({ enrollment, action, ...rest }) => ({
      ...rest,
      enrollment: enrollment.id,
      action: action.id,
    })),
  };
}

function copyRows<T extends object>(rows: T[]): T[] {
  return rows.map((row) => ({ ...row }));
}

export interface RestoreContext {
  facts: DecisionFacts;
  scores: Record<string, number>;
  now: number;
  evaluate: Evaluator;
  bundle: Bundle;
  /** The action in that version; undefined if it is gone there, which drops its candidates. */
  actionOf(id: string, version: number): ActionDef | undefined;
}

/** Rebuilds the request of a recorded pool under the given definitions. */
export function restoreInput(
  input: DecisionInput,
  { facts, scores, now, evaluate, bundle, actionOf }: RestoreContext,
): { candidates: Candidate[]; request: DecisionRequest } {
  const { seed, experimentSubject, stage, quietUntil, actedAlready, tentativeContacts } = input;
  const enrollments = new Map(input.enrollments.map((enrollment) => [enrollment.id, enrollment]));
  const candidates = input.candidates.flatMap(({ enrollment: id, action: name, ...rest }) => {
    const enrollment = enrollments.get(id);
    const action = enrollment && actionOf(name, enrollment.version);
    return enrollment && action ? [{ ...rest, enrollment, action }] : [];
  });
  const request = createRequest({
    purpose: 'what_if',
    policy: bundlePolicy(bundle),
    facts: { ...facts, ...input.changedFacts },
    bundle,
    now,
    evaluate,
    scores,
    seed,
    experimentSubject,
    stage,
    quietUntil,
    actedAlready,
    tentativeContacts,
  });
  return { candidates, request };
}
