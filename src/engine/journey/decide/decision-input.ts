import type { Candidate, EnrollmentContext } from '../../../domain/candidate.ts';
import type { ActionDef, Bundle } from '../../../domain/definition.ts';
import type { DecisionFacts, Evaluator, Facts } from '../../../domain/facts.ts';
import type { Enrollment } from '../../../domain/state.ts';
import { bundlePolicy } from '../../policy.ts';
import { createRequest, type DecisionRequest } from '../../request.ts';

/** What a run changes in its copy of the facts: tickets that begin to cool down, effects that it cancels. */
type ChangedFacts = Pick<Facts<'service' | 'contacts' | 'tasks'>, 'tickets' | 'deliveries' | 'tasks'>;

/**
 * What the decisioning was asked about one pool, beside the facts, scores and definitions: with them it can be asked
 * again, and answers the same (I7); or it is asked under other definitions, and answers what would have been.
 */
export interface DecisionInput
  extends Pick<
    DecisionRequest,
    'seed' | 'experimentSubject' | 'stage' | 'quietUntil' | 'actedAlready' | 'tentativeContacts'
  > {
  /** Null: as the decision's facts have it. */
  changedFacts: ChangedFacts | null;
  /** Where each stood. `version`: of the definitions that hold for it. */
  enrollments: (EnrollmentContext & Pick<Enrollment, 'journey' | 'step' | 'version'>)[];
  candidates: (Omit<Candidate, 'enrollment' | 'action'> & { enrollment: string; action: string })[];
}

/** @param standing the enrollments that ask, each with the version of its definitions */
export function captureInput(
  candidates: Candidate[],
  request: DecisionRequest,
  standing: { enrollment: Enrollment; version: number }[],
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
    // Copies: later in the run their states change.
    changedFacts: { tickets: copies(tickets), deliveries: copies(deliveries), tasks: copies(tasks) },
    enrollments: standing.map(
      ({ enrollment: { id, key, enteredAt, entry, vars, journey, step }, version }) => ({
        id,
        key,
        enteredAt,
        entry,
        // Steps set them one by one.
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

function copies<T extends object>(rows: T[]): T[] {
  return rows.map((row) => ({ ...row }));
}

export interface RestoreContext {
  facts: DecisionFacts;
  scores: Record<string, number>;
  now: number;
  evaluate: Evaluator;
  bundle: Bundle;
  /** As the version has it; undefined: it is gone there, and so is its candidate. */
  actionOf(id: string, version: number): ActionDef | undefined;
}

/** Makes the request of a recorded pool again, under the definitions that are given. */
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
