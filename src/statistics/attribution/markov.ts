import type { TouchPath } from './touch-paths.ts';

/** The start's key: it sorts before all others. */
const START = '';

/** Multiplications; more would take minutes. */
const MOST_WORK = 3e9;

/** The chain has so many states that solving it would take minutes. */
export class TooManyStates extends RangeError {}

/** A chain over the last `order` touchpoints: where paths go from each state, in numbers of paths. */
interface Chain {
  touchpoints: string[];
  /** Touchpoints that each state is made of, by position; the first state is the start, made of none. */
  states: number[][];
  /** `next[i]`: paths from state i to state j; those that convert; all that leave it. */
  next: { to: Map<number, number>; converting: number; all: number }[];
}

/**
 * Removal effects: which share of the probability to convert is lost if paths end wherever they meet the touchpoint.
 * Found by solving `(I − Q) x = r`, never by simulation. A path with several conversions counts as so many; paths
 * without touches say nothing and are left out.
 * @param order how many touchpoints back the chain remembers, 1 to 3
 * @throws TooManyStates if there are so many states that it would take minutes: a lower order, or coarser touchpoints
 */
export function computeRemovalEffects(paths: readonly TouchPath[], order: 1 | 2 | 3): Map<string, number> {
  const chain = chainOf(paths, order);
  const { touchpoints } = chain;
  const work = (touchpoints.length + 1) * chain.states.length ** 3;
  if (work > MOST_WORK) {
    throw new TooManyStates(
      `markov_${order} has ${chain.states.length} states for ${touchpoints.length} touchpoints, too many to solve: take a lower order, or group the touchpoints`,
    );
  }
  const converts = probabilityToConvert(chain, null);
  return new Map(
    touchpoints.map((touchpoint, i) => [
      touchpoint,
      converts > 0 ? Math.max(0, 1 - probabilityToConvert(chain, i) / converts) : 0,
    ]),
  );
}

/** Everything is sorted, so the order of the paths doesn't matter, to the last bit. */
function chainOf(paths: readonly TouchPath[], order: number): Chain {
  const touched = paths.filter((path) => path.touches.length > 0);
  const touchpoints = [...new Set(touched.flatMap((path) => path.touches.map((t) => t.touchpoint)))].sort();
  const positions = new Map(touchpoints.map((touchpoint, i) => [touchpoint, i]));
  const walks = touched.map((path) => ({
    path,
    keys: keysOf(
      path.touches.map((touch) => positions.get(touch.touchpoint) as number),
      order,
    ),
  }));
  const keys = [...new Set([START, ...walks.flatMap((walk) => walk.keys)])].sort();
  const indexOf = new Map(keys.map((key, i) => [key, i]));
  const next = keys.map(() => ({ to: new Map<number, number>(), converting: 0, all: 0 }));
  for (const walk of walks) {
    const times = Math.max(1, walk.path.conversions);
    let from = next[0] as Chain['next'][number];
    for (const key of walk.keys) {
      const to = indexOf.get(key) as number;
      from.to.set(to, (from.to.get(to) ?? 0) + times);
      from.all += times;
      from = next[to] as Chain['next'][number];
    }
    from.all += times;
    from.converting += walk.path.conversions;
  }
  return { touchpoints, states: keys.map((key) => (key === START ? [] : key.split(',').map(Number))), next };
}

/** The states that a path goes through: at each touch the last `order` touchpoints. */
function keysOf(positions: number[], order: number): string[] {
  return positions.map((_, i) => positions.slice(Math.max(0, i - order + 1), i + 1).join(','));
}

/** From the start, if paths end at every state that holds the removed touchpoint. */
function probabilityToConvert({ states, next }: Chain, removed: number | null): number {
  const n = states.length;
  const matrix = new Float64Array(n * n);
  const rhs = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = 1;
    const { to, converting, all } = next[i] as Chain['next'][number];
    if (removed !== null && states[i]?.includes(removed)) continue;
    rhs[i] = converting / all;
    for (const [j, times] of to) matrix[i * n + j] = (matrix[i * n + j] as number) - times / all;
  }
  return firstOfSolution(matrix, rhs, n);
}

/**
 * Gaussian elimination from the last unknown to the first, in place; returns the first. No pivoting: rows of I − Q are
 * diagonally dominant, and from every state some path ends.
 */
function firstOfSolution(matrix: Float64Array, rhs: Float64Array, n: number): number {
  for (let k = n - 1; k > 0; k--) {
    const pivot = matrix[k * n + k] as number;
    for (let i = 0; i < k; i++) {
      const factor = (matrix[i * n + k] as number) / pivot;
      if (factor === 0) continue;
      for (let j = 0; j < k; j++) {
        matrix[i * n + j] = (matrix[i * n + j] as number) - factor * (matrix[k * n + j] as number);
      }
      rhs[i] = (rhs[i] as number) - factor * (rhs[k] as number);
    }
  }
  return (rhs[0] as number) / (matrix[0] as number);
}
