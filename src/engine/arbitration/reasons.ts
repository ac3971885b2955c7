import type { ArbitrationRecord } from '../../domain/candidate.ts';
import type { ActionClass } from '../../domain/definition.ts';
import { DO_NOTHING } from '../../learning/model/snapshot.ts';

/** Why an action was chosen, in stable words. @param arbitration that it won; null where none was held */
export function listActionReasons(actionClass: ActionClass, arbitration: ArbitrationRecord | null): string[] {
  if (actionClass !== 'marketing') return ['highest_class'];
  return [arbitration ? reasonOf(arbitration) : 'highest_score'];
}

/** Why an arbitration ended as it did: `do_nothing` in front where doing nothing won. */
export function listArbitrationReasons(arbitration: ArbitrationRecord): string[] {
  const reason = reasonOf(arbitration);
  return arbitration.chosen === DO_NOTHING ? ['do_nothing', reason] : [reason];
}

/** `drawn`: the draw fell on an arm that does not score highest. */
function reasonOf({
  policy,
  arms,
  scores,
  chosen,
}: ArbitrationRecord): 'highest_score' | 'drawn' | 'explored' {
  if (policy === 'random') return 'explored';
  if (policy === 'rules') return 'highest_score';
  const score = scores[arms.indexOf(chosen)] ?? 0;
  return scores.every((other) => (other ?? 0) <= score) ? 'highest_score' : 'drawn';
}
