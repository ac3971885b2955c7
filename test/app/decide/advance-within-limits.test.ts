import { expect, test } from 'vitest';
import { advanceWithinLimits } from '../../../src/app/decide/advance-within-limits.ts';
import { emptyState } from '../../../src/domain/state.ts';
import { DAY, MINUTE } from '../../../src/domain/time/time.ts';
import type { AdvanceInput } from '../../../src/engine/journey/advance-input.ts';
import { isTriedAgain, parkCustomer } from '../../../src/engine/journey/poison.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { compileAroma, Life } from '../../support/life.ts';

const START = Date.UTC(2026, 0, 5, 9);
const bundle = await compileAroma(treatEveryCustomer);

function createInput(orders: number): AdvanceInput {
  const life = new Life(bundle, START);
  const events = life.accept(
    ...Array.from({ length: orders }, (_, i) => ({
      name: 'Order Completed',
      at: START + i,
      properties: { order_id: `o-${i}`, total: 10 },
      context: { traits: { email: 'anna@example.com' } },
    })),
  );
  return life.buildInput(events);
}

test('within the limits the batch is decided whole', async () => {
  const advanced = await advanceWithinLimits(createInput(3), null);
  expect(advanced.ok && advanced.events).toHaveLength(3);
  expect(advanced.ok && advanced.result.plan.deliveries.length).toBeGreaterThan(0);
});

test('I7: the limits change nothing about a decision', async () => {
  const { result: limited } = (await advanceWithinLimits(createInput(3), null)) as { result: unknown };
  const { result: again } = (await advanceWithinLimits(createInput(3), null)) as { result: unknown };
  expect(JSON.stringify(again)).toBe(JSON.stringify(limited));
});

test('I4: work that never ends is terminated, and the reason names the limit', async () => {
  const begin = performance.now();
  const advanced = await advanceWithinLimits(
    {
      ...createInput(2),
      evaluate: () => {
        for (;;);
      },
    },
    null,
  );
  expect(advanced).toEqual({ ok: false, reason: 'took longer than 1000 ms' });
  // Twice a second, and less than the four seconds after which the activity counts as dead.
  expect(performance.now() - begin).toBeLessThan(3_500);
}, 20_000);

test('a batch that takes too many steps is decided event by event', async () => {
  const input = createInput(20);
  let asked = 0;
  const advanced = await advanceWithinLimits(
    {
      ...input,
      evaluate: (expression, scope, budget) => {
        // Half of what is allowed, for each order that has come so far.
        if (expression !== 'costly') return input.evaluate(expression, scope);
        if (budget) budget.left -= 2_600_000;
        return { ok: true, value: true };
      },
      choose: (candidates, request) => {
        asked++;
        return input.choose(candidates, request);
      },
      bundle: {
        ...bundle,
        journeys: bundle.journeys.map((journey) => ({
          ...journey,
          enter: journey.enter.map((entry) =>
            entry.kind === 'event' &&
            entry.trigger.on === 'Order Completed' &&
            journey.id === 'order-confirmation'
              ? { ...entry, trigger: { ...entry.trigger, when: 'costly' } }
              : entry,
          ),
        })),
      },
    },
    null,
  );
  expect(asked).toBeGreaterThan(0);
  expect(advanced.ok && advanced.events.map((event) => event.seq)).toEqual([1]);
});

test('a process that was suspended during the first try decides with the second', async () => {
  const input = createInput(2);
  let first = true;
  const advanced = await advanceWithinLimits(
    {
      ...input,
      evaluate: (...args) => {
        if (first) {
          first = false;
          for (;;);
        }
        return input.evaluate(...args);
      },
    },
    null,
  );
  expect(advanced.ok && advanced.events.map((event) => event.seq)).toEqual([1]);
}, 20_000);

test('the pause of a parked customer grows from a minute to a day', async () => {
  const failed = { state: emptyState(), reason: 'too long', seq: 7, bundle: 3, now: START };
  const pauses: number[] = [];
  let { state } = parkCustomer(failed);
  for (let i = 0; i < 8; i++) {
    pauses.push((state.poison?.until ?? 0) - START);
    ({ state } = parkCustomer({ ...failed, state }));
  }
  expect(pauses.map((pause) => pause / MINUTE)).toEqual([1, 4, 16, 64, 256, 1_024, 1_440, 1_440]);
  expect(state.poison).toMatchObject({ reason: 'too long', since: START, seq: 7, bundle: 3, tries: 9 });
  // Under another bundle the count begins again.
  expect(parkCustomer({ ...failed, state, bundle: 4 }).state.poison).toMatchObject({ tries: 1, bundle: 4 });
});

test('a parked customer is tried again in time, under another bundle, and on a command', async () => {
  const poison = { reason: '', since: START, bundle: 3, seq: 7, tries: 1, until: START + DAY };
  const now = { now: START + 1, bundle: 3, isCommanded: false };
  expect(isTriedAgain(poison, now)).toBe(false);
  expect(isTriedAgain(poison, { ...now, now: START + DAY })).toBe(true);
  expect(isTriedAgain(poison, { ...now, bundle: 4 })).toBe(true);
  expect(isTriedAgain(poison, { ...now, isCommanded: true })).toBe(true);
});
