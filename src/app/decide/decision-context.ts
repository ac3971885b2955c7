import { writeContext } from '../../../db/decisions/record/decision-record.ts';
import type { DecisionFacts, Facts } from '../../domain/facts.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { DecisionInput } from '../../engine/journey/decide/decision-input.ts';
import type { JourneyChange } from '../../engine/journey/journey-change.ts';

/** Without the declarations of attributes and events: the bundle has them, and the decision names its version. */
export type RecordedFacts = Omit<DecisionFacts, 'attributes' | 'eventTypes'>;

/** The recorded context of a decision: with the bundle and the model that it names, the decision can be replayed. */
export interface DecisionContext {
  /** As the first pool read them. */
  facts: RecordedFacts;
  scores: Record<string, number>;
  /** Version of the scores' fit; null before the first. */
  fit: number | null;
  /** One for each pool, in their order. Decisions of earlier builds have none. */
  inputs?: DecisionInput[];
}

/** Null where no pool was decided. */
export function buildDecisionContext(
  facts: Facts,
  { inputs, scores, fit }: { inputs: DecisionInput[]; scores: Record<string, number>; fit: number | null },
): DecisionContext | null {
  const [first, ...further] = inputs;
  if (!first) return null;
  const recorded = toRecordedFacts({ ...facts, ...first.changedFacts });
  const others = further.map((input) => ({
    ...input,
    changedFacts: input.changedFacts && {
      ...input.changedFacts,
      tickets: input.changedFacts.tickets.map(withoutOthersWords),
    },
  }));
  return { facts: recorded, scores, fit, inputs: [{ ...first, changedFacts: null }, ...others] };
}

/** Largest context that is recorded, as JSON. A decision of a customer with very many records has a larger one. */
const MOST_CHARACTERS = 512 * 1024;

/**
 * The context, and no change; or null and the change that says so, where it is too large to be recorded with each
 * decision. Then the decision is explained by its verdicts, and cannot be replayed.
 */
export function limitContext<T>(context: T | null): { context: T | null; unrecorded: JourneyChange[] } {
  const size = context === null ? 0 : writeContext(context).length;
  if (size <= MOST_CHARACTERS) return { context, unrecorded: [] };
  return { context: null, unrecorded: [{ kind: 'not_recorded', size }] };
}

/** What other customers wrote about their tickets is not recorded: it would outlive their erasure. */
export function toRecordedFacts({ attributes: _, eventTypes: __, ...facts }: DecisionFacts): RecordedFacts {
  return { ...facts, tickets: facts.tickets.map(withoutOthersWords) };
}

function withoutOthersWords(ticket: Ticket): Ticket {
  return ticket.ownerId === null ? ticket : { ...ticket, subject: '' };
}
