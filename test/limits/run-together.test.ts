import { expect, test } from 'vitest';
import { runTogether } from '../../src/limits/run-together.ts';
import { TimeLimitError } from '../../src/limits/run-within.ts';

function loopForever(): never {
  for (;;);
}

const settle = (works: (() => unknown)[], ms = 300) =>
  Promise.allSettled(works.map((work) => runTogether(ms, work)));

test('each piece gets what its own work returns or throws', async () => {
  const error = new Error('its own');
  const fail = () => {
    throw error;
  };
  expect(await settle([() => 1, fail, () => 3])).toEqual([
    { status: 'fulfilled', value: 1 },
    { status: 'rejected', reason: error },
    { status: 'fulfilled', value: 3 },
  ]);
});

test('pieces that are ready together run in one turn, in their order', async () => {
  const order: string[] = [];
  const done = settle([() => order.push('a'), () => order.push('b')]);
  setImmediate(() => order.push('the next turn'));
  await done;
  await new Promise(setImmediate);
  expect(order).toEqual(['a', 'b', 'the next turn']);
});

test('I4: a piece that never ends is terminated, and takes nobody along', async () => {
  const runs = { first: 0, last: 0 };
  const began = performance.now();
  const results = await settle([() => ++runs.first, loopForever, () => ++runs.last]);
  expect(results).toEqual([
    { status: 'fulfilled', value: 1 },
    { status: 'rejected', reason: new TimeLimitError(300) },
    { status: 'fulfilled', value: 1 },
  ]);
  // What was done before runs once.
  expect(runs).toEqual({ first: 1, last: 1 });
  expect(performance.now() - began).toBeLessThan(3_000);
});

test('a slow piece has its own time, whatever others have used up', async () => {
  const busy = (ms: number) => () => {
    for (const end = performance.now() + ms; performance.now() < end; );
    return ms;
  };
  expect(await settle([busy(150), busy(150), busy(1)], 10_000)).toEqual([
    { status: 'fulfilled', value: 150 },
    { status: 'fulfilled', value: 150 },
    { status: 'fulfilled', value: 1 },
  ]);
});

test('more pieces than one watch takes all run', async () => {
  const results = await settle(Array.from({ length: 65 }, (_, n) => () => n));
  expect(results.map((result) => 'value' in result && result.value)).toEqual([...Array(65).keys()]);
});
