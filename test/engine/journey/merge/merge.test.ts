import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bundle, JourneyDef } from '../../../../src/domain/definition.ts';
import { EVENT } from '../../../../src/domain/event.ts';
import { type Enrollment, emptyState } from '../../../../src/domain/state.ts';
import { DAY, HOUR } from '../../../../src/domain/time/time.ts';
import { advance } from '../../../../src/engine/journey/advance.ts';
import {
  mergeDates,
  mergeSegments,
  mergeStage,
  moreAdvanced,
  readMerge,
} from '../../../../src/engine/journey/merge/merge-states.ts';
import {
  buildAction,
  buildBundle,
  buildJourney,
  decideStep,
  entryByDate,
  entryByEvent,
  exitAfter,
  exitOn,
  trigger,
  waitStep,
} from '../../../support/bundle-builders.ts';
import { Life } from '../../../support/life.ts';

const START = Date.UTC(2026, 0, 5, 9);
const identify = { type: 'identify', name: 'Customer Identified', traits: { email: 'a@b.de' } } as const;
const waitForNever = (id: string) => waitStep(id, [{ kind: 'event', trigger: trigger('Never') }]);
const days = (id: string, n: number) => waitStep(id, [{ kind: 'after', after: n * DAY }]);

const cart: JourneyDef = buildJourney(
  'cart',
  [entryByEvent('Cart Left')],
  [days('patience', 1), decideStep('remind', ['reminder']), waitForNever('end')],
  { key: 'cart_id', exit: [exitOn('Order Completed'), exitAfter(30 * DAY)] },
);
const bundle = buildBundle({ actions: [buildAction('reminder'), buildAction('welcome')], journeys: [cart] });
const left = (cart_id: string) => ({ name: 'Cart Left', properties: { cart_id } });

function two(of: Bundle = bundle): [winner: Life, loser: Life] {
  const [winner, loser] = [new Life(of, START, 'cus_1'), new Life(of, START, 'cus_2')];
  winner.acceptAndDecide(identify);
  return [winner, loser];
}

describe('story 8: merging identities', () => {
  test('B-6: when an anonymous visitor with a cart logs in, the journey goes on where it was, under its own id', () => {
    const [ada, visitor] = two();
    visitor.acceptAndDecide(left('c1'));
    const before = structuredClone(visitor.state.enrollments[0] as Enrollment);
    for (const life of [ada, visitor]) life.passTime(12 * HOUR);
    const { changes } = ada.merge(visitor);
    const merged = ada.log.find((e) => e.name === EVENT.merged);
    expect(ada.state.enrollments).toEqual([
      { ...before, sinceSeq: merged?.seq, entry: { ...before.entry, seq: merged?.seq } },
    ]);
    expect(changes).toContainEqual({
      kind: 'adopted',
      enrollment: before.id,
      journey: 'cart',
      from: 'cus_2',
    });
    ada.passTime(12 * HOUR);
    expect(ada.sentActions()).toEqual(['reminder']);
  });

  test('correctness 15: events accepted for the merged customer that no decision has processed are processed here', () => {
    const [ada, visitor] = two();
    visitor.acceptAndDecide(left('c1'));
    visitor.accept({ name: 'Order Completed', at: START }, { ...left('c2'), at: START });
    ada.merge(visitor);
    expect(ada.state.enrollments.map((e) => e.key)).toEqual(['c2']);
    expect(ada.pastEnrollments).toMatchObject([{ journey: 'cart', key: 'c1' }]);
  });

  test('B-6: of two enrollments with the same journey and key the more advanced stays, and the other’s plans are cancelled', () => {
    const [ada, visitor] = two();
    visitor.acceptAndDecide(identify);
    visitor.acceptAndDecide(left('c1'));
    for (const life of [ada, visitor]) life.passTime(DAY - HOUR);
    ada.acceptAndDecide(left('c1'));
    for (const life of [ada, visitor]) life.now = START + DAY;
    visitor.decide();
    expect(visitor.deliveries.map((d) => d.state)).toEqual(['planned']);
    const [further] = visitor.state.enrollments;
    const { plan } = ada.merge(visitor);
    expect(plan.endedEnrollments.map((e) => [e.reason, e.step])).toEqual([['merged', 'patience']]);
    expect(ada.state.enrollments.map((e) => e.id)).toEqual([further?.id]);
    ada.passTime(20 * DAY);
    expect(ada.sentActions()).toEqual(['reminder']);
  });

  test('B-6: a message that both had planned is sent once', () => {
    const [ada, visitor] = two();
    for (const life of [ada, visitor]) {
      life.acceptAndDecide(identify);
      life.acceptAndDecide(left('c1'));
      life.now = START + DAY;
      life.decide();
      expect(life.deliveries.map((d) => d.state)).toEqual(['planned']);
    }
    ada.merge(visitor);
    ada.passTime(20 * DAY);
    expect(ada.deliveries.map((d) => d.state).sort()).toEqual(['cancelled', 'sent']);
  });

  test('B-6: the enrollment whose message is being sent stays, the other one ends', () => {
    for (const onItsWay of [0, 1]) {
      const lives = two();
      for (const life of lives) {
        life.acceptAndDecide(identify);
        life.acceptAndDecide(left('c1'));
        life.now = START + DAY;
        life.decide();
      }
      Object.assign(lives[onItsWay]?.deliveries[0] as object, { state: 'sending' });
      const [ada, visitor] = lives;
      ada.absorb(visitor);
      ada.decide(ada.unprocessedEvents());
      expect(ada.deliveries.map((d) => d.state).sort()).toEqual(['cancelled', 'sending']);
      expect(ada.state.enrollments[0]?.id).toMatch(onItsWay === 0 ? /cus_1/ : /cus_2/);
    }
  });

  test('B-6, correctness 26: a cart in one log and its order in the other bring no reminder', () => {
    for (const when of ['taken', 'untaken'] as const) {
      const [ada, visitor] = two();
      visitor.acceptAndDecide(left('c1'));
      for (const life of [ada, visitor]) life.passTime(HOUR);
      if (when === 'taken') ada.acceptAndDecide({ name: 'Order Completed' });
      else ada.accept({ name: 'Order Completed', at: ada.now });
      const ends = when === 'taken' ? ada.log.filter((e) => e.name === 'Order Completed') : [];
      ada.absorb(visitor);
      const advanced = advance({ ...ada.buildInput(ada.unprocessedEvents()), closingEvents: ends });
      expect(advanced.plan.endedEnrollments.map((e) => e.reason)).toEqual(['overtaken']);
    }
  });

  test('B-6: entry limits do not apply to adopted enrollments', () => {
    const limited = buildBundle({ ...bundle, journeys: [{ ...cart, limit: 1 }] });
    const [ada, visitor] = two(limited);
    ada.acceptAndDecide(left('c1'));
    visitor.acceptAndDecide(left('c2'));
    ada.merge(visitor);
    expect(ada.state.enrollments.map((e) => e.key)).toEqual(['c1', 'c2']);
  });

  test('B-6: an open ticket of either customer suppresses marketing after the merge', () => {
    const promo = buildAction('promo', { class: 'marketing' });
    const journeys = [
      buildJourney('promo', [entryByEvent('Start')], [decideStep('d', ['promo'], { hold: 30 * DAY })]),
    ];
    const [ada, visitor] = two(buildBundle({ actions: [promo], journeys }));
    visitor.acceptAndDecide({ name: 'Ticket Opened', properties: { ticket_id: 'T1' } });
    ada.acceptAndDecide({ name: 'Consent Changed', properties: { purpose: 'marketing', status: 'granted' } });
    visitor.acceptAndDecide({
      name: 'Consent Changed',
      properties: { purpose: 'marketing', status: 'granted' },
    });
    ada.merge(visitor);
    ada.acceptAndDecide({ name: 'Start' });
    expect(ada.state.openTickets.map((t) => t.id)).toEqual(['T1']);
    expect(ada.sentActions()).toEqual([]);
    ada.acceptAndDecide({ name: 'Ticket Closed', properties: { ticket_id: 'T1' } });
    ada.passTime(3 * DAY);
    expect(ada.sentActions()).toEqual(['promo']);
  });

  test('B-6: a date that came for either customer does not come again', () => {
    const journeys = [
      buildJourney(
        'birthday',
        [entryByDate('traits.born', { repeat: 'year' })],
        [decideStep('d', ['welcome'])],
      ),
    ];
    const [ada, visitor] = two(buildBundle({ actions: bundle.actions, journeys }));
    visitor.acceptAndDecide({ ...identify, traits: { email: 'a@b.de', born: '1990-01-05' } });
    expect(visitor.sentActions()).toEqual(['welcome']);
    ada.merge(visitor);
    ada.passTime(300 * DAY);
    expect(ada.sentActions()).toEqual(['welcome']);
    ada.passTime(100 * DAY);
    expect(ada.sentActions()).toEqual(['welcome', 'welcome']);
  });

  test('B-6: an unmerge is recorded and moves no enrollment', () => {
    const [ada] = two();
    ada.acceptAndDecide(left('c1'));
    const before = structuredClone(ada.state);
    ada.acceptAndDecide({ name: EVENT.unmerged, properties: { of: 'cus_2' } });
    expect(ada.state).toEqual(before);
  });
});

describe('experiment arms', () => {
  const half = buildBundle({
    actions: bundle.actions,
    journeys: [{ ...cart, class: 'marketing', holdout: 5_000 }],
  });
  const armed = (id: string, since: number, key: string) => {
    const life = new Life(half, START, id);
    life.knownSince = since;
    life.acceptAndDecide(left(key));
    return life;
  };
  const armOf = (life: Life) => life.state.enrollments[0]?.arm;

  test('B-6, C-13: the arm of the customer known first applies to later enrollments; enrollments of both arms are excluded', () => {
    let met = 0;
    for (let n = 0; n < 60; n++) {
      for (const older of ['winner', 'loser'] as const) {
        const winner = armed(`cus_w${n}`, older === 'winner' ? 1 : 2, 'c1');
        const loser = armed(`cus_l${n}`, older === 'winner' ? 2 : 1, 'c1');
        const [kept, other] =
          older === 'winner' ? [armOf(winner), armOf(loser)] : [armOf(loser), armOf(winner)];
        winner.merge(loser);
        const [enrollment] = winner.state.enrollments as [Enrollment];
        expect(enrollment.arm).toBe(kept);
        expect(enrollment.status.kind === 'control').toBe(kept === 'control');
        expect(enrollment.excluded).toBe(kept !== other);
        if (kept !== other) met++;
        winner.acceptAndDecide(left('c9'));
        expect(winner.state.enrollments.at(-1)).toMatchObject({ key: 'c9', arm: kept, excluded: false });
        winner.passTime(5 * DAY);
        expect(winner.deliveries.some((d) => d.enrollmentId === enrollment.id && kept === 'control')).toBe(
          false,
        );
      }
    }
    expect(met).toBeGreaterThan(20);
  });

  test('C-13: a chain of merges keeps the arm of the customer known first of all', () => {
    for (let n = 0; n < 30; n++) {
      const lives = ['a', 'b', 'c'].map((name, at) =>
        armed(`cus_${name}${n}`, [3, 1, 2][at] as number, `c${at}`),
      );
      const [a, b, c] = lives as [Life, Life, Life];
      const kept = armOf(b);
      a.merge(b);
      a.merge(c);
      expect(a.state.seed).toBe(`cus_b${n}`);
      expect(a.state.enrollments.map((e) => e.arm)).toEqual([kept, kept, kept]);
    }
  });
});

describe('bad input', () => {
  test('a merge without a payload is poison, and the other events are processed', () => {
    const [ada] = two();
    for (const merged of [
      undefined,
      null,
      'x',
      {},
      { customerId: 'cus_2', knownSince: 1, state: { v: 2 } },
    ]) {
      const { changes } = ada.acceptAndDecide(
        { name: EVENT.merged, context: { merged } },
        left(`c${ada.seq}`),
      );
      expect(changes.map((c) => c.kind)).toEqual(['poisoned', 'entered']);
    }
  });

  test('B-11: a payload with a state of the first version is upgraded', () => {
    const { v: _, ...rest } = emptyState();
    const merged = readMerge({
      context: { merged: { customerId: 'x', knownSince: 1, state: { ...rest, v: 1 } } },
    });
    expect(merged?.state).toEqual(emptyState());
    expect(readMerge({ context: { merged: { customerId: 'x', knownSince: 1, state: null } } })?.state.v).toBe(
      2,
    );
  });

  test('the same merge twice has the effect of one', () => {
    const [ada, visitor] = two();
    visitor.acceptAndDecide(left('c1'));
    const [event] = ada.absorb(visitor);
    ada.decide(ada.unprocessedEvents());
    const before = structuredClone(ada.state.enrollments.map((e) => e.id));
    ada.acceptAndDecide({ name: EVENT.merged, context: event?.context ?? {} });
    expect(ada.state.enrollments.map((e) => e.id)).toEqual(before);
  });
});

const instant = fc.integer({ min: START - 3 * DAY, max: START });
const date = fc.record({
  on: fc.constantFrom('2026-01-03', '2026-01-04', '2026-02-01'),
  at: instant,
  state: fc.constantFrom('armed' as const, 'entered' as const, 'skipped' as const),
  last: fc.constantFrom(null, '2025-01-03', '2026-01-03'),
});
const names = fc.constantFrom('a', 'b', 'c');

describe('merging states is symmetric', () => {
  const same = <T>(of: fc.Arbitrary<T>, unite: (a: T, b: T) => T) =>
    fc.assert(
      fc.property(of, of, (a, b) => {
        expect(unite(a, b)).toEqual(unite(b, a));
      }),
    );

  test('merging segments, dates and stages gives the same in both orders', () => {
    same(fc.dictionary(names, fc.record({ inside: fc.boolean(), since: instant })), mergeSegments);
    same(fc.dictionary(names, date), mergeDates);
    same(fc.option(fc.record({ id: names, since: instant })), mergeStage);
  });

  test('the more advanced enrollment is the same in both orders', () => {
    const one = fc.record({
      id: fc.uuid(),
      enteredAt: fc.constantFrom(1, 2),
      step: fc.constantFrom(0, 1),
      begun: fc.constantFrom(0, 1, 2),
    });
    fc.assert(
      fc.property(one, one, (a, b) => {
        const progress = (e: Enrollment) => e as unknown as { step: number; begun: number };
        const [x, y] = [a as unknown as Enrollment, b as unknown as Enrollment];
        expect(moreAdvanced(x, y, progress)).toEqual(moreAdvanced(y, x, progress));
      }),
    );
  });
});

describe('any two customers', () => {
  const happening = fc.record({
    after: fc.integer({ min: 0, max: 30 * HOUR }),
    name: fc.constantFrom('Cart Left', 'Cart Left', 'Cart Left', 'Order Completed', 'Start', 'Never'),
    cart_id: fc.constantFrom('c1', 'c2', 'c3'),
    taken: fc.boolean(),
  });
  const once = buildAction('welcome', { limit: [{ max: 1, every: null, per: 'customer' }] });
  const start = buildJourney(
    'start',
    [entryByEvent('Start')],
    [decideStep('hello', ['welcome']), waitForNever('end')],
    {
      class: 'marketing',
      holdout: 3_000,
    },
  );
  const of = buildBundle({ actions: [buildAction('reminder'), once], journeys: [cart, start] });

  function live(
    id: string,
    happenings: { after: number; name: string; cart_id: string; taken: boolean }[],
  ): Life {
    const life = new Life(of, START, id);
    life.knownSince = START - happenings.length;
    life.acceptAndDecide(identify);
    for (const { after, name, cart_id, taken } of happenings) {
      life.passTime(after);
      if (taken) life.acceptAndDecide({ name, properties: { cart_id } });
      else life.accept({ name, at: life.now, properties: { cart_id } });
      if (taken && life.unprocessedEvents().length > 0) throw new Error('order');
    }
    return life;
  }

  /** An event that isn't taken leaves the ones after it untaken, too. */
  const lived = fc.array(happening, { maxLength: 8 }).map((all) => {
    const first = all.findIndex((h) => !h.taken);
    return all.map((h, at) => ({ ...h, taken: first < 0 || at < first }));
  });

  test('B-6, correctness 15: a merge loses no enrollment, keeps one per journey and key, and sends nothing twice', () => {
    fc.assert(
      fc.property(lived, lived, fc.boolean(), (a, b, late) => {
        const [ada, visitor] = [live('cus_1', a), live('cus_2', b)];
        for (const life of [ada, visitor]) life.now = START + 30 * DAY + (late ? 1 : 0);
        const before = [...ada.state.enrollments, ...visitor.state.enrollments].map((e) => e.id);
        const both = ada.state.enrollments.flatMap((e) => {
          const other = visitor.state.enrollments.find((v) => v.journey === e.journey && v.key === e.key);
          return other ? [[e.id, other.id]] : [];
        });
        const sentOf = (ids: string[], lives: Life[]) =>
          lives.flatMap((l) => l.deliveries).filter((d) => d.state === 'sent' && ids.includes(d.enrollmentId))
            .length;
        const sentBefore = both.map((ids) => sentOf(ids, [ada, visitor]));
        const advanced = ada.merge(visitor);
        const after = ada.history.slice(ada.history.indexOf(advanced));
        const kept = new Set([
          ...ada.state.enrollments.map((e) => e.id),
          ...after.flatMap((h) => h.plan.endedEnrollments.map((e) => e.id)),
        ]);
        for (const id of before) expect(kept).toContain(id);
        const names = ada.state.enrollments.map((e) => `${e.journey} ${e.key}`);
        expect(new Set(names).size).toBe(names.length);
        for (const e of ada.state.enrollments) expect(e.sinceSeq).toBeLessThanOrEqual(ada.seq);

        ada.passTime(60 * DAY);
        const met = new Set(
          after.flatMap((h) => h.plan.endedEnrollments.filter((e) => e.reason === 'merged').map((e) => e.id)),
        );
        both.forEach((ids, at) => {
          if (!ids.some((id) => met.has(id))) return;
          expect(sentOf(ids, [ada])).toBeLessThanOrEqual(Math.max(1, sentBefore[at] as number));
        });
      }),
      { numRuns: 150 },
    );
  });

  test('I7: merging the same two customers gives the same result', () => {
    fc.assert(
      fc.property(lived, lived, (a, b) => {
        const made = () => {
          const ada = live('cus_1', a);
          const visitor = live('cus_2', b);
          for (const life of [ada, visitor]) life.now = START + 30 * DAY;
          ada.merge(visitor);
          return JSON.stringify([ada.state, ada.deliveries]);
        };
        expect(made()).toBe(made());
      }),
      { numRuns: 30 },
    );
  });
});
