/** Sums over observations, each with the weight w of its time (forgetting.ts). */
export interface Sums {
  /** Σ w·h·x·xᵀ as an upper triangle (maths/linear.ts). */
  precision: number[];
  /** Σ w·c·x. */
  shift: number[];
  /** Σ w. */
  weight: number;
}

export function scaleSums({ precision, shift, weight }: Sums, factor: number): Sums {
  return {
    precision: precision.map((value) => value * factor),
    shift: shift.map((value) => value * factor),
    weight: weight * factor,
  };
}

/** Adds one observation, in place. */
export function addObservation(
  sums: Sums,
  x: number[],
  { h, c }: { h: number; c: number },
  weight: number,
): void {
  let position = 0;
  for (let i = 0; i < x.length; i++) {
    const xi = weight * (x[i] as number);
    sums.shift[i] = (sums.shift[i] as number) + c * xi;
    for (let j = i; j < x.length; j++, position++)
      sums.precision[position] = (sums.precision[position] as number) + h * xi * (x[j] as number);
  }
  sums.weight += weight;
}
