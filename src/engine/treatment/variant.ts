import type { Candidate } from '../../domain/candidate.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { assignArm, type ExperimentArm, WHOLE_SHARE } from '../../statistics/experiments/assignment.ts';
import type { DecisionRequest } from '../request.ts';

/**
 * Assigns the test variant of the content: always the same one to a customer; null where there are none. The experiment
 * belongs to the action, so that its channels agree where they have the same variants.
 */
export function assignVariant(
  { action, channel }: Pick<Candidate, 'action' | 'channel'>,
  { facts, experimentSubject }: Pick<DecisionRequest, 'facts' | 'experimentSubject'>,
): string | null {
  const variants = getOwn(action.variants, channel) ?? [];
  if (variants.length === 0) return null;
  return assignArm(
    { id: `content/${action.id}`, arms: splitEqually(variants) },
    facts.workspace,
    experimentSubject,
  );
}

/** Equal shares that sum exactly to the whole: the first arms take the remainder. */
export function splitEqually(ids: readonly string[]): ExperimentArm[] {
  const share = Math.floor(WHOLE_SHARE / ids.length);
  const remainder = WHOLE_SHARE - share * ids.length;
  return ids.map((id, index) => ({ id, share: share + (index < remainder ? 1 : 0) }));
}
