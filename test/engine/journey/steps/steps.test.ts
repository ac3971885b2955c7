import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActionDef, JourneyDef } from '../../../../src/domain/definition.ts';
import { DAY, HOUR, iso, MINUTE } from '../../../../src/domain/time/time.ts';
import { toPlainJson } from '../../../../src/domain/values/plain-json.ts';
import { advance } from '../../../../src/engine/journey/advance.ts';
import {
  buildAction,
  buildBundle,
  buildJourney,
  decideStep,
  entryByEvent,
  exitAfter,
  exitOn,
  trigger,
  waitStep,
} from '../../../support/bundle-builders.ts';
import { Life } from '../../../support/life.ts';

const START = Date.UTC(2026, 0, 5, 9);
const end = waitStep('stand', [{ kind: 'after', after: 60 * DAY }]);
const waitForNever = (id: string) => waitStep(id, [{ kind: 'event', trigger: trigger('Never') }]);
type Steps = Parameters<typeof buildJourney>[2];

function lifeOf(steps: Steps, rest: Partial<JourneyDef> = {}, actions: ActionDef[] = []): Life {
  const life = new Life(
    buildBundle({ actions, journeys: [buildJourney('j', [entryByEvent('Start')], steps, rest)] }),
    START,
  );
  life.acceptAndDecide({
    type: 'identify',
    name: 'Customer Identified',
    traits: { email: 'a@b.de', phone: '+4915112345678' },
  });
  return life;
}

function failures(life: Life): string[] {
  return life.history
    .flatMap((h) => h.changes)
    .flatMap((c) => (c.kind === 'condition_failed' ? [c.reason] : []));
}

/** Hours after the start at which the enrollment has moved off its first step. */
function waited(life: Life): number {
  const from = life.now;
  life.acceptAndDecide({ name: 'Start', properties: {} });
  for (let hour = 0; hour < 24 * 400; hour++) {
    if (life.state.enrollments[0]?.step !== 'w') return (life.now - from) / HOUR;
    life.passTime(HOUR / 2);
  }
  throw new Error('waits forever');
}

describe('set', () => {
  test('set changes variables at once, and traits through an event with the journey as its source', () => {
    const life = lifeOf([
      { id: 's', kind: 'set', vars: { n: '1.0', at: 'now' }, traits: { tier: "'gold'" } },
      { id: 't', kind: 'set', vars: { n: 'enrollment.vars.n + 1.0' }, traits: {} },
      end,
    ]);
    life.acceptAndDecide({ name: 'Start' });
    expect(life.state.enrollments[0]?.vars).toEqual({ n: 2, at: iso(START) });
    const [event] = life.published.values();
    expect(event).toMatchObject({ type: 'identify', source: 'journey:j', traits: { tier: 'gold' } });
    expect(event?.messageId).toBe(`set:${life.state.enrollments[0]?.id}:s:2`);
    expect(life.profile.traits.tier).toMatchObject({ value: 'gold', source: 'journey:j' });
  });

  test('a value that fails to evaluate stays as it was, the others are set, and the failure is recorded', () => {
    const life = lifeOf([{ id: 's', kind: 'set', vars: { a: 'traits.nope', b: '2.0' }, traits: {} }, end]);
    life.acceptAndDecide({ name: 'Start' });
    expect(life.state.enrollments[0]?.vars).toEqual({ b: 2 });
    expect(failures(life)).toEqual(['no such key: traits.nope']);
  });

  test('bad input: the result of an expression is plain JSON or refused', () => {
    fc.assert(
      fc.property(fc.anything({ withDate: true, withMap: true, withBigInt: true }), (value) => {
        const made = toPlainJson(value);
        if (made.ok) expect(JSON.parse(JSON.stringify(made.value))).toEqual(made.value);
      }),
    );
    expect(toPlainJson('x'.repeat(9_000)).ok).toBe(false);
    expect(toPlainJson(Number.POSITIVE_INFINITY).ok).toBe(false);
    const self: unknown[] = [];
    self.push(self);
    expect(toPlainJson(self).ok).toBe(false);
  });
});

describe('emit', () => {
  const loop = [
    { id: 'e', kind: 'emit', event: 'Called', properties: { who: "'us'" } },
    waitStep('w', [{ kind: 'after', after: DAY }]),
    { id: 'g', kind: 'goto', next: 'e' },
  ] as const;

  test('emit publishes once per enrollment and step, even in a loop', () => {
    const life = lifeOf([...loop]);
    life.acceptAndDecide({ name: 'Start' });
    life.passTime(60 * DAY);
    expect(life.log.filter((e) => e.name === 'Called').map((e) => e.properties)).toEqual([{ who: 'us' }]);
    const emitted = life.history.flatMap((h) => h.plan.outbox);
    expect(emitted.map((event) => event.messageId)).toEqual([`emit:${life.state.enrollments[0]?.id}:e`]);
  });

  test('emit publishes nothing if one of its values fails to evaluate', () => {
    const life = lifeOf([
      { id: 'e', kind: 'emit', event: 'Called', properties: { who: 'traits.nope', n: '1.0' } },
      end,
    ]);
    life.acceptAndDecide({ name: 'Start' });
    expect(life.publishedNames()).toEqual([]);
    expect(failures(life)).toEqual(['no such key: traits.nope']);
    expect(life.state.enrollments[0]?.step).toBe('stand');
  });
});

describe('branch', () => {
  test('C-13: a share is stable per customer and as large as configured, and its exposure is recorded', () => {
    const branch = {
      id: 'b',
      kind: 'branch',
      arms: [
        { kind: 'share', share: 3_000, salt: 'x', next: 'one' },
        { kind: 'share', share: 7_000, salt: 'x', next: 'two' },
      ],
    } as const;
    const journeys = [
      buildJourney(
        'j',
        [entryByEvent('Start')],
        [
          { ...branch, arms: [...branch.arms] },
          waitStep('one', [{ kind: 'after', after: DAY }]),
          waitStep('two', [{ kind: 'after', after: DAY }]),
        ],
      ),
    ];
    const bundle = buildBundle({ journeys });
    let one = 0;
    for (let n = 0; n < 1_000; n++) {
      const chosen = [START, START + 9 * DAY].map((at) => {
        const life = new Life(bundle, at, `cus_${n}`);
        const { changes } = life.acceptAndDecide({ name: 'Start' });
        const exposed = changes.find((c) => c.kind === 'exposed');
        expect(exposed?.arm).toBe(life.state.enrollments[0]?.step);
        return exposed?.arm;
      });
      expect(chosen[0]).toBe(chosen[1]);
      if (chosen[0] === 'one') one++;
    }
    expect(one).toBeGreaterThan(250);
    expect(one).toBeLessThan(350);
  });

  test('a branch takes the first arm whose condition holds, otherwise the else arm', () => {
    const life = lifeOf([
      {
        id: 'b',
        kind: 'branch',
        arms: [
          { kind: 'when', when: 'traits.nope == 1.0', next: 'exit' },
          { kind: 'when', when: 'event.properties.n > 1.0', next: 'one' },
          { kind: 'else', next: 'two' },
        ],
      },
      waitStep('one', [{ kind: 'after', after: DAY }]),
      waitStep('two', [{ kind: 'after', after: DAY }]),
    ]);
    life.acceptAndDecide({ name: 'Start', properties: { n: 2 } });
    expect(life.state.enrollments[0]?.step).toBe('one');
  });
});

describe('wait', () => {
  test('a wait ends when its condition has held without a break, and a break starts it again', () => {
    const life = lifeOf([waitStep('w', [{ kind: 'when', when: 'traits.calm == true', for: 2 * DAY }]), end]);
    const calm = (calm: boolean) =>
      life.acceptAndDecide({ type: 'identify', name: 'Customer Identified', traits: { calm } });
    life.acceptAndDecide({ name: 'Start' });
    calm(true);
    expect(life.wakeAt).toBe(START + DAY);
    life.passTime(DAY);
    calm(false);
    life.passTime(DAY);
    calm(true);
    life.passTime(2 * DAY - MINUTE);
    expect(life.state.enrollments[0]?.step).toBe('w');
    life.passTime(MINUTE);
    expect(life.state.enrollments[0]?.step).toBe('stand');
    expect(life.now - START).toBe(4 * DAY);
  });

  test('a wait ends when the customer’s clock reads a time on given weekdays, across a change of clocks', () => {
    const at = (days: number[] | null) => lifeOf([waitStep('w', [{ kind: 'at', at: 8 * 60, days }]), end]);
    const tomorrow = at(null);
    expect(waited(tomorrow)).toBe(23);
    const friday = at([5]);
    expect(waited(friday)).toBe(4 * 24 - 1);

    const spring = at([0]);
    spring.now = Date.UTC(2026, 2, 27, 12);
    spring.zoneName = 'Europe/Berlin';
    spring.acceptAndDecide({ name: 'Start' });
    expect(spring.wakeAt && iso(spring.wakeAt)).toBe('2026-03-29T06:00:00.000Z');
    spring.zoneName = 'America/New_York';
    spring.acceptAndDecide({ type: 'identify', name: 'Customer Identified', traits: { city: 'NY' } });
    expect(spring.wakeAt && iso(spring.wakeAt)).toBe('2026-03-29T12:00:00.000Z');
  });

  test('a wait for a date that is past ends at once, and a date that moves is read again', () => {
    const life = lifeOf([waitStep('w', [{ kind: 'date', date: 'traits.trial_end', offset: -2 * DAY }]), end]);
    const ends = (trial_end: unknown) =>
      life.acceptAndDecide({ type: 'identify', name: 'Customer Identified', traits: { trial_end } });
    life.acceptAndDecide({ name: 'Start' });
    ends('2026-02-01');
    life.passUntil(Date.UTC(2026, 0, 20));
    ends('2026-02-20');
    life.passUntil(Date.UTC(2026, 1, 17, 23));
    expect(life.state.enrollments[0]?.step).toBe('w');
    life.passUntil(Date.UTC(2026, 1, 18, 1));
    expect(life.state.enrollments[0]?.step).toBe('stand');
    expect(life.state.enrollments[0]?.since).toBe(Date.UTC(2026, 1, 18));

    const past = lifeOf([waitStep('w', [{ kind: 'date', date: "'2020-01-01'", offset: 0 }]), end]);
    expect(waited(past)).toBe(0);
  });

  test.each([
    ['traits.until', '2026-03-01T00:00:00.000Z', '2026-03-01T05:00:00.000Z'],
    ['traits.until', '2026-03-01', '2026-03-01T05:00:00.000Z'],
    ['traits.until', '2026-03-01T00:00:01.000Z', '2026-03-01T00:00:01.000Z'],
    ['timestamp(traits.until)', '2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  ])('in New York, a wait for %s of %s ends at %s', (date, until, ends) => {
    const life = lifeOf([waitStep('w', [{ kind: 'date', date, offset: 0 }]), end]);
    life.zoneName = 'America/New_York';
    life.acceptAndDecide({ type: 'identify', name: 'Customer Identified', traits: { until } });
    life.acceptAndDecide({ name: 'Start' });
    life.passUntil(Date.UTC(2026, 2, 2));
    expect(iso(life.state.enrollments[0]?.since ?? 0)).toBe(ends);
  });

  test('bad input: a wait for 31 February goes on for the other conditions of the step', () => {
    const until = [
      { kind: 'date', date: "'2026-02-31'", offset: 0 },
      { kind: 'after', after: 3 * DAY },
    ] as const;
    const life = lifeOf([waitStep('w', [...until]), end]);
    expect(waited(life)).toBe(72);
    expect(failures(life)[0]).toMatch(/no such day/);
  });

  test('since: enter also counts events from before the step began; without it only later events count', () => {
    for (const since of ['step', 'enter'] as const) {
      const life = lifeOf([
        waitStep('first', [{ kind: 'after', after: DAY }]),
        waitStep('w', [{ kind: 'event', trigger: trigger('Paid') }], since),
        end,
      ]);
      life.acceptAndDecide({ name: 'Start' });
      life.acceptAndDecide({ name: 'Paid' });
      life.passTime(2 * DAY);
      expect(life.state.enrollments[0]?.step).toBe(since === 'enter' ? 'stand' : 'w');
    }
  });

  test('an event accepted by then comes before the timer, a later one after it, even if the decision comes late', () => {
    for (const late of [false, true]) {
      const until = [
        { kind: 'event', trigger: trigger('Paid'), next: 'paid' },
        { kind: 'after', after: DAY, next: 'reminded' },
      ] as const;
      const life = lifeOf([waitStep('w', [...until]), waitForNever('paid'), waitForNever('reminded')]);
      life.acceptAndDecide({ name: 'Start' });
      const other = { name: 'Page Viewed', at: START + HOUR };
      const events = life.accept(other, { name: 'Paid', at: START + DAY + (late ? 1 : 0) });
      life.now = START + 3 * DAY;
      life.decide(events);
      expect(life.state.enrollments[0]?.step).toBe(late ? 'reminded' : 'paid');
    }
  });

  test('an exit by time comes before later events and after earlier ones', () => {
    for (const late of [false, true]) {
      const goal = { ...trigger('Paid'), within: 30 * DAY, kpi: 'margin', exit: true };
      const life = lifeOf([waitForNever('w')], { goal, exit: [exitAfter(DAY)] });
      life.acceptAndDecide({ name: 'Start' });
      const other = { name: 'Page Viewed', at: START + HOUR };
      const events = life.accept(other, { name: 'Paid', at: START + DAY + (late ? 1 : 0) });
      life.now = START + 3 * DAY;
      const { plan } = life.decide(events);
      expect(plan.endedEnrollments.map((e) => e.reason)).toEqual([late ? 'exit: time' : 'goal']);
    }
  });

  test('an exit by condition is checked before any step runs', () => {
    const exit = { kind: 'when', when: "has(traits.a) && traits.a == 'gone'" } as const;
    const steps: Steps = [
      waitStep('w', [{ kind: 'event', trigger: trigger('Customer Identified') }]),
      { id: 'e', kind: 'emit', event: 'Told', properties: {} },
      waitForNever('end'),
    ];
    const life = lifeOf(steps, { exit: [exit, exitAfter(DAY)] });
    life.acceptAndDecide({ name: 'Start' });
    life.acceptAndDecide({ type: 'identify', name: 'Customer Identified', traits: { a: 'gone' } });
    expect(life.publishedNames()).toEqual([]);
    expect(life.state.enrollments).toEqual([]);
    life.acceptAndDecide({ name: 'Start' });
    expect(life.state.enrollments).toEqual([]);
  });

  test('correctness 13: a wait that an edit has just begun sees events accepted from then on', () => {
    const life = lifeOf([waitStep('w', [{ kind: 'after', after: 30 * DAY }]), end]);
    life.acceptAndDecide({ name: 'Start' });
    const steps = [
      waitStep('w', [
        { kind: 'event', trigger: trigger('New Event') },
        { kind: 'after', after: 30 * DAY },
      ]),
      end,
    ];
    life.activate(buildBundle({ journeys: [buildJourney('j', [entryByEvent('Start')], steps)] }));
    life.acceptAndDecide({ name: 'New Event' });
    expect(life.state.enrollments[0]?.step).toBe('stand');
  });
});

describe('decide', () => {
  const both = (rest: Partial<ActionDef> = {}) =>
    buildAction('coupon', { channels: ['email', 'sms', 'push'], ...rest });
  const all = (actions: ActionDef[], rest = {}) => {
    const life = lifeOf([decideStep('d', ['coupon'], { deliver: 'all', ...rest }), end], {}, actions);
    life.bundle.workspace.channels = {
      sms: { via: 'webhook', address: 'phone' },
      push: { via: 'webhook', address: 'token' },
    };
    return life;
  };

  test('D-9: deliver all sends through every allowed channel, and the step ends when all deliveries are final', () => {
    const life = all([both()]);
    life.accept({ name: 'Start', at: START });
    life.decide(life.unprocessedEvents());
    expect(life.deliveries.map((d) => d.channel)).toEqual(['email', 'sms']);
    const [email, sms] = life.deliveries as [(typeof life.deliveries)[0], (typeof life.deliveries)[0]];
    email.state = 'failed';
    life.decide();
    expect(life.state.enrollments[0]?.status.kind).toBe('delivering');
    sms.state = 'unknown';
    life.decide();
    expect(life.state.enrollments[0]?.step).toBe('stand');
  });

  test('I2: an action sent through one channel is not sent again because another channel was refused', () => {
    const life = all([both()]);
    life.accept({ name: 'Start', at: START });
    life.decide(life.unprocessedEvents());
    const [email, sms] = life.deliveries as [(typeof life.deliveries)[0], (typeof life.deliveries)[0]];
    sms.state = 'held';
    sms.refusal = { code: 'cap_reached', liftsAt: null };
    life.decide();
    expect([email.state, sms.state]).toEqual(['planned', 'cancelled']);
    email.state = 'sent';
    life.decide();
    expect(life.state.enrollments[0]?.step).toBe('stand');
    life.passTime(30 * DAY);
    expect(life.deliveries).toHaveLength(2);
  });

  test('a delivery refused on every channel is decided again', () => {
    const life = all([both()]);
    life.accept({ name: 'Start', at: START });
    life.decide(life.unprocessedEvents());
    for (const d of life.deliveries)
      Object.assign(d, { state: 'held', refusal: { code: 'x', liftsAt: null } });
    life.decide();
    expect(life.state.enrollments[0]?.status.kind).toBe('held');
    life.passTime(HOUR);
    expect(life.sentActions()).toEqual(['coupon', 'coupon']);
  });

  test('D-5: about gives the ticket of a service action; if it fails to evaluate, the action is about none', () => {
    const service = buildAction('help', { about: 'ticket' });
    const subjects: (string | null)[] = [];
    for (const about of ["'T' + '7'", 'traits.nope', null]) {
      const life = lifeOf([decideStep('d', ['help'], { about }), end], { key: 'k' }, [service]);
      const input = life.buildInput(life.accept({ name: 'Start', at: START, properties: { k: 'K1' } }));
      advance({
        ...input,
        choose: (candidates, situation) => {
          subjects.push(...candidates.map((c) => c.subject));
          return input.choose(candidates, situation);
        },
      });
    }
    expect(subjects).toEqual(['T7', null, 'K1']);
  });

  test('D-6: a task lists the event that opened the enrollment and each reason whose condition holds', () => {
    const task = {
      queue: 'q',
      acknowledge: HOUR,
      escalate: [],
      resolve: DAY,
      outcomes: ['done'],
      attach: [],
    };
    const reasons = [
      { code: 'from_shop', when: "event.properties.channel == 'shop'" },
      { code: 'never', when: 'false' },
      { code: 'broken', when: 'traits.nope == 1' },
      { code: 'always', when: 'true' },
    ];
    const call = buildAction('call', { mode: 'human', task, reasons });
    const life = lifeOf([decideStep('d', ['call']), end], {}, [call]);
    const { plan, changes } = life.acceptAndDecide({ name: 'Start', properties: { channel: 'shop' } });
    expect(plan.tasks.map(({ reasons }) => reasons)).toEqual([['start', 'from_shop', 'always']]);
    const failed = changes.flatMap((c) => (c.kind === 'condition_failed' ? [c.expression] : []));
    expect(failed).toEqual(['traits.nope == 1']);
  });

  test('a goal cancels deliveries that are not being sent yet', () => {
    const goal = { ...trigger('Bought'), within: 30 * DAY, kpi: 'margin', exit: true };
    const life = lifeOf([decideStep('d', ['coupon']), end], { goal, exit: [exitOn('Never')] }, [
      buildAction('coupon'),
    ]);
    life.accept({ name: 'Start', at: START });
    life.decide(life.unprocessedEvents());
    life.acceptAndDecide({ name: 'Bought' });
    expect(life.deliveries.map((d) => d.state)).toEqual(['cancelled']);
  });
});
