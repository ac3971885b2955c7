import type { DecisionFacts, Facts } from '../../domain/facts.ts';
import type { DecisionInput } from '../../engine/journey/decide/decision-input.ts';

/** What is declared about attributes follows from the bundle's version, which stands in the decision. */
export type RecordedFacts = Omit<DecisionFacts, 'attributes'>;

/** What a decision rested on, as it is kept: with the bundle and the model that it names, it can be made again. */
export interface DecisionContext {
  /** As the first pool saw them. */
  facts: RecordedFacts;
  scores: Record<string, number>;
  /** Version of the scores' fit; null before the first. */
  fit: number | null;
  /** The pools, in their order. Decisions of earlier builds didn't keep them. */
  inputs?: DecisionInput[];
}

/** Null where nothing was asked. */
export function buildDecisionContext(
  facts: Facts,
  { inputs, scores, fit }: { inputs: DecisionInput[]; scores: Record<string, number>; fit: number | null },
): DecisionContext | null {
  const [first, ...further] = inputs;
  if (!first) return null;
  const seen = toRecordedFacts({ ...facts, ...first.changedFacts });
  return { facts: seen, scores, fit, inputs: [{ ...first, changedFacts: null }, ...further] };
}

export function toRecordedFacts({ attributes: _, ...facts }: DecisionFacts): RecordedFacts {
  return facts;
}
