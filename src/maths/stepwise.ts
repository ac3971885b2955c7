/** Long work in steps: at each `yield` the caller can let other tasks run. */
export type Stepwise<Result> = Generator<void, Result, void>;

/** Runs all steps without a pause. */
export function runAtOnce<Result>(work: Stepwise<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Maps a long list, with a pause after every `every` items. */
export function* mapStepwise<Item, Result>(
  list: readonly Item[],
  map: (item: Item) => Result,
  every = 200,
): Stepwise<Result[]> {
  const results: Result[] = [];
  for (const item of list) {
    results.push(map(item));
    if (results.length % every === 0) yield;
  }
  return results;
}
