import { observe } from './observe.ts';
import type { Part } from './part.ts';
import type { Random } from './random.ts';
import type { PartResult } from './report.ts';
import { Tally } from './tally.ts';
import type { Target } from './target.ts';
import { checkNobodyIsStuck } from './wedge.ts';

/** How long a client that does nothing wrong may wait, whatever others send. */
const GOOD_MS = 10_000;

export interface RunOptions {
  random: Random;
  /** What the parts that try as much as they can share. */
  seconds: number;
  short?: boolean;
  onPart?(name: string, run: () => Promise<PartResult>): Promise<PartResult>;
}

/** Runs parts one after the other, and then looks whether a customer is stuck. */
export async function runParts(target: Target, parts: Part[], options: RunOptions): Promise<PartResult[]> {
  const { random, seconds, short = false, onPart = (_, run) => run() } = options;
  const shares = parts.reduce((sum, { share }) => sum + (share ?? 0), 0) || 1;
  const results: PartResult[] = [];
  for (const part of parts) {
    const run = () =>
      measure(target, part, (tally) =>
        part.run({
          target,
          tally,
          random: random.fork(part.name),
          seconds: ((part.share ?? 0) / shares) * seconds,
          short,
        }),
      );
    results.push(await onPart(`${part.name}: ${part.what}`, run));
  }
  const after = { name: 'after', what: 'fuzzed customers order, and get the confirmation' };
  const check = () => measure(target, after, (tally) => checkNobodyIsStuck(target, tally));
  results.push(await onPart(`${after.name}: ${after.what}`, check));
  return results;
}

async function measure(
  target: Target,
  { name, what }: Pick<Part, 'name' | 'what'>,
  run: (tally: Tally) => Promise<void>,
): Promise<PartResult> {
  const tally = new Tally();
  const watch = observe(target.url, target.apiPid);
  await run(tally).catch((error: Error) =>
    tally.report(`the part ended with an error: ${error.stack}`, name),
  );
  const observed = await watch.stop();
  const { slowest, failed } = observed.good;
  if (failed > 0) tally.report(`a good client was refused ${failed} times`, name);
  if (slowest > GOOD_MS) tally.report(`a good client waited ${Math.round(slowest)} ms`, name);
  const errors = target.readErrors?.() ?? [];
  return { name, what, tally, observed, errors };
}
