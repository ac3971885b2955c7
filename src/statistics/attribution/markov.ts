/** Key of the start state; it sorts before all others. */
const START = '';

/** More states would take longer to solve than a request may, and more transitions to read. */
const MOST_STATES = 600;
export const MOST_TRANSITIONS = 20_000;

/** Thrown if the chain has so many states that solving it would take too long. */
export class TooManyStates extends RangeError {
  constructor() {
    super('the touchpoints make too many states to solve: use a lower order, or group the touchpoints');
  }
}

/** How often something followed a state. Several of the same state add up. */
export interface Transition {
  /** The last touchpoints, oldest first; empty at the start. */
  state: readonly string[];
  /** Null: the path ended. */
  next: string | null;
  times: number;
  /** Of the ends, those with a conversion. */
  converting: number;
}

/** A Markov chain whose states are the last touchpoints, with the number of paths for each transition. */
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
 * @throws TooManyStates use a lower order, or coarser touchpoints
 */
export function computeRemovalEffects(transitions: readonly Transition[]): Map<string, number> {
  if (transitions.length > MOST_TRANSITIONS) throw new TooManyStates();
  const chain = buildChain(transitions);
  const { touchpoints, states } = chain;
  const n = states.length;
  if (n > MOST_STATES) throw new TooManyStates();
  const visits = invert(toMatrix(chain), n);
  const converts = multiply(visits, toConversions(chain));
  const whole = converts[0] ?? 0;
  return new Map(
    touchpoints.map((touchpoint, i) => {
      if (whole <= 0) return [touchpoint, 0];
      const removed = states.flatMap((state, at) => (state.includes(i) ? [at] : []));
      return [touchpoint, Math.min(1, Math.max(0, computeLoss(visits, converts, removed) / whole))];
    }),
  );
}

/** Builds the chain. Everything is sorted, so the result is bit-identical for any order of the transitions. */
function buildChain(transitions: readonly Transition[]): Chain {
  const touchpoints = [...new Set(transitions.flatMap(({ next }) => (next === null ? [] : [next])))].sort();
  const positions = new Map(touchpoints.map((touchpoint, i) => [touchpoint, i]));
  const order = Math.max(0, ...transitions.map(({ state }) => state.length));
  const toKey = (state: readonly string[]) => state.map((name) => positions.get(name) as number).join(',');
  const keys = [...new Set([START, ...transitions.map(({ state }) => toKey(state))])].sort();
  const indexOf = new Map(keys.map((key, i) => [key, i]));
  const next = keys.map(() => ({ to: new Map<number, number>(), converting: 0, all: 0 }));
  for (const { state, next: name, times, converting } of transitions) {
    const from = next[indexOf.get(toKey(state)) as number] as Chain['next'][number];
    from.all += times;
    from.converting += converting;
    if (name === null) continue;
    const to = indexOf.get(toKey([...state, name].slice(-order))) as number;
    from.to.set(to, (from.to.get(to) ?? 0) + times);
  }
  return { touchpoints, states: keys.map((key) => (key === START ? [] : key.split(',').map(Number))), next };
}

/** `I − Q`, row by row. */
function toMatrix({ next }: Chain): Float64Array {
  const n = next.length;
  const matrix = new Float64Array(n * n);
  next.forEach(({ to, all }, i) => {
    for (const [j, times] of to) matrix[i * n + j] = -times / all;
    matrix[i * n + i] = 1 + (matrix[i * n + i] as number);
  });
  return matrix;
}

/** The probability to convert in each state, at once. */
function toConversions({ next }: Chain): Float64Array {
  return Float64Array.from(next, ({ converting, all }) => (all > 0 ? converting / all : 0));
}

/**
 * The probability to convert after having met one of the removed states: that of each to be the first one met, times the
 * probability to convert from it. With `h` for the first met, `h V = v`: `v` are the expected visits from the start to
 * the removed states, and `V` those between them.
 */
function computeLoss(visits: Float64Array, converts: Float64Array, removed: readonly number[]): number {
  const n = converts.length;
  const k = removed.length;
  // Transposed, because h is a row.
  const between = new Float64Array(k * k);
  removed.forEach((from, i) => {
    removed.forEach((to, j) => {
      between[j * k + i] = visits[from * n + to] as number;
    });
  });
  const first = solve(
    between,
    Float64Array.from(removed, (to) => visits[to] as number),
  );
  return removed.reduce((sum, state, i) => sum + (first[i] as number) * (converts[state] as number), 0);
}

function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  return vector.map((_, i) => vector.reduce((sum, x, j) => sum + (matrix[i * n + j] as number) * x, 0));
}

/**
 * Gauss–Jordan in place. It needs no pivoting: the rows of I − Q are diagonally dominant, and some path ends after every
 * state.
 */
function invert(matrix: Float64Array, n: number): Float64Array {
  for (let k = 0; k < n; k++) {
    const pivot = matrix[k * n + k] as number;
    matrix[k * n + k] = 1;
    for (let j = 0; j < n; j++) matrix[k * n + j] = (matrix[k * n + j] as number) / pivot;
    for (let i = 0; i < n; i++) {
      const factor = matrix[i * n + k] as number;
      if (i === k || factor === 0) continue;
      matrix[i * n + k] = 0;
      for (let j = 0; j < n; j++)
        matrix[i * n + j] = (matrix[i * n + j] as number) - factor * (matrix[k * n + j] as number);
    }
  }
  return matrix;
}

/** Gaussian elimination in place, of the inverse of such a matrix: it needs no pivoting either. */
function solve(matrix: Float64Array, rhs: Float64Array): Float64Array {
  const n = rhs.length;
  for (let k = 0; k < n; k++) {
    const pivot = matrix[k * n + k] as number;
    for (let i = k + 1; i < n; i++) {
      const factor = (matrix[i * n + k] as number) / pivot;
      if (factor === 0) continue;
      for (let j = k; j < n; j++)
        matrix[i * n + j] = (matrix[i * n + j] as number) - factor * (matrix[k * n + j] as number);
      rhs[i] = (rhs[i] as number) - factor * (rhs[k] as number);
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    let left = rhs[k] as number;
    for (let j = k + 1; j < n; j++) left -= (matrix[k * n + j] as number) * (rhs[j] as number);
    rhs[k] = left / (matrix[k * n + k] as number);
  }
  return rhs;
}
