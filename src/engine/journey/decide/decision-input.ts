import type { Candidate, EnrollmentContext } from '../../../domain/candidate.ts';
import type { ActionDef, Bundle } from '../../../domain/definition.ts';
import type { DecisionRequest, Evaluator, Facts } from '../../../domain/facts.ts';
import type { Enrollment } from '../../../domain/state.ts';

/** What a run changes in its copy of the facts: tickets that begin to cool down, effects that it cancels. */
type Seen = Pick<Facts, 'tickets' | 'deliveries' | 'tasks'>;

/**
 * What the decisioning was asked about one pool, beside the facts, scores and definitions: with them it can be asked
 * again, and answers the same (I7); or it is asked under other definitions, and answers what would have been.
 */
export interface DecisionInput
  extends Pick<DecisionRequest, 'seed' | 'experimentSubject' | 'stage' | 'quietUntil' | 'actedAlready'> {
  /** What was planned earlier in the decision among them. Null: as the decision's facts have it. */
  changedFacts: Seen | null;
  /** Where each stood. `version`: of the definitions that hold for it. */
  enrollments: (EnrollmentContext & Pick<Enrollment, 'journey' | 'step' | 'version'>)[];
  candidates: (Omit<Candidate, 'enrollment' | 'action'> & { enrollment: string; action: string })[];
}

/** @param standing the enrollments that ask, each with the version of its definitions */
export function captureInput(
  candidates: Candidate[],
  { facts, seed, experimentSubject: subject, stage, quietUntil, actedAlready }: DecisionRequest,
  standing: { enrollment: Enrollment; version: number }[],
): DecisionInput {
  const { tickets, deliveries, tasks } = facts;
  return {
    seed,
    experimentSubject: subject,
    stage,
    quietUntil,
    actedAlready,
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
  facts: Facts;
  scores: Record<string, number>;
  now: number;
  evaluate: Evaluator;
  bundle: Bundle;
  /** As the version has it; undefined: it is gone there, and so is its candidate. */
  actionOf(id: string, version: number): ActionDef | undefined;
}

/** The question as it was put, under the definitions that are given. */
export function restoreInput(
  asked: DecisionInput,
  { facts, scores, now, evaluate, bundle, actionOf }: RestoreContext,
): { candidates: Candidate[]; situation: DecisionRequest } {
  const { seed, experimentSubject: subject, stage, quietUntil, actedAlready } = asked;
  const its = { ...facts, ...asked.changedFacts };
  const openTickets = its.tickets.filter((ticket) => ticket.status === 'open');
  const enrollments = new Map(asked.enrollments.map((one) => [one.id, one]));
  const candidates = asked.candidates.flatMap(({ enrollment: id, action: name, ...rest }) => {
    const enrollment = enrollments.get(id);
    const action = enrollment && actionOf(name, enrollment.version);
    return enrollment && action ? [{ ...rest, enrollment, action }] : [];
  });
  const about = { seed, experimentSubject: subject, stage, quietUntil, actedAlready };
  return { candidates, situation: { ...about, facts: its, openTickets, bundle, now, evaluate, scores } };
}
