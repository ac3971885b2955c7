import { createStream } from '../../maths/stream.ts';
import { findVectorFault } from '../model/fold-deltas.ts';
import type { LearningRefusal } from '../model/learning-refusal.ts';
import { DO_NOTHING } from '../model/snapshot.ts';
import type { Arbitration, ArbitrationInput } from './arbitration.ts';
import { createArmEstimator } from './arm-estimate.ts';
import { drawIndex } from './draw-index.ts';
import { applyExplorationFloor } from './exploration-floor.ts';
import type { ArbitrationOption } from './option.ts';
import { chooseByRules } from './rules-policy.ts';
import { type Contestant, scoreContestant, sumScore } from './score.ts';
import { computeInverseGapShares } from './square-cb.ts';
import { sampleWinShares } from './thompson.ts';

/** With more actions than this, sampling each of them costs too much, and SquareCB decides. */
const MAX_SAMPLED_ACTIONS = 50;

const DO_NOTHING_OPTION: ArbitrationOption = {
  id: DO_NOTHING,
  arm: null,
  baseline: null,
  stake: 0,
  deduction: 0,
};

/**
 * Chooses one action, or nothing, in four steps: score every action with the model, turn the scores into
 * probabilities, raise small probabilities to the exploration floor, draw.
 *
 * - `rules_only`: the first by priority, then by order. Uses no model and draws nothing.
 * - `ai_rank`: by the model, and always an action if there is one.
 * - `ai_auto`: by the model, which may choose to do nothing.
 *
 * Takes time in proportion to arms × features².
 */
export function arbitrate(input: ArbitrationInput): Arbitration {
  const { model, features, settings, seed } = input;
  const { contestants, refusals } = dropUnusable(input.contestants);
  const fault = model && settings.autonomy !== 'rules_only' ? findVectorFault(features, model.size) : null;
  if (fault) refusals.push({ code: fault, subject: 'features' });
  if (settings.autonomy === 'rules_only' || !model || fault)
    return { ...chooseByRules(contestants), refusals };

  const estimateArm = createArmEstimator(model, Float64Array.from(features));
  const scored = contestants.map((contestant) => scoreContestant(contestant, settings, estimateArm));
  const mayDoNothing = settings.autonomy === 'ai_auto' || scored.length === 0;
  const actionOptions = scored.map(({ option }) => option);
  const options = mayDoNothing ? [DO_NOTHING_OPTION, ...actionOptions] : actionOptions;
  const scores = [...(mayDoNothing ? [0] : []), ...scored.map(({ parts }) => sumScore(parts))];
  const policy = settings.policy ?? (contestants.length > MAX_SAMPLED_ACTIONS ? 'square_cb' : 'thompson');
  const random = createStream(seed);
  const shares =
    policy === 'thompson'
      ? sampleWinShares(options, random.key, settings.sampling)
      : computeInverseGapShares(scores, findLargestStake(options));
  const distribution = applyExplorationFloor(shares, settings.minPropensity);
  const index = drawIndex(distribution, random.uniform());
  return {
    policy,
    arms: options.map((option) => option.id),
    distribution: Array.from(distribution),
    scores,
    parts: [...(mayDoNothing ? [null] : []), ...scored.map(({ parts }) => parts)],
    chosen: options[index]?.id ?? DO_NOTHING,
    propensity: distribution[index] as number,
    modelVersion: model.version,
    refusals,
  };
}

function findLargestStake(options: ArbitrationOption[]): number {
  return options.reduce((largest, { stake }) => Math.max(largest, Math.abs(stake)), 0) || 1;
}

/** Sorts the contestants, so that their order of arrival changes nothing, and drops the invalid ones. */
function dropUnusable(all: Contestant[]): { contestants: Contestant[]; refusals: LearningRefusal[] } {
  const sorted = [...all].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.order - b.order));
  const refusals: LearningRefusal[] = [];
  const contestants = sorted.filter((contestant, i) => {
    const { id } = contestant;
    const finite = hasFiniteNumbers(contestant);
    const duplicate = id === DO_NOTHING || id === sorted[i - 1]?.id;
    if (!finite || duplicate) refusals.push({ code: finite ? 'twice' : 'not_finite', subject: id });
    return finite && !duplicate;
  });
  return { contestants, refusals };
}

function hasFiniteNumbers(contestant: Contestant): boolean {
  const { value, cost, context, lever, fatigue, priority, order } = contestant;
  return [value, cost, context, lever, fatigue, priority, order].every(Number.isFinite);
}
