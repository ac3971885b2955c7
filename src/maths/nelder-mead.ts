import { runAtOnce, type Stepwise } from './stepwise.ts';

/** The result of a search. */
export interface Minimum {
  at: number[];
  value: number;
  /** False: the search reached its limit of steps. */
  converged: boolean;
}

interface Vertex {
  at: number[];
  value: number;
}

/**
 * Minimises a function without derivatives (Nelder and Mead, "A Simplex Method for Function Minimization", 1965), in
 * `start.length` dimensions. A value that is not finite counts as the largest number. The search restarts from its result
 * until a fresh simplex finds nothing better, because a simplex can collapse before it reaches the minimum.
 */
export function minimize(f: (at: readonly number[]) => number, start: readonly number[]): Minimum {
  return runAtOnce(minimizeStepwise(f, start));
}

/** Does the same as {@link minimize} in steps. */
export function* minimizeStepwise(
  f: (at: readonly number[]) => number,
  start: readonly number[],
): Stepwise<Minimum> {
  let best = yield* search(f, start, 0.5);
  for (let round = 0; round < 8; round++) {
    const next = yield* search(f, best.at, 0.25);
    const gained = best.value - next.value;
    best = gained >= 0 ? next : best;
    if (gained <= 1e-9 * (1 + Math.abs(best.value))) return best;
  }
  return { ...best, converged: false };
}

function* search(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  size: number,
): Stepwise<Minimum> {
  const n = start.length;
  const vertex = (at: number[]): Vertex => {
    const value = f(at);
    return { at, value: Number.isFinite(value) ? value : Number.MAX_VALUE };
  };
  const simplex = [vertex([...start])];
  for (let i = 0; i < n; i++) {
    yield;
    simplex.push(vertex(start.map((x, j) => (i === j ? x + size : x))));
  }
  const steps = 400 * n;
  for (let step = 0; step < steps; step++) {
    yield;
    simplex.sort((a, b) => a.value - b.value);
    if (isSmall(simplex)) return { ...best(simplex), converged: true };
    const worst = simplex[n] as Vertex;
    const centre = centreOf(simplex.slice(0, n));
    const towards = (by: number) => vertex(centre.map((c, j) => c + by * (c - (worst.at[j] as number))));
    const reflected = towards(1);
    if (reflected.value < best(simplex).value) {
      const expanded = towards(2);
      simplex[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < (simplex[n - 1] as Vertex).value) {
      simplex[n] = reflected;
    } else {
      const contracted = towards(reflected.value < worst.value ? 0.5 : -0.5);
      if (contracted.value < Math.min(worst.value, reflected.value)) simplex[n] = contracted;
      else shrink(simplex, vertex);
    }
  }
  simplex.sort((a, b) => a.value - b.value);
  return { ...best(simplex), converged: false };
}

function best(simplex: Vertex[]): Vertex {
  return simplex[0] as Vertex;
}

function isSmall(simplex: Vertex[]): boolean {
  const first = best(simplex);
  return simplex.every(
    ({ at, value }) =>
      value - first.value <= 1e-10 * (1 + Math.abs(first.value)) &&
      at.every((x, j) => Math.abs(x - (first.at[j] as number)) <= 1e-5),
  );
}

function centreOf(vertices: Vertex[]): number[] {
  return best(vertices).at.map((_, j) => {
    let sum = 0;
    for (const { at } of vertices) sum += at[j] as number;
    return sum / vertices.length;
  });
}

function shrink(simplex: Vertex[], vertex: (at: number[]) => Vertex): void {
  const first = best(simplex);
  for (let i = 1; i < simplex.length; i++) {
    const { at } = simplex[i] as Vertex;
    simplex[i] = vertex(at.map((x, j) => ((first.at[j] as number) + x) / 2));
  }
}
