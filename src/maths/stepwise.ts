/** Work in pieces: between two of them whoever runs it may let others go first. */
export type Stepwise<Result> = Generator<void, Result, void>;

/** Does it without a break. */
export function runAtOnce<Result>(work: Stepwise<Result>): Result {
  for (;;) {
    const piece = work.next();
    if (piece.done) return piece.value;
  }
}

/** Maps a long list, with a break after every so many. */
export function* mapStepwise<One, Made>(
  list: readonly One[],
  make: (one: One) => Made,
  every = 200,
): Stepwise<Made[]> {
  const made: Made[] = [];
  for (const one of list) {
    made.push(make(one));
    if (made.length % every === 0) yield;
  }
  return made;
}
