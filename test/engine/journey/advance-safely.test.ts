import { expect, test } from 'vitest';
import { advanceSafely } from '../../../src/engine/journey/advance-safely.ts';
import { createTreater } from '../../../src/engine/treatment/treat.ts';
import { compileAroma, Life } from '../../support/life.ts';

const START = Date.UTC(2026, 0, 5, 9);

test('I4: when the chooser throws, the batch is poisoned, the customer goes on and the reason is recorded', async () => {
  const life = new Life(await compileAroma(), START);
  const [event] = life.accept({ name: 'Order Completed', at: START, properties: { order_id: 'o-1' } });
  const advanced = advanceSafely({
    state: life.state,
    events: event ? [event] : [],
    processedSeq: 0,
    facts: life.buildFacts(),
    bundle: life.bundle,
    now: START,
    evaluate: () => ({ ok: true, value: false }),
    choose: () => {
      throw new Error('the model is broken');
    },
    treat: createTreater(null),
    scores: {},
    decisionRef: 'r',
    definitionsChanged: false,
    pinnedBundles: new Map(),
    closingEvents: [],
  });
  expect(advanced.changes[0]).toEqual({
    kind: 'poisoned',
    enrollment: null,
    event: event?.id,
    reason: 'the model is broken',
  });
  expect(advanced.state.enrollments).toEqual([]);
  expect(advanced.plan.deliveries).toEqual([]);
});
