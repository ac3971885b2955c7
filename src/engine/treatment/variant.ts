import type { Candidate } from '../../domain/candidate.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { assignArm, type ExperimentArm, WHOLE_SHARE } from '../../statistics/experiments/assignment.ts';
import type { DecisionRequest } from '../request.ts';

/**
 * The test variant of its content that this customer sees, always the same one; null where there are none. The
 * experiment is the action's, so that its channels agree where they have the same variants.
 */
export function assignVariant(
  { action, channel }: Pick<Candidate, 'action' | 'channel'>,
  { facts, experimentSubject: subject }: Pick<DecisionRequest, 'facts' | 'experimentSubject'>,
): string | null {
  const variants = getOwn(action.variants, channel) ?? [];
  if (variants.length === 0) return null;
  return assignArm({ id: `content/${action.id}`, arms: splitEqually(variants) }, facts.workspace, subject);
}

/** Equal shares that sum exactly to the whole: the first ones take what is left over. */
export function splitEqually(ids: readonly string[]): ExperimentArm[] {
  const share = Math.floor(WHOLE_SHARE / ids.length);
  const left = WHOLE_SHARE - share * ids.length;
  return ids.map((id, index) => ({ id, share: share + (index < left ? 1 : 0) }));
}
