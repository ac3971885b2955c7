import type { TouchPath } from './touch-paths.ts';

/** Key of the start state; it sorts before all others. */
const START = '';

/** Limit of multiplications; more would take minutes. */
const MAX_WORK = 3e9;

/** Thrown if the chain has so many states that solving it would take minutes. */
export class TooManyStates extends RangeError {}

/** A Markov chain whose states are the last `order` touchpoints, with the number of paths for each transition. */
interface Chain {
  touchpoints: string[];
  /** The touchpoints of each state, as indexes; the first state is the start, which has none. */
  states: number[][];
  /** `next[i]`: paths from state i to each state j; paths that convert; all paths that leave i. */
  next: { to: Map<number, number>; converting: number; all: number }[];
}

/**
 * Computes removal effects (Anderl, Becker, von Wangenheim and Schumann, "Mapping the Customer Journey", 2016): the share
 * of the conversion probability that is lost if every path ends where it meets the touchpoint. Solved exactly from
 * `(I − Q) x = r`, not simulated. A path with n conversions counts n times; paths without touches are left out.
 * @param order number of touchpoints that a state remembers, 1 to 3
 * @throws TooManyStates if solving would take minutes: use a lower order, or coarser touchpoints
 */
export function computeRemovalEffects(paths: readonly TouchPath[], order: 1 | 2 | 3): Map<string, number> {
  const chain = buildChain(paths, order);
  const { touchpoints } = chain;
  const work = (touchpoints.length + 1) * chain.states.length ** 3;
  if (work > MAX_WORK) {
    throw new TooManyStates(
      `markov_${order} has ${chain.states.length} states for ${touchpoints.length} touchpoints, too many to solve: use a lower order, or group the touchpoints`,
    );
  }
  const converts = computeConversionProbability(chain, null);
  return new Map(
    touchpoints.map((touchpoint, i) => [
      touchpoint,
      converts > 0 ? Math.max(0, 1 - computeConversionProbability(chain, i) / converts) : 0,
    ]),
  );
}

/** Builds the chain. Everything is sorted, so the result is bit-identical for any order of the paths. */
function buildChain(paths: readonly TouchPath[], order: number): Chain {
  const touched = paths.filter((path) => path.touches.length > 0);
  const touchpoints = [...new Set(touched.flatMap((path) => path.touches.map((t) => t.touchpoint)))].sort();
  const positions = new Map(touchpoints.map((touchpoint, i) => [touchpoint, i]));
  const walks = touched.map((path) => ({
    path,
    keys: listStateKeys(
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

/** The states of a path: at each touch the last `order` touchpoints. */
function listStateKeys(positions: number[], order: number): string[] {
  return positions.map((_, i) => positions.slice(Math.max(0, i - order + 1), i + 1).join(','));
}

/** The probability to convert from the start, if paths end at every state that contains the removed touchpoint. */
function computeConversionProbability({ states, next }: Chain, removed: number | null): number {
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
  return solveForFirst(matrix, rhs, n);
}

/**
 * Gaussian elimination in place, from the last unknown to the first, which is returned. It needs no pivoting: the rows of
 * I − Q are diagonally dominant, and some path ends after every state.
 */
function solveForFirst(matrix: Float64Array, rhs: Float64Array, n: number): number {
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
