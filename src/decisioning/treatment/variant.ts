import type { Candidate } from '../../domain/candidate.ts';
import type { Situation } from '../../domain/context.ts';
import { own } from '../../domain/own.ts';
import { type ArmDef, armOf, WHOLE_SHARE } from '../experiments/assignment.ts';

/**
 * The test variant of its content that this customer sees, always the same one; null where there are none. The
 * experiment is the action's, so that its channels agree where they have the same variants.
 */
export function variantOf(
  { action, channel }: Pick<Candidate, 'action' | 'channel'>,
  { facts, subject }: Pick<Situation, 'facts' | 'subject'>,
): string | null {
  const variants = own(action.variants, channel) ?? [];
  if (variants.length === 0) return null;
  return armOf({ id: `content/${action.id}`, arms: equalArms(variants) }, facts.workspace, subject);
}

/** Equal shares that sum exactly to the whole: the first ones take what is left over. */
export function equalArms(ids: readonly string[]): ArmDef[] {
  const share = Math.floor(WHOLE_SHARE / ids.length);
  const left = WHOLE_SHARE - share * ids.length;
  return ids.map((id, index) => ({ id, share: share + (index < left ? 1 : 0) }));
}
