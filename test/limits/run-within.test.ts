import { describe, expect, test } from 'vitest';
import { limitSteps, StepLimitError } from '../../src/limits/limit-steps.ts';
import { runWithin, TimeLimitError } from '../../src/limits/run-within.ts';
import { createScope } from '../definitions/cel/scope.ts';

function loopForever(): never {
  for (;;);
}

describe('runWithin', () => {
  test('returns what the work returns, and throws what it throws', () => {
    expect(runWithin(1_000, () => 3)).toBe(3);
    const error = new Error('its own');
    expect(() =>
      runWithin(1_000, () => {
        throw error;
      }),
    ).toThrow(error);
  });

  test.each<[string, () => unknown]>([
    ['a loop', loopForever],
    ['a backtracking pattern', () => /^([a-z]|[a-z0-9])+$/.test(`${'a'.repeat(50)}!`)],
    [
      'a loop that catches everything',
      () => {
        for (;;) {
          try {
            loopForever();
          } catch {}
        }
      },
    ],
    [
      'recursion without end',
      () =>
        ((f: (n: number) => number) => f(40))(function fib(n: number): number {
          return n < 0 ? n : fib(n - 1) + fib(n - 1);
        }),
    ],
  ])('I4: terminates %s', (_, work) => {
    const begin = performance.now();
    expect(() => runWithin(50, work)).toThrow(new TimeLimitError(50));
    expect(performance.now() - begin).toBeLessThan(5_000);
  });

  test('what comes after a termination runs as before', async () => {
    const { stackTraceLimit } = Error;
    expect(() =>
      runWithin(20, () => {
        Error.stackTraceLimit = 0;
        loopForever();
      }),
    ).toThrow(TimeLimitError);
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
    expect(runWithin(1_000, () => 4)).toBe(4);
    expect(await Promise.resolve(5)).toBe(5);
  });

  test('may be nested: the inner limit ends the inner work only', () => {
    const outcome = runWithin(5_000, () => {
      try {
        return runWithin(20, loopForever);
      } catch (error) {
        return error;
      }
    });
    expect(outcome).toEqual(new TimeLimitError(20));
    expect(() => runWithin(20, () => runWithin(5_000, loopForever))).toThrow(TimeLimitError);
  });
});

test('limitSteps fails the evaluations after the limit, and says so at the end', () => {
  const evaluator = (_: string, __: unknown, budget?: { left: number }) => {
    if (budget) budget.left -= 10;
    return { ok: true as const, value: true };
  };
  const limited = limitSteps(evaluator, 25);
  limited.evaluate('a', createScope());
  limited.evaluate('a', createScope());
  expect(() => limited.check()).not.toThrow();
  limited.evaluate('a', createScope());
  expect(() => limited.check()).toThrow(new StepLimitError(25));
});
