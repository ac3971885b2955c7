import type { Autonomy } from '../../domain/definition.ts';
import { DO_NOTHING } from '../../learning/model/snapshot.ts';
import type { Arbitration } from '../../learning/policy/arbitration.ts';
import { drawIndex } from '../../learning/policy/draw-index.ts';
import { createStream } from '../../maths/stream.ts';
import type { PolicyOutcome } from './policy-outcome.ts';

/**
 * Draws from all arms with the same probability; doing nothing is one of them where autonomy allows it. The scores are
 * kept as the model gave them.
 */
export function uniformPolicy(result: Arbitration, autonomy: Autonomy, seed: string): PolicyOutcome {
  const byArm = new Map(
    result.arms.map((id, i) => [id, { score: result.scores[i], parts: result.parts[i] }]),
  );
  const actions = result.arms.filter((id) => id !== DO_NOTHING);
  const arms = autonomy === 'ai_auto' || actions.length === 0 ? [DO_NOTHING, ...actions] : actions;
  const probability = 1 / arms.length;
  const distribution = arms.map(() => probability);
  const index = drawIndex(distribution, createStream(seed).fork('explore').uniform());
  return {
    policy: 'random',
    arms,
    distribution,
    scores: arms.map((id) => byArm.get(id)?.score ?? null),
    parts: arms.map((id) => byArm.get(id)?.parts ?? null),
    chosen: arms[index] as string,
    propensity: probability,
    modelVersion: result.modelVersion,
  };
}
