import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry, JourneyDef } from '../../../../src/domain/definition.ts';
import { ACCOUNT_SOURCE, EVENT } from '../../../../src/domain/event.ts';
import { DAY, HOUR } from '../../../../src/domain/time/time.ts';
import {
  buildAction,
  buildBundle,
  buildJourney,
  decideStep,
  entryByEvent,
  entryBySegment,
  exitOn,
  trigger,
  waitStep,
} from '../../../support/bundle-builders.ts';
import { Life } from '../../../support/life.ts';

const START = Date.UTC(2026, 0, 5, 9);
const stand = [waitStep('stand', [{ kind: 'after', after: 30 * DAY }])];
const SEGMENTS = [{ id: 'vip', when: 'count("Order Completed") >= 2' }];

function lifeOf(enter: Entry[], rest: Partial<JourneyDef> = {}, customerId = 'cus_1'): Life {
  const journeys = [buildJourney('j', enter, stand, rest)];
  return new Life(buildBundle({ journeys, segments: SEGMENTS }), START, customerId);
}

function refusals(life: Life): string[] {
  return life.history.flatMap((h) => h.changes).flatMap((c) => (c.kind === 'not_entered' ? [c.reason] : []));
}

const order = { name: 'Order Completed', properties: { order_id: 'o-1' } };

describe('by segment', () => {
  test('A-3: entering a segment enters the journey once; leaving it enters journeys that wait for leaving', () => {
    const segments = [{ id: 'vip', when: 'traits.vip == true' }];
    const journeys = [
      buildJourney('welcome', [entryBySegment('vip')], stand),
      buildJourney('farewell', [entryBySegment('vip', { on: 'leave' })], stand),
    ];
    const life = new Life(buildBundle({ journeys, segments }), START);
    const vip = (vip: boolean) =>
      life.acceptAndDecide({ type: 'identify', name: 'Customer Identified', traits: { vip } });
    vip(false);
    vip(true);
    vip(true);
    expect(life.state.enrollments.map((e) => [e.journey, e.entry.name])).toEqual([
      ['welcome', EVENT.segmentEntered],
    ]);
    vip(false);
    expect(life.state.enrollments.map((e) => e.journey)).toEqual(['welcome', 'farewell']);
    expect(life.publishedNames()).toEqual(['Segment Entered', 'Segment Left']);
    expect([...life.published.keys()][0]).toMatch(/^seg:vip:/);
  });

  test('first evaluation: an older customer whom the sweep has not passed counts as inside before', () => {
    const life = lifeOf([entryBySegment('vip')], { activeSince: START });
    life.knownSince = START - DAY;
    life.sweepRecorded = false;
    life.acceptAndDecide(order, order);
    expect(life.state.segments.vip).toEqual({ inside: true, since: START });
    expect(life.state.enrollments).toEqual([]);
    expect(life.publishedNames()).toEqual([]);
  });

  test('first evaluation: after the sweep, or for a customer newer than the journey, being inside counts as entering', () => {
    for (const known of ['swept', 'young']) {
      const life = lifeOf([entryBySegment('vip')], { activeSince: START });
      life.knownSince = known === 'young' ? START : START - DAY;
      life.sweepRecorded = known === 'swept';
      life.acceptAndDecide(order, order);
      expect(life.state.enrollments).toHaveLength(1);
    }
  });

  test('first evaluation: a customer whom the sweep finds inside was inside before, unless the entry backfills', () => {
    const sweep = { name: EVENT.entryDue, properties: { reason: 'activation', baseline: ['vip'] } };
    for (const backfill of [false, true]) {
      const life = lifeOf([entryBySegment('vip', { backfill })]);
      life.accept({ ...order, at: START }, { ...order, at: START });
      life.acceptAndDecide(sweep);
      expect(life.state.enrollments).toHaveLength(backfill ? 1 : 0);
      expect(life.state.segments.vip?.inside).toBe(true);
    }
  });

  test('a backfill enters customers who were evaluated before it, and none of them twice', () => {
    const life = lifeOf([entryBySegment('vip')]);
    life.sweepRecorded = false;
    life.knownSince = -1;
    life.acceptAndDecide(order, order);
    expect(life.state.enrollments).toEqual([]);
    life.activate(
      buildBundle({
        journeys: [buildJourney('j', [entryBySegment('vip', { backfill: true })], stand)],
        segments: SEGMENTS,
      }),
    );
    const sweep = { name: EVENT.entryDue, properties: { reason: 'activation', backfill: ['vip'] } };
    life.acceptAndDecide(sweep);
    life.acceptAndDecide(sweep);
    expect(life.state.enrollments).toHaveLength(1);
    life.passTime(40 * DAY);
    life.acceptAndDecide(sweep);
    expect(life.state.enrollments).toEqual([]);
  });

  test('a segment that was not watched for a while is evaluated as for the first time', () => {
    const life = lifeOf([entryBySegment('vip')]);
    life.acceptAndDecide(order, order);
    expect(life.state.enrollments).toHaveLength(1);
    life.activate(buildBundle({ segments: SEGMENTS }));
    expect(life.state.segments).toEqual({});
    life.sweepRecorded = false;
    life.activate(
      buildBundle({
        journeys: [buildJourney('j', [entryBySegment('vip')], stand, { activeSince: START + 1 })],
        segments: SEGMENTS,
      }),
    );
    expect(life.state.segments.vip?.inside).toBe(true);
    expect(life.state.enrollments).toEqual([]);
    expect(life.publishedNames()).toEqual(['Segment Entered']);
  });

  test('a condition that fails to evaluate counts as outside, and the failure is recorded', () => {
    const segments = [{ id: 'vip', when: 'traits.missing > 3.0' }];
    const life = new Life(
      buildBundle({ journeys: [buildJourney('j', [entryBySegment('vip')], stand)], segments }),
      START,
    );
    const { changes } = life.acceptAndDecide(order);
    expect(changes).toEqual([
      { kind: 'condition_failed', expression: 'traits.missing > 3.0', reason: 'no such key: traits.missing' },
    ]);
    expect(life.state.segments.vip?.inside).toBe(false);
  });
});

describe('by schedule', () => {
  const schedule: Entry = { kind: 'schedule', cron: '0 9 * * 1', where: 'vip' };
  const due = (occurrence: string) => ({
    name: EVENT.entryDue,
    properties: { reason: 'schedule', journey: 'j', entry: 0, occurrence },
  });

  test('a customer who is in the segment when the schedule is due enters, once per occurrence', () => {
    const life = lifeOf([schedule]);
    life.acceptAndDecide(due('2026-01-05'));
    expect(refusals(life)).toEqual(['outside the segment vip']);
    life.acceptAndDecide(order, order);
    life.acceptAndDecide(due('2026-01-12'));
    life.acceptAndDecide(due('2026-01-12'));
    expect(life.state.enrollments.map((e) => e.key)).toEqual([null]);
    expect(refusals(life).slice(1)).toEqual(['already_open']);
  });

  test('a schedule that an edit has removed enters no customer', () => {
    const life = lifeOf([entryByEvent('Never')]);
    life.acceptAndDecide(due('2026-01-05'));
    expect(refusals(life)).toEqual(['the journey has no such schedule any more']);
  });
});

describe('by API', () => {
  const ask = (properties: Record<string, unknown>) => ({ name: EVENT.enrollmentRequested, properties });

  test('a request enters only a journey with an api entry; the other properties become the entry and hold the key', () => {
    const life = lifeOf([{ kind: 'api' }], { key: 'contract' });
    life.acceptAndDecide(ask({ journey: 'j', contract: 'c-1', plan: 'gold' }));
    expect(life.state.enrollments[0]).toMatchObject({
      key: 'c-1',
      entry: { name: EVENT.enrollmentRequested, properties: { contract: 'c-1', plan: 'gold' } },
    });
    life.acceptAndDecide(ask({ journey: 'j' }), ask({ journey: 'nope' }), ask({}));
    expect(refusals(life)).toEqual(['the event has no contract', 'no such journey', 'no such journey']);

    const closed = lifeOf([entryByEvent('X')]);
    closed.acceptAndDecide(ask({ journey: 'j' }));
    expect(refusals(closed)).toEqual(['the journey has no api entry']);
  });

  test('correctness 14: a request enters only a journey that was active when the request was accepted', () => {
    const life = lifeOf([{ kind: 'api' }], { activeSince: START + HOUR });
    life.acceptAndDecide(ask({ journey: 'j' }));
    expect(refusals(life)).toEqual(['older than the journey']);
  });
});

describe('rules of entering', () => {
  test('each refused entry is recorded with its rule: limit, already open, entered before, recently, missing key', () => {
    const refused = (rest: Partial<JourneyDef>, again = order.properties as Record<string, unknown>) => {
      const life = lifeOf([entryByEvent('Order Completed')], { exit: [exitOn('Stop')], ...rest });
      life.acceptAndDecide(order);
      if (rest.reenter) life.acceptAndDecide({ name: 'Stop' });
      life.acceptAndDecide({ ...order, properties: again });
      return refusals(life);
    };
    expect(refused({})).toEqual(['already_open']);
    expect(refused({ key: 'order_id', limit: 1 }, { order_id: 'o-2' })).toEqual(['limit']);
    expect(refused({ key: 'order_id' }, {})).toEqual(['the event has no order_id']);
    expect(refused({ reenter: 'never' })).toEqual(['entered_before']);
    expect(refused({ reenter: { after: DAY } })).toEqual(['entered_recently']);
    expect(refused({ reenter: 'always' })).toEqual([]);
    expect(refused({ whileOpen: 'restart', limit: 1 })).toEqual([]);
  });

  test('a property of the prototype is no key', () => {
    const life = lifeOf([entryByEvent('Order Completed')], { key: 'constructor' });
    life.acceptAndDecide(order);
    expect(refusals(life)).toEqual(['the event has no constructor']);
  });

  test('correctness 26: a journey that was ended before its entering event was accepted is not entered', () => {
    const life = lifeOf([entryByEvent('Payment Failed')], {
      key: 'order_id',
      exit: [exitOn('Order Completed', { match: 'key' })],
    });
    life.now = START + 10;
    life.decide(
      life.accept(
        { ...order, at: START + 2 },
        { name: 'Payment Failed', at: START + 1, properties: { order_id: 'o-1' } },
        { name: 'Payment Failed', at: START + 1, properties: { order_id: 'o-2' } },
      ),
    );
    expect(life.state.enrollments.map((e) => e.key)).toEqual(['o-2']);
    expect(refusals(life)).toEqual(['overtaken']);
  });

  test('E-9, C-13: only marketing journeys have holdouts; the workspace’s holdout covers all of them', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const marketing = (name: string, holdout = 0) =>
          buildJourney(name, [entryByEvent('X')], stand, { class: 'marketing', holdout });
        const service = buildJourney('s', [entryByEvent('X')], stand, { holdout: 10_000 });
        const bundle = buildBundle({
          workspace: { holdout: 5_000 },
          journeys: [marketing('a'), marketing('b'), marketing('c', 10_000), service],
        });
        const life = new Life(bundle, START, id);
        life.acceptAndDecide({ name: 'X' });
        const arm = (journey: string) => life.state.enrollments.find((e) => e.journey === journey)?.arm;
        expect(arm('a')).toBe(arm('b'));
        expect(arm('c')).toBe('control');
        expect(arm('s')).toBe('treated');
        const again = new Life(bundle, START + DAY, id);
        again.acceptAndDecide({ name: 'X' });
        expect(again.state.enrollments[0]?.arm).toBe(arm('a'));
      }),
      { numRuns: 50 },
    );
  });
});

describe('events of other account members', () => {
  const echo = {
    source: ACCOUNT_SOURCE,
    context: { account: { id: 'acme', from: 'cus_2', event: 'evt_9' } },
  };

  test('E-7: only triggers with match: account match another member’s event; they match the customer’s own, too', () => {
    const journeys = [
      buildJourney('all', [entryByEvent('Contract Signed', { match: 'account' })], stand, {
        exit: [exitOn('Contract Ended', { match: 'account' })],
      }),
      buildJourney('own', [entryByEvent('Contract Signed')], stand, { exit: [exitOn('Contract Ended')] }),
    ];
    const life = new Life(buildBundle({ journeys }), START);
    life.acceptAndDecide({ name: 'Contract Signed', ...echo });
    expect(life.state.enrollments.map((e) => e.journey)).toEqual(['all']);
    life.acceptAndDecide({ name: 'Contract Signed' });
    expect(life.state.enrollments.map((e) => e.journey)).toEqual(['all', 'own']);
    life.acceptAndDecide({ name: 'Contract Ended', ...echo });
    expect(life.state.enrollments.map((e) => e.journey)).toEqual(['own']);
  });

  test('E-7: waits and goals match events of the account, and such an event rechecks a hold', () => {
    const goal = {
      ...trigger('Contract Renewed', { match: 'account' }),
      within: 90 * DAY,
      kpi: 'retained',
      exit: true,
    };
    const steps = [
      waitStep('signed', [{ kind: 'event', trigger: trigger('Quote Signed', { match: 'account' }) }]),
      decideStep('mail', ['letter']),
    ];
    const journeys = [buildJourney('renewal', [entryByEvent('Quote Sent')], steps, { goal })];
    const letter = buildAction('letter', { class: 'marketing' });
    const life = new Life(buildBundle({ journeys, actions: [letter] }), START);
    const context = { traits: { email: 'a@b.de' }, consent: { categoryPreferences: { marketing: true } } };
    life.acceptAndDecide({ name: 'Quote Sent', context });
    const theirs = {
      id: 'T9',
      source: 'x',
      status: 'open',
      rawStatus: 'open',
      severity: 'normal',
      product: null,
    } as const;
    const times = { subject: '', version: START, seq: 9, openedAt: START, closedAt: null, quietUntil: null };
    life.tickets.set('T9', { ...theirs, ...times, ownerId: 'cus_2' });
    life.acceptAndDecide({ name: 'Quote Signed', ...echo });
    expect(life.state.enrollments[0]?.status.kind).toBe('held');
    expect(life.state.openTickets.map((t) => t.id)).toEqual(['T9']);

    life.tickets.set('T9', {
      ...theirs,
      ...times,
      ownerId: 'cus_2',
      status: 'closed',
      quietUntil: START - 1,
    });
    life.acceptAndDecide({ name: 'Ticket Closed', properties: { ticket_id: 'T9' }, ...echo });
    expect(life.sentActions()).toEqual(['letter']);
    life.acceptAndDecide({ name: 'Quote Sent' });
    life.acceptAndDecide({ name: 'Contract Renewed', ...echo });
    expect(life.history.flatMap((h) => h.changes).filter((c) => c.kind === 'goal')).toHaveLength(1);
  });
});

describe('room', () => {
  const track = (n: number, name: string, more: object = {}) => ({
    name,
    properties: { key: `${n}`, ...more },
  });
  const journeys = ['One', 'Two', 'Three'].map((name) =>
    buildJourney(name, [entryByEvent(name)], stand, { key: 'key' }),
  );
  const open = (life: Life, count: number, name: string, more: object = {}) => {
    for (let n = 0; n < count; n++) life.acceptAndDecide(track(n, name, more));
  };

  test('100 enrollments of one journey and 200 of all are open; further ones do not enter, with the reason', () => {
    const life = new Life(buildBundle({ journeys }), START);
    open(life, 101, 'One');
    expect(life.state.enrollments).toHaveLength(100);
    open(life, 100, 'Two');
    open(life, 1, 'Three');
    expect(life.state.enrollments).toHaveLength(200);
    expect(refusals(life)).toEqual(['no_room', 'no_room']);
  });

  test('what has opened them takes half a megabyte', () => {
    const life = new Life(buildBundle({ journeys }), START);
    open(life, 40, 'One', { text: 'x'.repeat(30_000) });
    expect(life.state.enrollments.length).toBeGreaterThanOrEqual(16);
    expect(life.state.enrollments.length).toBeLessThan(18);
    open(life, 1, 'Two');
    expect(life.state.enrollments.some(({ journey }) => journey === 'Two')).toBe(true);
  });

  test('an enrollment that is begun again takes the room of the earlier one', () => {
    const restarting = buildJourney('One', [entryByEvent('One')], stand, {
      key: 'key',
      whileOpen: 'restart',
      reenter: 'always',
    });
    const life = new Life(buildBundle({ journeys: [restarting] }), START);
    open(life, 100, 'One');
    open(life, 100, 'One');
    expect(life.state.enrollments).toHaveLength(100);
    expect(refusals(life)).toEqual([]);
  });

  test('of two customers who become one, those that entered first are kept', () => {
    const [winner, loser] = [
      new Life(buildBundle({ journeys }), START, 'cus_1'),
      new Life(buildBundle({ journeys }), START, 'cus_2'),
    ];
    open(winner, 80, 'One');
    for (let n = 100; n < 180; n++) loser.acceptAndDecide(track(n, 'One'));
    const { changes } = winner.merge(loser);
    expect(winner.state.enrollments).toHaveLength(100);
    expect(changes.filter((change) => change.kind === 'ended' && change.reason === 'no_room')).toHaveLength(
      60,
    );
  });
});
