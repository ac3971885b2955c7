import { AUTONOMY, type Autonomy } from '../../domain/definition.ts';
import { buildArmId } from '../../learning/model/arm-id.ts';
import { compareRanked, type RankedCandidate } from './rank.ts';

/** Something that could be chosen: an action on a channel. */
export interface PoolArm {
  /** `{action}/{channel}` */
  id: string;
  /** The candidate that is taken if the arm is chosen: several enrollments may offer the same. */
  representative: RankedCandidate;
}

/** One candidate under `rules_only` makes the whole pool so: its author must be able to predict what happens. */
export function findMostCautious(pool: RankedCandidate[]): Autonomy {
  const ranks = pool.map(({ candidate }) => AUTONOMY.indexOf(candidate.autonomy));
  return AUTONOMY[Math.min(...ranks)] ?? 'rules_only';
}

/**
 * The arms of what is allowed, sorted by id. Under `ai_auto` each channel is an arm of its own. Otherwise, and where
 * an action goes out through all its channels, its first allowed channel represents it.
 */
export function listArms(pool: RankedCandidate[], autonomy: Autonomy): PoolArm[] {
  const arms = new Map<string, RankedCandidate>();
  const offers = new Set<string>();
  for (const entry of [...pool].sort(compareRanked)) {
    const { enrollment, action, channel, deliver } = entry.candidate;
    const offer = JSON.stringify([enrollment.id, action.id]);
    const isFurtherChannel = offers.has(offer);
    offers.add(offer);
    if (isFurtherChannel && (autonomy !== 'ai_auto' || deliver === 'all')) continue;
    const id = buildArmId(action.id, channel);
    if (!arms.has(id)) arms.set(id, entry);
  }
  return [...arms]
    .map(([id, representative]) => ({ id, representative }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The same action for the same enrollment, through whatever channel. */
export function isSameOffer({ candidate: a }: RankedCandidate, { candidate: b }: RankedCandidate): boolean {
  return a.enrollment.id === b.enrollment.id && a.action.id === b.action.id;
}
