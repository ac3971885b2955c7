import type { Arbitrated } from '../../domain/candidate.ts';
import type { Autonomy } from '../../domain/definition.ts';
import type { Arbitration } from '../learning/arbitrate.ts';
import { armId } from '../learning/arm-id.ts';
import { draw } from '../learning/draw.ts';
import { NOTHING } from '../learning/model.ts';
import { stream } from '../maths/stream.ts';
import type { PoolArm } from './arms.ts';
import type { Ranked } from './ranked.ts';

/** How an arbitration came out, whoever decided. */
export type Outcome = Omit<Arbitration, 'policy' | 'refused'> & { policy: Arbitrated['policy'] };

/** Every arm as likely as any other, and nothing with them where it may be done. */
export function alike(result: Arbitration, autonomy: Autonomy, seed: string): Outcome {
  const scored = new Map(
    result.arms.map((id, i) => [id, { score: result.scores[i], part: result.parts[i] }]),
  );
  const actions = result.arms.filter((id) => id !== NOTHING);
  const arms = autonomy === 'ai_auto' || actions.length === 0 ? [NOTHING, ...actions] : actions;
  const probability = 1 / arms.length;
  const distribution = arms.map(() => probability);
  const index = draw(distribution, stream(seed).fork('explore').uniform());
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
export function ruled(arms: PoolArm[], winner: Ranked | null): Outcome {
  const chosen = winner ? armId(winner.candidate.action.id, winner.candidate.channel) : NOTHING;
  const ids = [NOTHING, ...arms.map(({ id }) => id)];
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
