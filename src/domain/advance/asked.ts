import type { Asking, Candidate } from '../candidate.ts';
import type { Evaluate, Facts, Situation } from '../context.ts';
import type { ActionDef, Bundle } from '../definition.ts';
import type { Enrollment } from '../state.ts';

/** What a run changes in its copy of the facts: tickets that begin to cool down, effects that it cancels. */
type Seen = Pick<Facts, 'tickets' | 'deliveries' | 'tasks'>;

/**
 * What the decisioning was asked about one pool, beside the facts, scores and definitions: with them it can be asked
 * again, and answers the same (I7); or it is asked under other definitions, and answers what would have been.
 */
export interface Asked extends Pick<Situation, 'seed' | 'subject' | 'stage' | 'quietUntil' | 'actedAlready'> {
  /** What was planned earlier in the decision among them. Null: as the decision's facts have it. */
  seen: Seen | null;
  /** Where each stood. `version`: of the definitions that hold for it. */
  enrollments: (Asking & Pick<Enrollment, 'journey' | 'step' | 'version'>)[];
  candidates: (Omit<Candidate, 'enrollment' | 'action'> & { enrollment: string; action: string })[];
}

/** @param standing the enrollments that ask, each with the version of its definitions */
export function askedOf(
  candidates: Candidate[],
  { facts, seed, subject, stage, quietUntil, actedAlready }: Situation,
  standing: { enrollment: Enrollment; version: number }[],
): Asked {
  const { tickets, deliveries, tasks } = facts;
  return {
    seed,
    subject,
    stage,
    quietUntil,
    actedAlready,
    // Copies: later in the run their states change.
    seen: { tickets: copies(tickets), deliveries: copies(deliveries), tasks: copies(tasks) },
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

export interface AskAgain {
  facts: Facts;
  scores: Record<string, number>;
  now: number;
  evaluate: Evaluate;
  bundle: Bundle;
  /** As the version has it; undefined: it is gone there, and so is its candidate. */
  actionOf(id: string, version: number): ActionDef | undefined;
}

/** The question as it was put, under the definitions that are given. */
export function askAgain(
  asked: Asked,
  { facts, scores, now, evaluate, bundle, actionOf }: AskAgain,
): { candidates: Candidate[]; situation: Situation } {
  const { seed, subject, stage, quietUntil, actedAlready } = asked;
  const its = { ...facts, ...asked.seen };
  const openTickets = its.tickets.filter((ticket) => ticket.status === 'open');
  const enrollments = new Map(asked.enrollments.map((one) => [one.id, one]));
  const candidates = asked.candidates.flatMap(({ enrollment: id, action: name, ...rest }) => {
    const enrollment = enrollments.get(id);
    const action = enrollment && actionOf(name, enrollment.version);
    return enrollment && action ? [{ ...rest, enrollment, action }] : [];
  });
  const about = { seed, subject, stage, quietUntil, actedAlready };
  return { candidates, situation: { ...about, facts: its, openTickets, bundle, now, evaluate, scores } };
}
