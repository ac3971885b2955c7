import { describe, expect, test } from 'vitest';
import type { ActionDef, JourneyDef } from '../../../src/domain/definition.ts';
import { type JourneyState, upgradeState } from '../../../src/domain/state.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import {
  buildAction,
  buildBundle,
  buildJourney,
  decideStep,
  entryByDate,
  entryByEvent,
  entryBySegment,
  exitAfter,
  trigger,
  waitStep,
} from '../../support/bundle-builders.ts';
import { Life } from '../../support/life.ts';

const START = Date.UTC(2026, 0, 5, 9);
type Steps = Parameters<typeof buildJourney>[2];
const days = (id: string, n: number) => waitStep(id, [{ kind: 'after', after: n * DAY }]);
const waitForNever = (id: string) => waitStep(id, [{ kind: 'event', trigger: trigger('Never') }]);

function bundle(steps: Steps, rest: Partial<JourneyDef> = {}, actions: ActionDef[] = []) {
  return buildBundle({ actions, journeys: [buildJourney('j', [entryByEvent('Start')], steps, rest)] });
}

function begun(steps: Steps, rest: Partial<JourneyDef> = {}, actions: ActionDef[] = []): Life {
  const life = new Life(bundle(steps, rest, actions), START);
  life.acceptAndDecide({ type: 'identify', name: 'Customer Identified', traits: { email: 'a@b.de' } });
  life.acceptAndDecide({ name: 'Start' });
  return life;
}

const where = (life: Life) => life.state.enrollments.map((e) => [e.step, e.status.kind]);

describe('edits of a running journey', () => {
  test('an edited wait counts from when it began, shorter or longer', () => {
    const life = begun([days('w', 14), waitForNever('end')]);
    life.passTime(3 * DAY);
    life.activate(bundle([days('w', 20), waitForNever('end')]));
    expect(life.wakeAt).toBe(START + 20 * DAY);
    life.activate(bundle([days('w', 2), waitForNever('end')]));
    expect(where(life)).toEqual([['end', 'waiting']]);
  });

  test('enrollments on a removed step go where moved sends them, and their planned messages are cancelled', () => {
    const steps = [decideStep('old', ['mail']), waitForNever('end')];
    const life = new Life(bundle(steps, {}, [buildAction('mail')]), START);
    life.acceptAndDecide({ type: 'identify', name: 'Customer Identified', traits: { email: 'a@b.de' } });
    life.decide(life.accept({ name: 'Start', at: START }));
    expect(where(life)).toEqual([['old', 'delivering']]);
    const advanced = life.activate(
      bundle([waitForNever('first'), waitForNever('end')], { moved: { old: 'end' } }),
    );
    expect(advanced.changes).toContainEqual(
      expect.objectContaining({ kind: 'moved', from: 'old', to: 'end', reason: 'edit' }),
    );
    expect(where(life)).toEqual([['end', 'waiting']]);
    expect(life.deliveries.map((d) => d.state)).toEqual(['cancelled']);
  });

  test('correctness 13: a wait that begins with an edit sees an event accepted before the first decision', () => {
    const go = waitStep('new', [{ kind: 'event', trigger: trigger('Go') }]);
    for (const step of ['old', 'new']) {
      const life = begun(
        [
          step === 'old' ? waitForNever('old') : decideStep('new', ['mail'], { hold: 30 * DAY }),
          waitForNever('end'),
        ],
        {},
        [buildAction('mail', { class: 'marketing' })],
      );
      expect(where(life)).toEqual([[step, step === 'old' ? 'waiting' : 'held']]);
      life.accept({ name: 'Go', at: START });
      life.bundle = { ...bundle([go, waitForNever('end')], { moved: { old: 'new' } }), version: 2 };
      life.decide(life.unprocessedEvents());
      expect(where(life)).toEqual([['end', 'waiting']]);
    }
  });

  test('an enrollment moved to exit ends; without a target it is poison until an edit gives one', () => {
    const out = begun([waitForNever('old')]);
    out.activate(bundle([waitForNever('new')], { moved: { old: 'exit' } }));
    expect(where(out)).toEqual([]);

    const life = begun([waitForNever('old')]);
    life.activate(bundle([waitForNever('new')]));
    expect(where(life)).toEqual([['old', 'poison']]);
    life.activate(bundle([waitForNever('new')], { moved: { old: 'new' } }));
    expect(where(life)).toEqual([['new', 'waiting']]);
  });

  test('a step that is now of another kind begins again', () => {
    const life = begun([waitForNever('s'), waitForNever('end')]);
    life.activate(bundle([decideStep('s', ['mail']), waitForNever('end')], {}, [buildAction('mail')]));
    expect(life.sentActions()).toEqual(['mail']);
    expect(where(life)).toEqual([['end', 'waiting']]);

    const back = begun([decideStep('s', ['mail']), waitForNever('end')], {}, [
      buildAction('mail', { eligible: 'traits.x == 1.0' }),
    ]);
    expect(where(back)).toEqual([['end', 'waiting']]);
  });

  test('a message planned at a step that no longer decides is not sent', () => {
    const life = new Life(
      bundle([decideStep('s', ['mail']), waitForNever('end')], {}, [buildAction('mail')]),
      START,
    );
    life.acceptAndDecide({ type: 'identify', name: 'Customer Identified', traits: { email: 'a@b.de' } });
    life.decide(life.accept({ name: 'Start', at: START }));
    life.activate(bundle([waitForNever('s')]));
    expect(life.sentActions()).toEqual([]);
    expect(where(life)).toEqual([['s', 'waiting']]);
  });

  test('removing a journey ends its enrollments with the reason journey_removed', () => {
    const life = begun([waitForNever('w')]);
    const advanced = life.activate(buildBundle({}));
    expect(advanced.plan.endedEnrollments.map((e) => e.reason)).toEqual(['journey_removed']);
    expect(where(life)).toEqual([]);
  });

  test('a pinned enrollment ends under the version it entered, with its actions and that version on the delivery', () => {
    const pin = { versions: 'pin' } as const;
    const life = begun([days('w', 2), decideStep('d', ['mail']), waitForNever('end')], pin, [
      buildAction('mail'),
    ]);
    life.activate(buildBundle({}));
    life.activate(bundle([waitForNever('other')], pin));
    life.passTime(3 * DAY);
    expect(where(life)).toEqual([['end', 'waiting']]);
    const planned = life.history.flatMap((h) => h.plan.deliveries);
    expect(planned.map((d) => [d.action, d.bundleVersion])).toEqual([['mail', 1]]);
    life.passTime(90 * DAY);
    expect(where(life)).toEqual([]);
  });

  test('a pinned enrollment whose version is not loaded is poison, and goes on once it is loaded', () => {
    const pin = { versions: 'pin' } as const;
    const life = begun([days('w', 2), waitForNever('end')], pin);
    const first = life.versions.get(1);
    life.versions.delete(1);
    life.activate(buildBundle({}));
    expect(where(life)).toEqual([['w', 'poison']]);
    if (first) life.versions.set(1, first);
    life.decide();
    life.passTime(3 * DAY);
    expect(where(life)).toEqual([['end', 'waiting']]);
  });

  test('C-3: widening a journey’s segment restarts no open enrollment', () => {
    const segments = [
      { id: 'few', when: 'traits.vip == true' },
      { id: 'all', when: 'has(traits.vip)' },
    ];
    const of = (segment: string, backfill: boolean) =>
      buildBundle({
        segments,
        journeys: [
          buildJourney('j', [entryBySegment(segment, { backfill })], [days('w', 9), waitForNever('end')]),
        ],
      });
    const lives = [true, false].map((vip) => {
      const life = new Life(of('few', false), START);
      life.acceptAndDecide({ type: 'identify', name: 'Customer Identified', traits: { vip } });
      return life;
    }) as [Life, Life];
    const [vip, other] = lives;
    const before = structuredClone(vip.state.enrollments);
    expect([before.length, other.state.enrollments.length]).toEqual([1, 0]);
    for (const life of lives) {
      life.sweepRecorded = false;
      life.activate(of('all', true));
      life.acceptAndDecide({
        name: 'Entry Due',
        properties: { reason: 'activation', backfill: ['all'], baseline: ['all'] },
      });
      expect(life.state.enrollments).toHaveLength(1);
    }
    expect(vip.state.enrollments).toEqual(before);
  });

  test('correctness 14: an event of last month does not enter a journey activated since', () => {
    const life = new Life(bundle([waitForNever('w')], { activeSince: START + 30 * DAY }), START);
    const old = life.accept({ name: 'Start', at: START });
    life.now = START + 31 * DAY;
    life.decide(old);
    expect(where(life)).toEqual([]);
    life.decide(life.accept({ name: 'Start', at: START, acceptedAt: life.now }));
    expect(where(life)).toEqual([]);
    life.acceptAndDecide({ name: 'Start' });
    expect(where(life)).toHaveLength(1);
  });

  test('a revived enrollment resumes the effects it had begun, and nothing is sent twice', () => {
    const life = begun([decideStep('d', ['mail']), waitForNever('end')], {}, [
      buildAction('mail', { limit: [] }),
    ]);
    const [enrollment] = life.state.enrollments as [JourneyState['enrollments'][0]];
    Object.assign(enrollment, {
      step: 'd',
      since: START,
      status: { kind: 'poison', reason: 'x', bundle: 1 },
    });
    life.activate(bundle([decideStep('d', ['mail']), waitForNever('end')], {}, [buildAction('mail')]));
    expect(life.sentActions()).toEqual(['mail']);
    expect(where(life)).toEqual([['end', 'waiting']]);
  });
});

test('B-11, correctness 34: a state of the first version is upgraded and goes on where it was; a newer one is refused', () => {
  const life = begun([days('w', 14), waitForNever('end')]);
  const { stage: _, segments: __, dates: ___, seed: ____, ...rest } = life.state;
  const old = {
    ...rest,
    v: 1 as const,
    enrollments: rest.enrollments.map(({ pinned: _, excluded: __, holding: ___, ...e }) => e),
  };
  life.state = upgradeState(structuredClone(old));
  expect(upgradeState(life.state)).toBe(life.state);
  life.passTime(15 * DAY);
  expect(where(life)).toEqual([['end', 'waiting']]);
  expect(() => upgradeState({ ...life.state, v: 3 } as unknown as JourneyState)).toThrow(/newer/);
  expect(upgradeState(null).v).toBe(2);
});

test('B-11: over ten years of birthdays, weekly schedules and quarterly edits each comes on time and the state stays small', () => {
  const once = buildAction('gift');
  const of = (n: number) => {
    const loop: Steps = [days('week', 7), { id: 'again', kind: 'goto', next: 'week' }];
    const rounds = buildJourney(
      'rounds',
      [entryByEvent('Start')],
      n % 2 === 0 ? loop : [days('week', 7), ...loop.slice(1)],
      {
        exit: [exitAfter(36_500 * DAY)],
      },
    );
    const birthday = buildJourney(
      'birthday',
      [entryByDate('traits.born', { repeat: 'year' })],
      [decideStep('d', ['gift'])],
    );
    return buildBundle({ actions: [once], journeys: [rounds, birthday] });
  };
  const life = new Life(of(0), START);
  life.acceptAndDecide({
    type: 'identify',
    name: 'Customer Identified',
    traits: { email: 'a@b.de', born: '1996-02-29' },
  });
  life.acceptAndDecide({ name: 'Start' });
  const sizes: number[] = [];
  for (let quarter = 1; quarter <= 40; quarter++) {
    life.passTime(91 * DAY);
    life.activate(of(quarter));
    life.state = upgradeState(JSON.parse(JSON.stringify(life.state)));
    sizes.push(JSON.stringify(life.state).length);
  }
  const gifts = life.deliveries.map((d) => new Date(d.at).toISOString().slice(0, 10));
  const leap = (year: number) => (year % 4 === 0 ? '29' : '28');
  expect(gifts).toEqual(Array.from({ length: 10 }, (_, at) => `${2026 + at}-02-${leap(2026 + at)}`));
  expect(Math.max(...sizes)).toBeLessThan(2_000);
  expect(life.state.enrollments.map((e) => e.journey)).toEqual(['rounds']);
});

test('an exit by time counts from the entry, whatever is edited', () => {
  const life = begun([waitForNever('w')], { exit: [exitAfter(10 * DAY)] });
  life.activate(bundle([waitForNever('w')], { exit: [exitAfter(5 * DAY)] }));
  life.passTime(6 * DAY);
  expect(where(life)).toEqual([]);
});
