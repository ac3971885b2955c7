import type { Arbitrated } from '../../domain/candidate.ts';
import type { ActionClass } from '../../domain/definition.ts';
import { NOTHING } from '../learning/model.ts';

/** Why an action was chosen, in stable words. @param arbitrated that it won; null where none was held */
export function reasonsOf(of: ActionClass, arbitrated: Arbitrated | null): string[] {
  if (of !== 'marketing') return ['highest_class'];
  return [arbitrated ? howOf(arbitrated) : 'highest_score'];
}

/** Why an arbitration ended as it did: `do_nothing` in front where doing nothing won. */
export function reasonsFor(arbitrated: Arbitrated): string[] {
  const how = howOf(arbitrated);
  return arbitrated.chosen === NOTHING ? ['do_nothing', how] : [how];
}

/** A draw may fall on what scores lower: then that is the reason. */
function howOf({ policy, arms, scores, chosen }: Arbitrated): 'highest_score' | 'drawn' | 'explored' {
  if (policy === 'random') return 'explored';
  if (policy === 'rules') return 'highest_score';
  const score = scores[arms.indexOf(chosen)] ?? 0;
  return scores.every((other) => (other ?? 0) <= score) ? 'highest_score' : 'drawn';
}
