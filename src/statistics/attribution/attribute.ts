import { apportion, quantizeWeight, WHOLE } from './apportion.ts';
import { computeRemovalEffects, type Transition } from './markov.ts';
import { PATH_MODEL_NAMES, type PATH_MODELS } from './path-models.ts';
import type { MarkovOrder } from './path-sums.ts';

export const ATTRIBUTION_MODELS = [
  'last',
  'first',
  'linear',
  'position',
  'time_decay',
  'shapley',
  'markov_1',
  'markov_2',
  'markov_3',
] as const;
export type AttributionModel = (typeof ATTRIBUTION_MODELS)[number];

/** The credit of one touchpoint. */
export interface Credit {
  /** Null: conversions without a touch. */
  touchpoint: string | null;
  /** Thousandths of a conversion, whole. */
  milliConversions: number;
  /** Minor units, whole. */
  value: number;
}

/** The sums of `addPathSums`, as far as models divide conversions by them. */
export interface PathSums {
  /** Sums of `credit` by touchpoint. */
  credit: ReadonlyMap<string, readonly bigint[]>;
  direct: { conversions: number; value: number };
}

/** All conversions and their value: those of touched customers, and those without a touch. */
export function sumConversions({ credit, direct }: PathSums): { conversions: number; value: number } {
  const touched = sumTouched(credit);
  return { conversions: touched.conversions + direct.conversions, value: touched.value + direct.value };
}

/** The order of a Markov model; null for a model that divides each path by itself. */
export function readMarkovOrder(model: AttributionModel): MarkovOrder | null {
  return model.startsWith('markov_') ? (Number(model.slice('markov_'.length)) as MarkovOrder) : null;
}

/**
 * Divides all conversions and their value among the touchpoints, sorted by name, with conversions without a touch at the
 * end. Both sum to the totals exactly, and don't depend on the order of the paths. Attribution only allocates: what the
 * contacts caused can only be measured with a holdout.
 * @param chain transitions, for a Markov model
 * @throws TooManyStates
 */
export function divideCredit(
  { credit, direct }: PathSums,
  model: AttributionModel,
  chain: readonly Transition[] = [],
): Credit[] {
  const names = [...credit.keys()].sort();
  const weights =
    readMarkovOrder(model) === null ? readWeights(credit, names, model) : weighByRemoval(names, chain);
  const touched = sumTouched(credit);
  const conversions = apportion(1000 * touched.conversions, weights.conversions);
  const value = apportion(touched.value, weights.value);
  const credits: Credit[] = names.map((touchpoint, i) => ({
    touchpoint,
    milliConversions: conversions[i] as number,
    value: value[i] as number,
  }));
  if (direct.conversions === 0) return credits;
  return [...credits, { touchpoint: null, milliConversions: 1000 * direct.conversions, value: direct.value }];
}

interface Weights {
  conversions: bigint[];
  value: bigint[];
}

/** `credit` begins with the number of paths; then each model has two sums. */
function readWeights(credit: PathSums['credit'], names: string[], model: AttributionModel): Weights {
  const at = 1 + 2 * PATH_MODEL_NAMES.indexOf(model as keyof typeof PATH_MODELS);
  const read = (offset: number) => names.map((name) => credit.get(name)?.[offset] ?? 0n);
  return { conversions: read(at), value: read(at + 1) };
}

function weighByRemoval(names: string[], chain: readonly Transition[]): Weights {
  const effects = computeRemovalEffects(chain);
  const weights = names.map((name) => quantizeWeight(effects.get(name) ?? 0));
  return { conversions: weights, value: weights };
}

/** The shares of each path sum to one whole, whatever the model. */
function sumTouched(credit: PathSums['credit']): { conversions: number; value: number } {
  const sum = (at: number) => [...credit.values()].reduce((all, sums) => all + (sums[at] ?? 0n), 0n);
  return { conversions: Number(sum(1) / BigInt(WHOLE)), value: Number(sum(2) / BigInt(WHOLE)) };
}
