import type { ArbitrationRecord } from '../../domain/candidate.ts';
import type { Autonomy } from '../../domain/definition.ts';
import { buildArmId } from '../../learning/model/arm-id.ts';
import { DO_NOTHING } from '../../learning/model/snapshot.ts';
import type { Arbitration } from '../../learning/policy/arbitration.ts';
import { drawIndex } from '../../learning/policy/draw-index.ts';
import { createStream } from '../../maths/stream.ts';
import type { PoolArm } from './arms.ts';
import type { RankedCandidate } from './rank.ts';

/** How an arbitration came out, whoever decided. */
export type PolicyOutcome = Omit<Arbitration, 'policy' | 'refusals'> & {
  policy: ArbitrationRecord['policy'];
};

/** Every arm as likely as any other, and nothing with them where it may be done. */
export function uniformPolicy(result: Arbitration, autonomy: Autonomy, seed: string): PolicyOutcome {
  const scored = new Map(
    result.arms.map((id, i) => [id, { score: result.scores[i], part: result.parts[i] }]),
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
    scores: arms.map((id) => scored.get(id)?.score ?? null),
    parts: arms.map((id) => scored.get(id)?.part ?? null),
    chosen: arms[index] as string,
    propensity: probability,
    modelVersion: result.modelVersion,
  };
}

/** What rules choose, in the same form: it teaches as well. */
export function rulesPolicy(arms: PoolArm[], winner: RankedCandidate | null): PolicyOutcome {
  const chosen = winner ? buildArmId(winner.candidate.action.id, winner.candidate.channel) : DO_NOTHING;
  const ids = [DO_NOTHING, ...arms.map(({ id }) => id)];
  return {
    policy: 'rules',
    arms: ids,
    distribution: ids.map((id) => (id === chosen ? 1 : 0)),
    scores: ids.map(() => null),
    parts: ids.map(() => null),
    chosen,
    propensity: 1,
    modelVersion: null,
  };
}
