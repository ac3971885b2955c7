import type { ScoreParts } from '../../domain/candidate.ts';
import type { ArbitrationDef, Autonomy } from '../../domain/definition.ts';
import type { LearningRefusal } from '../model/learning-refusal.ts';
import type { ServedModel } from '../model/served-model.ts';
import { MIN_PROPENSITY } from './exploration-floor.ts';
import { ALL_FACTORS, type Contestant, type EnabledFactors } from './score.ts';
import { DEFAULT_SAMPLING, type Sampling } from './thompson.ts';

type ArbitrationPolicy = 'rules' | 'thompson' | 'square_cb';

export interface ArbitrationSettings {
  autonomy: Autonomy;
  mode: ArbitrationDef['mode'];
  factors: EnabledFactors;
  /** Money for one unit of fatigue. */
  fatigueWeight: number;
  /** Null: `thompson` for up to 50 actions, `square_cb` for more. */
  policy: 'thompson' | 'square_cb' | null;
  sampling: Sampling;
  /** The smallest probability that an option can have (exploration-floor.ts). */
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
  /** The model to decide with. Null: there is no model, and the rules decide. */
  model: ServedModel | null;
  /** The customer's feature vector, in the order of the model's feature schema (model/features.ts). */
  features: ArrayLike<number>;
  /** Actions that passed their gates, each id once. The option to do nothing is added here. */
  contestants: Contestant[];
  settings: ArbitrationSettings;
  /** The same seed gives the same draw. It names workspace, customer and decision. */
  seed: string;
}

/** The result of an arbitration. `arms`, `distribution`, `scores` and `parts` are parallel arrays. */
export interface Arbitration {
  policy: ArbitrationPolicy;
  /** Sorted by id. Doing nothing (`∅`), where it was an option, comes first, whatever the baselines are. */
  arms: string[];
  /** Probability of each arm; sums to 1. It was complete before the draw. */
  distribution: number[];
  /** Expected money, with doing nothing at 0. Null where the rules decided, which don't use the model. */
  scores: (number | null)[];
  parts: (ScoreParts | null)[];
  /** The drawn arm; `∅` for doing nothing. */
  chosen: string;
  /** Probability with which it was chosen. */
  propensity: number;
  modelVersion: number | null;
  /** Contestants and features that were left out, and why. */
  refusals: LearningRefusal[];
}
