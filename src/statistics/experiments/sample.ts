/** What is known of one arm: a number per customer, summed up. */
export interface Sample {
  customers: number;
  mean: number;
  /** Of the customers' numbers, not of the mean; 0 for fewer than two. */
  variance: number;
}

/** How many customers of an arm did something. */
export interface EventCount {
  customers: number;
  events: number;
}

/**
 * Sums up one number per customer (orders, minor units).
 * @throws RangeError for a number that isn't finite: one of them would spoil all
 */
export function summarizeSample(values: readonly number[]): Sample {
  let mean = 0;
  let squares = 0;
  values.forEach((value, i) => {
    if (!Number.isFinite(value))
      throw new RangeError(`${value} can't be averaged: every customer needs a number`);
    const delta = value - mean;
    mean += delta / (i + 1);
    squares += delta * (value - mean);
  });
  return { customers: values.length, mean, variance: values.length > 1 ? squares / (values.length - 1) : 0 };
}

/** Counts those for whom it is true. */
export function countEvents(did: readonly boolean[]): EventCount {
  return { customers: did.length, events: did.filter(Boolean).length };
}
