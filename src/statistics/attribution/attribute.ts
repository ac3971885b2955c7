import { apportion, quantizeWeight, WHOLE } from './apportion.ts';
import { computeRemovalEffects } from './markov.ts';
import { PATH_MODELS, type PathModel } from './path-models.ts';
import type { TouchPath } from './touch-paths.ts';

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

/**
 * Divides all conversions and their value among the touchpoints, sorted by name, with conversions without a touch at the
 * end. Both sum to the totals exactly, and don't depend on the order of the paths. Attribution only allocates: what the
 * contacts caused can only be measured with a holdout.
 * @throws RangeError for conversions or values that aren't whole and at least zero
 */
export function attributeConversions(paths: readonly TouchPath[], model: AttributionModel): Credit[] {
  for (const path of paths) checkPath(path);
  const touched = paths.filter((path) => path.touches.length > 0);
  const names = [...new Set(touched.flatMap((path) => path.touches.map((t) => t.touchpoint)))].sort();
  const weights =
    model in PATH_MODELS ? weighByPath(touched, names, model) : weighByRemoval(touched, names, model);
  const conversions = apportion(1000 * sumOf(touched, 'conversions'), weights.conversions);
  const value = apportion(sumOf(touched, 'value'), weights.value);
  const credits: Credit[] = names.map((touchpoint, i) => ({
    touchpoint,
    milliConversions: conversions[i] as number,
    value: value[i] as number,
  }));
  const untouched = paths.filter((path) => path.touches.length === 0 && path.conversions > 0);
  if (untouched.length === 0) return credits;
  return [
    ...credits,
    {
      touchpoint: null,
      milliConversions: 1000 * sumOf(untouched, 'conversions'),
      value: sumOf(untouched, 'value'),
    },
  ];
}

interface Weights {
  conversions: bigint[];
  value: bigint[];
}

function weighByPath(paths: readonly TouchPath[], names: string[], model: AttributionModel): Weights {
  const weigh: PathModel = PATH_MODELS[model as keyof typeof PATH_MODELS];
  const indexOf = new Map(names.map((name, i) => [name, i]));
  const weights: Weights = { conversions: names.map(() => 0n), value: names.map(() => 0n) };
  for (const path of paths.filter(({ conversions }) => conversions > 0)) {
    for (const [at, share] of shareCredit(path, weigh, indexOf)) {
      weights.conversions[at] = (weights.conversions[at] as bigint) + share * BigInt(path.conversions);
      weights.value[at] = (weights.value[at] as bigint) + share * BigInt(path.value);
    }
  }
  return weights;
}

/** The credit of one path by index of the touchpoint, in whole units (see `WHOLE`). */
function shareCredit(
  path: TouchPath,
  weigh: PathModel,
  indexOf: ReadonlyMap<string, number>,
): [number, bigint][] {
  const sums = new Map<number, bigint>();
  weigh(path).forEach((weight, i) => {
    const at = indexOf.get((path.touches[i] as TouchPath['touches'][number]).touchpoint) as number;
    sums.set(at, (sums.get(at) ?? 0n) + quantizeWeight(weight));
  });
  const sorted = [...sums].sort(([a], [b]) => a - b);
  const shares = apportion(
    WHOLE,
    sorted.map(([, sum]) => sum),
  );
  return sorted.map(([at], i) => [at, BigInt(shares[i] as number)]);
}

function weighByRemoval(paths: readonly TouchPath[], names: string[], model: AttributionModel): Weights {
  const order = Number(model.slice('markov_'.length)) as 1 | 2 | 3;
  const effects = computeRemovalEffects(paths, order);
  const weights = names.map((name) => quantizeWeight(effects.get(name) as number));
  return { conversions: weights, value: weights };
}

function sumOf(paths: readonly TouchPath[], of: 'conversions' | 'value'): number {
  return paths.reduce((sum, path) => sum + path[of], 0);
}

function checkPath({ conversions, value, convertedAt }: TouchPath): void {
  if (![conversions, value].every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw new RangeError(
      `a path has ${conversions} conversions and a value of ${value}: both must be whole (minor units) and at least 0; subtract refunds first`,
    );
  }
  if (conversions > 0 !== (convertedAt !== null) || (conversions === 0 && value > 0)) {
    throw new RangeError('a path must have conversions, an instant and a value together, or none of them');
  }
}
