import fc from 'fast-check';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import {
  type AttributionModel,
  type Credit,
  divideCredit,
  type PathSums,
  readMarkovOrder,
  sumConversions,
} from '../../../src/statistics/attribution/attribute.ts';
import { computeRemovalEffects, type Transition } from '../../../src/statistics/attribution/markov.ts';
import { addPathSums, type MarkovOrder } from '../../../src/statistics/attribution/path-sums.ts';
import type { TouchPath } from '../../../src/statistics/attribution/touch-paths.ts';

export const NOW = Date.UTC(2026, 4, 1);
export const CHANNELS = ['email', 'sms', 'web', 'desk', '__proto__'];

/** A path of these touchpoints, a day apart, the last one an hour before the conversion. */
export function path(touchpoints: string[], conversions: number, value = 0): TouchPath {
  return {
    touches: touchpoints.map((touchpoint, i) => ({
      touchpoint,
      at: NOW - HOUR - (touchpoints.length - 1 - i) * DAY,
    })),
    lost: conversions > 0 ? 0 : 1,
    conversions,
    value,
  };
}

/** The sums of paths, by name and key. */
export function sumPaths(paths: readonly TouchPath[]): Map<string, bigint[]> {
  const sums = new Map<string, bigint[]>();
  for (const one of paths)
    addPathSums((sum, key, ...numbers) => {
      const id = JSON.stringify([sum, key]);
      const known = sums.get(id);
      sums.set(
        id,
        numbers.map((number, i) => BigInt(number) + (known?.[i] ?? 0n)),
      );
    }, one);
  return sums;
}

function read(sums: Map<string, bigint[]>, wanted: string): { key: (string | null)[]; sums: bigint[] }[] {
  return [...sums].flatMap(([id, own]) => {
    const [sum, key] = JSON.parse(id) as [string, (string | null)[]];
    return sum === wanted ? [{ key, sums: own }] : [];
  });
}

function readSums(sums: Map<string, bigint[]>): PathSums {
  const [conversions = 0, value = 0] = (read(sums, 'direct')[0]?.sums ?? []).map(Number);
  const credit = new Map(read(sums, 'credit').map(({ key, sums: own }) => [key[0] as string, own]));
  return { credit, direct: { conversions, value } };
}

function readChain(sums: Map<string, bigint[]>, order: MarkovOrder): Transition[] {
  return [...read(sums, 'chain'), ...read(sums, `chain${order}`)].map(
    ({ key, sums: [times, converting] }) => ({
      state: key.slice(0, -1) as string[],
      next: key.at(-1) ?? null,
      times: Number(times),
      converting: Number(converting),
    }),
  );
}

/** The credit of paths under a model. */
export function attributePaths(paths: readonly TouchPath[], model: AttributionModel): Credit[] {
  const sums = sumPaths(paths);
  const order = readMarkovOrder(model);
  return divideCredit(readSums(sums), model, order === null ? [] : readChain(sums, order));
}

/** All conversions of paths, and their value. */
export function countPaths(paths: readonly TouchPath[]) {
  return sumConversions(readSums(sumPaths(paths)));
}

/** What is lost without each touchpoint of these paths. */
export function removeFromPaths(paths: readonly TouchPath[], order: MarkovOrder): Map<string, number> {
  return computeRemovalEffects(readChain(sumPaths(paths), order));
}

const anyPath: fc.Arbitrary<TouchPath> = fc
  .record({
    touchpoints: fc.array(fc.constantFrom(...CHANNELS), { maxLength: 6 }),
    gaps: fc.array(fc.integer({ min: 0, max: 30 * DAY }), { minLength: 7, maxLength: 7 }),
    conversions: fc.constantFrom(0, 0, 1, 1, 2),
    value: fc.integer({ min: 0, max: 1_000_000 }),
  })
  .map(({ touchpoints, gaps, conversions, value }) => {
    let at = NOW;
    const touches = touchpoints.map((touchpoint, i) => {
      at += gaps[i] as number;
      return { touchpoint, at };
    });
    return {
      touches,
      lost: conversions > 0 ? 0 : 1,
      conversions,
      value: conversions > 0 ? value : 0,
    };
  });

export const anyPaths = fc.array(anyPath, { minLength: 1, maxLength: 25 });
