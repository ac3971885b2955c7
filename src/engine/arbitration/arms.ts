import { AUTONOMY, type Autonomy } from '../../domain/definition.ts';
import { buildArmId } from '../../learning/model/arm-id.ts';
import { compareRanked, type RankedCandidate } from './rank.ts';

/** Something that could be chosen: an action on a channel. */
export interface PoolArm {
  /** `{action}/{channel}` */
  id: string;
  /** Whose enrollment takes it, should it be chosen: several may offer the same. */
  representative: RankedCandidate;
}

/** Whoever wrote `rules_only` must be able to predict what happens, whoever competes. */
export function findMostCautious(pool: RankedCandidate[]): Autonomy {
  const ranks = pool.map(({ candidate }) => AUTONOMY.indexOf(candidate.autonomy));
  return AUTONOMY[Math.min(...ranks)] ?? 'rules_only';
}

/**
 * The arms of what is allowed, sorted by id. Under `ai_auto` each channel is one of its own; else, and where an action
 * goes out through all its channels, its first allowed channel stands for it.
 */
export function listArms(pool: RankedCandidate[], autonomy: Autonomy): PoolArm[] {
  const arms = new Map<string, RankedCandidate>();
  const offers = new Set<string>();
  for (const one of [...pool].sort(compareRanked)) {
    const { enrollment, action, channel, deliver } = one.candidate;
    const offer = JSON.stringify([enrollment.id, action.id]);
    const further = offers.has(offer);
    offers.add(offer);
    if (further && (autonomy !== 'ai_auto' || deliver === 'all')) continue;
    const id = buildArmId(action.id, channel);
    if (!arms.has(id)) arms.set(id, one);
  }
  return [...arms]
    .map(([id, first]) => ({ id, representative: first }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The same action for the same enrollment, through whatever channel. */
export function isSameOffer({ candidate: a }: RankedCandidate, { candidate: b }: RankedCandidate): boolean {
  return a.enrollment.id === b.enrollment.id && a.action.id === b.action.id;
}
