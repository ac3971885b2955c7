import type { ScoreParts } from '../../domain/candidate.ts';
import type { ArbitrationDef, Autonomy } from '../../domain/definition.ts';
import { createStream } from '../../maths/stream.ts';
import { findVectorFault } from '../model/fold-deltas.ts';
import type { LearningRefusal } from '../model/learning-refusal.ts';
import type { ServedModel } from '../model/served-model.ts';
import { DO_NOTHING } from '../model/snapshot.ts';
import { createArmEstimator } from './arm-estimate.ts';
import { drawIndex } from './draw-index.ts';
import { applyExplorationFloor, MIN_PROPENSITY } from './exploration-floor.ts';
import type { ArbitrationOption } from './option.ts';
import { chooseByRules } from './rules-policy.ts';
import { ALL_FACTORS, type Contestant, type EnabledFactors, scoreContestant, sumScore } from './score.ts';
import { computeInverseGapShares } from './square-cb.ts';
import { DEFAULT_SAMPLING, type Sampling, sampleWinShares } from './thompson.ts';

type ArbitrationPolicy = 'rules' | 'thompson' | 'square_cb';

/** Above so many actions sampling each costs too much. */
const MANY = 50;

export interface ArbitrationSettings {
  autonomy: Autonomy;
  mode: ArbitrationDef['mode'];
  factors: EnabledFactors;
  /** Money for one unit of fatigue. */
  fatigueWeight: number;
  /** Null: `thompson` up to 50 actions, `square_cb` above. */
  policy: 'thompson' | 'square_cb' | null;
  sampling: Sampling;
  /** No option is rarer than this (floor.ts). */
  minPropensity: number;
}

export const DEFAULT_SETTINGS: ArbitrationSettings = {
  autonomy: 'ai_auto',
  mode: 'uplift',
  factors: ALL_FACTORS,
  fatigueWeight: 1,
  policy: null,
  sampling: DEFAULT_SAMPLING,
  minPropensity: MIN_PROPENSITY,
};

export interface ArbitrationInput {
  /** The snapshot that decides; null where there is none, and then rules decide. */
  model: ServedModel | null;
  /** The features, as the snapshot's shape has them (features.ts). */
  features: ArrayLike<number>;
  /** Actions that passed their gates, each id once. Doing nothing needn't be among them. */
  contestants: Contestant[];
  settings: ArbitrationSettings;
  /** The same seed draws the same. It names workspace, customer and decision. */
  seed: string;
}

/** Arms, distribution, scores and parts go in step. */
export interface Arbitration {
  policy: ArbitrationPolicy;
  /** Sorted by id; with doing nothing first, where that was possible: `∅`, whatever the baselines are. */
  arms: string[];
  /** Sums to 1. It was whole before anything was drawn. */
  distribution: number[];
  /** Expected money, doing nothing 0. Null where rules decide: they don't ask the model. */
  scores: (number | null)[];
  parts: (ScoreParts | null)[];
  /** An arm; `∅` for doing nothing. */
  chosen: string;
  /** With which probability it was chosen. */
  propensity: number;
  modelVersion: number | null;
  refusals: LearningRefusal[];
}

/**
 * Picks one action, or nothing. `rules_only`: the first by priority, then order; no model, no draw. `ai_rank`: by the
 * model, never nothing. `ai_auto`: by the model, or nothing. Cost: arms × features².
 */
export function arbitrate(input: ArbitrationInput): Arbitration {
  const { model, features: x, settings, seed } = input;
  const { contestants, refused } = usable(input.contestants);
  const wrong = model && settings.autonomy !== 'rules_only' ? findVectorFault(x, model.size) : null;
  if (wrong) refused.push({ code: wrong, subject: 'features' });
  if (settings.autonomy === 'rules_only' || !model || wrong)
    return { ...chooseByRules(contestants), refusals: refused };

  const believe = createArmEstimator(model, Float64Array.from(x));
  const scored = contestants.map((one) => scoreContestant(one, settings, believe));
  const mayRest = settings.autonomy === 'ai_auto' || scored.length === 0;
  const options = mayRest ? [DOING_NOTHING, ...scored.map((s) => s.option)] : scored.map((s) => s.option);
  const scores = [...(mayRest ? [0] : []), ...scored.map((s) => sumScore(s.parts))];
  const policy = settings.policy ?? (contestants.length > MANY ? 'square_cb' : 'thompson');
  const random = createStream(seed);
  const shares =
    policy === 'thompson'
      ? sampleWinShares(options, random.key, settings.sampling)
      : computeInverseGapShares(scores, largestStake(options));
  const distribution = applyExplorationFloor(shares, settings.minPropensity);
  const index = drawIndex(distribution, random.uniform());
  return {
    policy,
    arms: options.map((option) => option.id),
    distribution: Array.from(distribution),
    scores,
    parts: [...(mayRest ? [null] : []), ...scored.map((s) => s.parts)],
    chosen: options[index]?.id ?? DO_NOTHING,
    propensity: distribution[index] as number,
    modelVersion: model.version,
    refusals: refused,
  };
}

const DOING_NOTHING: ArbitrationOption = {
  id: DO_NOTHING,
  arm: null,
  baseline: null,
  stake: 0,
  deduction: 0,
};

function largestStake(options: ArbitrationOption[]): number {
  return options.reduce((most, { stake }) => Math.max(most, Math.abs(stake)), 0) || 1;
}

/** In an order that doesn't depend on how they came; without those whose numbers make no sense. */
function usable(all: Contestant[]): { contestants: Contestant[]; refused: LearningRefusal[] } {
  const sorted = [...all].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.order - b.order));
  const refused: LearningRefusal[] = [];
  const contestants = sorted.filter((one, i) => {
    const { id } = one;
    const finite = hasNumbers(one);
    const taken = id === DO_NOTHING || id === sorted[i - 1]?.id;
    if (!finite || taken) refused.push({ code: finite ? 'twice' : 'not_finite', subject: id });
    return finite && !taken;
  });
  return { contestants, refused };
}

function hasNumbers({ value, cost, context, lever, fatigue, priority, order }: Contestant): boolean {
  const money = Number.isFinite(value) && Number.isFinite(cost) && Number.isFinite(fatigue);
  const weights = Number.isFinite(context) && Number.isFinite(lever);
  return money && weights && Number.isFinite(priority) && Number.isFinite(order);
}
