import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Bundle } from '../../../src/domain/definition.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time/time.ts';
import { replaceInFile, treatEveryCustomer } from '../../support/bundles.ts';
import { compileAroma, Life } from '../../support/life.ts';

const START = Date.UTC(2026, 0, 5, 9);
let aroma: Bundle;
beforeAll(async () => {
  aroma = await compileAroma(treatEveryCustomer);
});

const context = {
  traits: { email: 'ada@example.com' },
  consent: { categoryPreferences: { marketing: true } },
};
const machine = {
  name: 'Order Completed',
  context: context,
  properties: { order_id: 'o-1', total: 400, products: [{ product_id: 'espresso-machine' }] },
};

test('sends one tip a week, none twice within 60 days, and ends the journey after 90 days', () => {
  const life = new Life(aroma, START);
  life.acceptAndDecide(machine);
  life.passTime(100 * DAY);
  const tips = life.deliveries.filter((d) => d.action.startsWith('tip-'));
  // By hand: the first tip keeps a day's distance from the order confirmation, the next ones come weekly. After the
  // third, each has to wait until its own limit of 60 days is over. The journey ends before any could come again.
  expect(tips.map(({ action, at }) => [action, (at - START) / DAY])).toEqual([
    ['tip-grinder', 1],
    ['tip-milk', 8],
    ['tip-descale', 15],
    ['tip-grinder', 61],
    ['tip-milk', 68],
    ['tip-descale', 75],
  ]);
  expect(life.state.enrollments.filter((e) => e.journey === 'tips')).toEqual([]);
});

test('A-7: a task that is not acknowledged escalates to the next queue, and expires if it is not resolved', () => {
  const life = new Life(aroma, START);
  life.acceptAndDecide({
    name: 'Order Completed',
    context: context,
    properties: { order_id: 'o-1', total: 900 },
  });
  life.passTime(2 * DAY);
  life.acceptAndDecide({ name: 'Payment Failed', properties: { order_id: 'o-2', value: 300 } });
  expect(life.tasks.map((t) => [t.action, t.queue, t.level])).toEqual([['agent-call', 'sales', 0]]);
  life.passTime(16 * MINUTE);
  expect(life.tasks.map((t) => [t.queue, t.level, t.state])).toEqual([['sales-leads', 1, 'open']]);
  life.passTime(4 * HOUR);
  expect(life.tasks[0]?.state).toBe('expired');
  expect(life.sentActions()).toContain('help-email');
});

test('D-6: a customer of high value gets a call, one of lower value a help e-mail', () => {
  const low = new Life(aroma, START);
  low.acceptAndDecide({
    name: 'Payment Failed',
    context: context,
    properties: { order_id: 'o-2', value: 300 },
  });
  expect(low.tasks).toEqual([]);
  expect(low.sentActions()).toEqual(['help-email']);
});

test('correctness 26: an order paid before its failed payment was accepted enters no rescue', () => {
  const life = new Life(aroma, START);
  life.accept(
    { name: 'Order Completed', at: START + 2, context: context, properties: { order_id: 'o-2', total: 30 } },
    { name: 'Payment Failed', at: START + 1, properties: { order_id: 'o-2', value: 30 } },
  );
  life.now = START + 10;
  life.decide(life.log, 0);
  expect(life.state.enrollments.map((e) => e.journey)).not.toContain('payment-rescue');
});

test('correctness 14, 28: an event from before the activation and a backfilled event enter no journey', () => {
  const later = { ...aroma, journeys: aroma.journeys.map((j) => ({ ...j, activeSince: START + DAY })) };
  const life = new Life(later, START);
  life.acceptAndDecide(machine);
  expect(life.state.enrollments).toEqual([]);

  const backfilled = new Life(aroma, START);
  const [event] = backfilled.accept({ ...machine, at: START });
  backfilled.decide([{ ...(event as NonNullable<typeof event>), historical: true }]);
  expect(backfilled.state.enrollments).toEqual([]);
});

test('an order that arrives repeatedly is confirmed once, since its key enters once', () => {
  const life = new Life(aroma, START);
  life.acceptAndDecide(machine);
  life.acceptAndDecide(machine);
  life.passTime(10 * DAY);
  life.acceptAndDecide(machine);
  expect(life.sentActions().filter((a) => a === 'order-confirmation')).toHaveLength(1);
});

test('a key that is too long to store enters nothing, and the refusal is recorded', () => {
  const life = new Life(aroma, START);
  const advanced = life.acceptAndDecide({
    ...machine,
    properties: { ...machine.properties, order_id: 'x'.repeat(6_000) },
  });
  const refused = advanced.changes.find(
    (c) => c.kind === 'not_entered' && c.journey === 'order-confirmation',
  );
  expect(refused).toMatchObject({ reason: 'its order_id is longer than 255 characters' });
});

test('customers in the control group are recorded and reach their goal, but get no message', async () => {
  const controlled = await compileAroma((files) =>
    replaceInFile('journeys/tips.yaml', 'holdout: 10%', 'holdout: 100%')(files),
  );
  const life = new Life(controlled, START);
  life.acceptAndDecide(machine);
  const tips = life.state.enrollments.find((e) => e.journey === 'tips');
  expect(tips?.arm).toBe('control');
  life.passTime(30 * DAY);
  life.acceptAndDecide({ name: 'Order Completed', properties: { order_id: 'o-2', total: 10 } });
  expect(life.state.enrollments.find((e) => e.journey === 'tips')?.goalAt).toBe(START + 30 * DAY);
  expect(life.sentActions().filter((a) => a.startsWith('tip-'))).toEqual([]);
});

test('two tickets closed together bring one survey', () => {
  const life = new Life(aroma, START);
  for (const ticket_id of ['T1', 'T2'])
    life.acceptAndDecide({ name: 'Ticket Opened', context: context, properties: { ticket_id } });
  life.passTime(DAY);
  for (const ticket_id of ['T1', 'T2'])
    life.acceptAndDecide({ name: 'Ticket Closed', properties: { ticket_id } });
  life.passTime(10 * DAY);
  expect(life.sentActions().filter((a) => a === 'csat-survey')).toHaveLength(1);
});

test('correctness 35: a claim that keeps refusing what the gates allow is retried after doubling pauses', () => {
  const life = new Life(aroma, START);
  life.accept({ ...machine, at: START });
  life.decide(life.log, 0);
  const attempts: number[] = [];
  for (let i = 0; i < 200 && attempts.length < 5; i++) {
    const planned = life.deliveries.find((d) => d.action === 'order-confirmation' && d.state === 'planned');
    if (planned) {
      attempts.push(life.now);
      Object.assign(planned, { state: 'held', refusal: { code: 'cap_reached', liftsAt: null } });
      life.decide();
    } else {
      life.now = Math.max(life.wakeAt ?? 0, life.now + 1_000);
      life.decide();
    }
  }
  const gaps = attempts.slice(1).map((at, i) => at - (attempts[i] as number));
  expect(gaps).toHaveLength(4);
  for (const [i, gap] of gaps.entries()) expect(gap).toBeGreaterThanOrEqual(30_000 * 2 ** i);
});

describe('poison', () => {
  test('a missing step poisons its enrollment alone, and a new bundle gives it another chance', () => {
    const life = new Life(structuredClone(aroma), START);
    life.acceptAndDecide(machine);
    const tips = life.bundle.journeys.find((j) => j.id === 'tips');
    const steps = tips?.steps ?? [];
    if (tips) tips.steps = [];
    life.passTime(3 * DAY);
    life.acceptAndDecide({ name: 'Ticket Opened', properties: { ticket_id: 'T1' } });
    expect(life.state.enrollments.find((e) => e.journey === 'tips')?.status.kind).toBe('poison');
    expect(life.sentActions()).toContain('ticket-help');
    if (tips) tips.steps = steps;
    life.bundle.version++;
    life.passTime(DAY);
    life.decide();
    expect(life.state.enrollments.find((e) => e.journey === 'tips')?.status.kind).not.toBe('poison');
  });

  test('no event throws, whatever its properties', () => {
    const life = new Life(aroma, START);
    const names = fc.constantFrom(
      'Order Completed',
      'Payment Failed',
      'Ticket Opened',
      'Consent Changed',
      'Product Added',
      'Cart Viewed',
    );
    fc.assert(
      fc.property(
        names,
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.jsonValue(),
        (name, properties, odd) => {
          const dressed = {
            ...properties,
            order_id: odd,
            ticket_id: odd,
            total: odd,
            value: odd,
            products: odd,
            status: odd,
          };
          const advanced = life.acceptAndDecide({ name, properties: dressed as Record<string, unknown> });
          expect(advanced.changes.filter((c) => c.kind === 'poisoned')).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

test('I4: every waiting enrollment has a waker, and every hold is rechecked within a day', () => {
  const life = new Life(aroma, START);
  life.acceptAndDecide(machine);
  life.acceptAndDecide({ name: 'Ticket Opened', properties: { ticket_id: 'T1' } });
  for (let day = 0; day < 60; day++) {
    life.passTime(DAY);
    expect(life.state.enrollments.length === 0 || (life.wakeAt ?? 0) > life.now).toBe(true);
    for (const { status } of life.state.enrollments) {
      if (status.kind === 'held' && status.liftsOn.length > 0)
        expect(status.recheckAt - life.now).toBeLessThanOrEqual(DAY);
    }
  }
});

test('I6: a blocked candidate lists every reason, each with the time or the event that lifts it', async () => {
  const strict = await compileAroma((files) => treatEveryCustomer(files).map((f) => f));
  const life = new Life(strict, START);
  life.accept({ name: 'Ticket Opened', at: START, properties: { ticket_id: 'T1' } });
  life.accept({ ...machine, context: { traits: { email: 'ada@example.com' } }, at: START });
  const advanced = life.decide(life.log, 0);
  const tip = advanced.judgedCandidates.find((j) => j.action === 'tip-grinder');
  const blocked = tip?.gates.filter((gate) => !gate.pass) ?? [];
  expect(blocked.map((gate) => gate.code).sort()).toEqual(['consent_unknown', 'ticket_open']);
  for (const gate of blocked) expect(gate.liftsAt ?? gate.liftsOn).toBeTruthy();
});

test('I7: the same inputs give the same decision, byte by byte', () => {
  const run = () => {
    const life = new Life(aroma, START);
    const first = life.acceptAndDecide(machine);
    life.passTime(20 * DAY);
    return JSON.stringify([first, life.state, life.deliveries]);
  };
  expect(run()).toBe(run());
});
