import { apportion, quantizeWeight, WHOLE } from './apportion.ts';
import { PATH_MODEL_NAMES, PATH_MODELS, type PathModel } from './path-models.ts';
import type { TouchPath } from './touch-paths.ts';

/** Numbers of touchpoints that a state of a Markov chain remembers. */
const MARKOV_ORDERS = [1, 2, 3] as const;
export type MarkovOrder = (typeof MARKOV_ORDERS)[number];

/**
 * What all models need of paths, as sums over them:
 * - `credit` of each touchpoint: paths with it, and by model its share of conversions and of their value in whole units
 *   (see `WHOLE`);
 * - `direct`: conversions without a touch, and their value;
 * - `chain1` to `chain3`: of each state (the last one to three touchpoints) and the touchpoint that followed, or null at
 *   the end, how often it did, and how often the end was a conversion;
 * - `chain`: the same for states with one earlier touch at most, which are those of chains of every order.
 */
type PathSum = 'credit' | 'direct' | 'chain' | `chain${MarkovOrder}`;

/** Adds to a sum. All are whole numbers, so that what was added can be taken away again. */
export type AddPathSum = (sum: PathSum, key: (string | null)[], ...numbers: (number | bigint)[]) => void;

/**
 * Adds paths to the sums. Each of their numbers adds for itself and may be below zero, so differences can be added, too.
 * @throws RangeError for numbers that aren't whole
 */
export function addPathSums(add: AddPathSum, path: TouchPath): void {
  checkPath(path);
  const { touches, lost, conversions, value } = path;
  if (touches.length === 0) {
    if (conversions !== 0 || value !== 0) add('direct', [], conversions, value);
    return;
  }
  addCredit(add, path);
  const names = touches.map(({ touchpoint }) => touchpoint);
  for (let i = 0; i <= names.length; i++) {
    const next = names[i] ?? null;
    const times = [lost + conversions, next === null ? conversions : 0];
    if (i <= 1) add('chain', [...names.slice(0, i), next], ...times);
    else
      for (const order of MARKOV_ORDERS)
        add(`chain${order}`, [...names.slice(Math.max(0, i - order), i), next], ...times);
  }
}

function addCredit(add: AddPathSum, { touches, lost, conversions, value }: TouchPath): void {
  const names = [...new Set(touches.map(({ touchpoint }) => touchpoint))].sort();
  const hasCredit = conversions !== 0 || value !== 0;
  const shares = PATH_MODEL_NAMES.map((model) =>
    hasCredit ? shareCredit(touches, names, PATH_MODELS[model]) : names.map(() => 0n),
  );
  names.forEach((name, at) => {
    const sums = shares.flatMap((of) => {
      const share = of[at] as bigint;
      return [share * BigInt(conversions), share * BigInt(value)];
    });
    add('credit', [name], lost + conversions, ...sums);
  });
}

/** The credit of each touchpoint of one path, in whole units. */
function shareCredit(touches: TouchPath['touches'], names: readonly string[], weigh: PathModel): bigint[] {
  const weights = new Map(names.map((name) => [name, 0n]));
  weigh(touches).forEach((weight, i) => {
    const { touchpoint } = touches[i] as TouchPath['touches'][number];
    weights.set(touchpoint, (weights.get(touchpoint) ?? 0n) + quantizeWeight(weight));
  });
  return apportion(WHOLE, [...weights.values()]).map(BigInt);
}

function checkPath({ lost, conversions, value }: TouchPath): void {
  if ([lost, conversions, value].every(Number.isSafeInteger)) return;
  throw new RangeError(
    `paths have ${conversions} conversions and a value of ${value}: both must be whole (minor units)`,
  );
}
