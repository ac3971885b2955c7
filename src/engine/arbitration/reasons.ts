import type { ArbitrationRecord } from '../../domain/candidate.ts';
import type { ActionClass } from '../../domain/definition.ts';
import { DO_NOTHING } from '../../learning/model/snapshot.ts';

/** Why an action was chosen, in stable words. @param arbitrated that it won; null where none was held */
export function listActionReasons(of: ActionClass, arbitrated: ArbitrationRecord | null): string[] {
  if (of !== 'marketing') return ['highest_class'];
  return [arbitrated ? howOf(arbitrated) : 'highest_score'];
}

/** Why an arbitration ended as it did: `do_nothing` in front where doing nothing won. */
export function listArbitrationReasons(arbitrated: ArbitrationRecord): string[] {
  const how = howOf(arbitrated);
  return arbitrated.chosen === DO_NOTHING ? ['do_nothing', how] : [how];
}

/** A draw may fall on what scores lower: then that is the reason. */
function howOf({ policy, arms, scores, chosen }: ArbitrationRecord): 'highest_score' | 'drawn' | 'explored' {
  if (policy === 'random') return 'explored';
  if (policy === 'rules') return 'highest_score';
  const score = scores[arms.indexOf(chosen)] ?? 0;
  return scores.every((other) => (other ?? 0) <= score) ? 'highest_score' : 'drawn';
}
