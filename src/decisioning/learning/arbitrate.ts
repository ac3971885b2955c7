import type { Weighed } from '../../domain/candidate.ts';
import type { ArbitrationDef, Autonomy } from '../../domain/definition.ts';
import { stream } from '../maths/stream.ts';
import { believer } from './believe.ts';
import { draw } from './draw.ts';
import { LEAST, withFloor } from './floor.ts';
import { wrongVector } from './fold.ts';
import { NOTHING } from './model.ts';
import type { Option } from './option.ts';
import type { Refusal } from './refusal.ts';
import { byRules } from './rules.ts';
import { ALL_FACTORS, type Contestant, type Factors, optionOf, scoreOf } from './score.ts';
import type { Served } from './serve.ts';
import { inverseGaps } from './square-cb.ts';
import { SAMPLING, type Sampling, winShares } from './thompson.ts';

export type Policy = 'rules' | 'thompson' | 'square_cb';

/** Above so many actions sampling each costs too much. */
const MANY = 50;

export interface Settings {
  autonomy: Autonomy;
  mode: ArbitrationDef['mode'];
  factors: Factors;
  /** Money for one unit of fatigue. */
  fatigueWeight: number;
  /** Null: `thompson` up to 50 actions, `square_cb` above. */
  policy: 'thompson' | 'square_cb' | null;
  sampling: Sampling;
  /** No option is rarer than this (floor.ts). */
  least: number;
}

export const SETTINGS: Settings = {
  autonomy: 'ai_auto',
  mode: 'uplift',
  factors: ALL_FACTORS,
  fatigueWeight: 1,
  policy: null,
  sampling: SAMPLING,
  least: LEAST,
};

export interface ArbitrationInput {
  /** The snapshot that decides; null where there is none, and then rules decide. */
  model: Served | null;
  /** The features, as the snapshot's shape has them (features.ts). */
  x: ArrayLike<number>;
  /** Actions that passed their gates, each id once. Doing nothing needn't be among them. */
  contestants: Contestant[];
  settings: Settings;
  /** The same seed draws the same. It names workspace, customer and decision. */
  seed: string;
}

/** Arms, distribution, scores and parts go in step. */
export interface Arbitration {
  policy: Policy;
  /** Sorted by id; with doing nothing first, where that was possible: `∅`, whatever the baselines are. */
  arms: string[];
  /** Sums to 1. It was whole before anything was drawn. */
  distribution: number[];
  /** Expected money, doing nothing 0. Null where rules decide: they don't ask the model. */
  scores: (number | null)[];
  parts: (Weighed | null)[];
  /** An arm; `∅` for doing nothing. */
  chosen: string;
  /** With which probability it was chosen. */
  propensity: number;
  modelVersion: number | null;
  refused: Refusal[];
}

/**
 * Picks one action, or nothing. `rules_only`: the first by priority, then order; no model, no draw. `ai_rank`: by the
 * model, never nothing. `ai_auto`: by the model, or nothing. Cost: arms × features².
 */
export function arbitrate(input: ArbitrationInput): Arbitration {
  const { model, x, settings, seed } = input;
  const { contestants, refused } = usable(input.contestants);
  const wrong = model && settings.autonomy !== 'rules_only' ? wrongVector(x, model.size) : null;
  if (wrong) refused.push({ code: wrong, what: 'features' });
  if (settings.autonomy === 'rules_only' || !model || wrong) return { ...byRules(contestants), refused };

  const believe = believer(model, Float64Array.from(x));
  const scored = contestants.map((one) => optionOf(one, settings, believe));
  const mayRest = settings.autonomy === 'ai_auto' || scored.length === 0;
  const options = mayRest ? [DOING_NOTHING, ...scored.map((s) => s.option)] : scored.map((s) => s.option);
  const scores = [...(mayRest ? [0] : []), ...scored.map((s) => scoreOf(s.parts))];
  const policy = settings.policy ?? (contestants.length > MANY ? 'square_cb' : 'thompson');
  const random = stream(seed);
  const shares =
    policy === 'thompson'
      ? winShares(options, random.key, settings.sampling)
      : inverseGaps(scores, largestStake(options));
  const distribution = withFloor(shares, settings.least);
  const index = draw(distribution, random.uniform());
  return {
    policy,
    arms: options.map((option) => option.id),
    distribution: Array.from(distribution),
    scores,
    parts: [...(mayRest ? [null] : []), ...scored.map((s) => s.parts)],
    chosen: options[index]?.id ?? NOTHING,
    propensity: distribution[index] as number,
    modelVersion: model.version,
    refused,
  };
}

const DOING_NOTHING: Option = { id: NOTHING, arm: null, without: null, stake: 0, deducted: 0 };

function largestStake(options: Option[]): number {
  return options.reduce((most, { stake }) => Math.max(most, Math.abs(stake)), 0) || 1;
}

/** In an order that doesn't depend on how they came; without those whose numbers make no sense. */
function usable(all: Contestant[]): { contestants: Contestant[]; refused: Refusal[] } {
  const sorted = [...all].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.order - b.order));
  const refused: Refusal[] = [];
  const contestants = sorted.filter((one, i) => {
    const { id } = one;
    const finite = hasNumbers(one);
    const taken = id === NOTHING || id === sorted[i - 1]?.id;
    if (!finite || taken) refused.push({ code: finite ? 'twice' : 'not_finite', what: id });
    return finite && !taken;
  });
  return { contestants, refused };
}

function hasNumbers({ value, cost, context, lever, fatigue, priority, order }: Contestant): boolean {
  const money = Number.isFinite(value) && Number.isFinite(cost) && Number.isFinite(fatigue);
  const weights = Number.isFinite(context) && Number.isFinite(lever);
  return money && weights && Number.isFinite(priority) && Number.isFinite(order);
}
