/** One number per customer of an arm, summed up. */
export interface Sample {
  customers: number;
  mean: number;
  /** Variance of the numbers, not of their mean; 0 for fewer than two customers. */
  variance: number;
}

/** How many customers of an arm had an event. */
export interface EventCount {
  customers: number;
  events: number;
}

/**
 * Sums up one number per customer (orders, minor units), with Welford's algorithm (1962).
 * @throws RangeError for a number that isn't finite, because it would make every result invalid
 */
export function summarizeSample(values: readonly number[]): Sample {
  let mean = 0;
  let squares = 0;
  values.forEach((value, i) => {
    if (!Number.isFinite(value))
      throw new RangeError(`${value} can't be averaged: every customer needs a finite number`);
    const delta = value - mean;
    mean += delta / (i + 1);
    squares += delta * (value - mean);
  });
  return { customers: values.length, mean, variance: values.length > 1 ? squares / (values.length - 1) : 0 };
}

/**
 * Mean and variance of whole numbers, from their sum and the sum of their squares, without rounding in between.
 * @param factor of each number
 */
export function summarizeSums(customers: number, sum: number, squares: bigint | number, factor = 1): Sample {
  if (customers === 0) return { customers, mean: 0, variance: 0 };
  const spread = BigInt(customers) * BigInt(squares) - BigInt(sum) ** 2n;
  const variance = customers > 1 ? Number(spread) / customers / (customers - 1) : 0;
  return { customers, mean: (sum / customers) * factor, variance: variance * factor * factor };
}

/** Counts customers and events, given one flag per customer. */
export function countEvents(flags: readonly boolean[]): EventCount {
  return { customers: flags.length, events: flags.filter(Boolean).length };
}
