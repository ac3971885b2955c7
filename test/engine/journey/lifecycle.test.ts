import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR, iso } from '../../../src/domain/time/time.ts';
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
} from '../../support/bundle-builders.ts';
import { Life } from '../../support/life.ts';

const START = Date.UTC(2026, 0, 5, 9);
const identify = { type: 'identify', name: 'Customer Identified', traits: { email: 'a@b.de' } } as const;
const consented = { consent: { categoryPreferences: { marketing: true } } };

describe('story 5: the unanswered question', () => {
  const followUp = buildAction('follow-up', { limit: [{ max: 1, every: HOUR, per: 'customer' }] });
  const patience = waitStep('patience', [
    { kind: 'event', trigger: trigger('Question Asked') },
    { kind: 'after', after: 4 * HOUR },
  ]);
  const journey = buildJourney(
    'unanswered',
    [entryByEvent('Question Asked')],
    [patience, decideStep('ask', ['follow-up'], { hold: HOUR })],
    {
      key: 'question_id',
      reenter: 'never',
      exit: [exitOn('Question Answered', { match: 'key' }), exitAfter(14 * DAY)],
    },
  );
  const bundle = buildBundle({ actions: [followUp], journeys: [journey] });
  const ask = (question_id: string) => ({ name: 'Question Asked', properties: { question_id } });
  const answer = (question_id: string) => ({ name: 'Question Answered', properties: { question_id } });
  const startLife = () => {
    const life = new Life(bundle, START);
    life.acceptAndDecide(identify);
    return life;
  };

  test('A-4: a question without an answer is followed up after the wait', () => {
    const life = startLife();
    life.acceptAndDecide(ask('q1'));
    life.passTime(4 * HOUR - 1);
    expect(life.sentActions()).toEqual([]);
    life.passTime(1);
    expect(life.sentActions()).toEqual(['follow-up']);
  });

  test('A-4: an answer during the wait cancels the follow-up', () => {
    const life = startLife();
    life.acceptAndDecide(ask('q1'));
    life.passTime(3 * HOUR);
    life.acceptAndDecide(answer('q1'));
    life.passTime(30 * DAY);
    expect(life.sentActions()).toEqual([]);
    expect(life.state.enrollments).toEqual([]);
  });

  test('A-4: two questions bring one follow-up, and the second question does not repeat it', () => {
    const life = startLife();
    life.acceptAndDecide(ask('q1'));
    life.passTime(HOUR);
    life.acceptAndDecide(ask('q2'));
    expect(life.sentActions()).toEqual(['follow-up']);
    life.acceptAndDecide(answer('q2'));
    life.passTime(10 * DAY);
    expect(life.sentActions()).toEqual(['follow-up']);
  });

  test('A-4: an answer to one of two questions leaves the other one’s wait as it is', () => {
    const life = startLife();
    life.acceptAndDecide(ask('q1'), ask('q2'));
    expect(life.sentActions()).toHaveLength(1);
    life.acceptAndDecide(answer('q1'));
    expect(life.state.enrollments.map((e) => e.key)).toEqual(['q2']);
    life.passTime(5 * HOUR);
    expect(life.sentActions()).toHaveLength(2);
  });
});

describe('story 6: the whole life cycle', () => {
  const stages = [
    { id: 'win-back', owner: 'crm', when: "traits.mood == 'lapsed'" },
    { id: 'advocacy', owner: 'brand', when: "traits.mood == 'fan'" },
    { id: 'adoption', owner: 'care', when: "traits.mood == 'new'" },
    { id: 'stranger', owner: 'sales', when: null },
  ];
  const into = (stage: string) =>
    buildJourney(
      `in-${stage}`,
      [entryByEvent('Stage Changed', { when: `event.properties.to == '${stage}'` })],
      [waitStep('w', [{ kind: 'event', trigger: trigger('Never') }])],
      { exit: [exitOn('Stage Changed')] },
    );
  const bundle = buildBundle({ workspace: { stages }, journeys: stages.map((s) => into(s.id)) });
  const moods: Record<string, string> = {
    lapsed: 'win-back',
    fan: 'advocacy',
    new: 'adoption',
    other: 'stranger',
  };

  test('E-1, E-2, E-3: any stage may follow any other; each change is published once and opens its journeys', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...Object.keys(moods)), { minLength: 1, maxLength: 12 }),
        (path) => {
          const life = new Life(bundle, START);
          let before: string | null = null;
          for (const mood of path) {
            const count = life.publishedNames().length;
            life.acceptAndDecide({ ...identify, traits: { mood } });
            const stage = moods[mood] as string;
            expect(life.state.stage?.id).toBe(stage);
            expect(life.state.enrollments.map((e) => e.journey)).toEqual([`in-${stage}`]);
            const published = [...life.published.values()].slice(count);
            expect(published.map((s) => s.properties)).toEqual(
              stage === before ? [] : [{ from: before, to: stage }],
            );
            before = stage;
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a customer for whom no stage condition holds has no stage, and the change is published', () => {
    const only = buildBundle({ workspace: { stages: stages.slice(0, 1) } });
    const life = new Life(only, START);
    life.acceptAndDecide({ ...identify, traits: { mood: 'lapsed' } });
    life.acceptAndDecide({ ...identify, traits: { mood: 'fan' } });
    expect(life.state.stage).toBeNull();
    expect([...life.published.values()].map((s) => s.properties)).toEqual([
      { from: null, to: 'win-back' },
      { from: 'win-back', to: null },
    ]);
  });
});

describe('tickets', () => {
  const promo = buildAction('promo', { class: 'marketing' });
  const journey = buildJourney(
    'j',
    [entryByEvent('Start')],
    [decideStep('d', ['promo'], { hold: 60 * DAY })],
  );
  const policy = {
    suppress: ['marketing' as const],
    scope: 'customer' as const,
    cooldown: 2 * DAY,
    maxAge: 10 * DAY,
    severity: { low: { suppress: [], cooldown: null }, high: { suppress: null, cooldown: 5 * DAY } },
  };
  const bundle = buildBundle({ workspace: { tickets: policy }, actions: [promo], journeys: [journey] });
  const ticket = (name: string, severity: string) => ({ name, properties: { ticket_id: 'T1', severity } });
  const startLife = () => {
    const life = new Life(bundle, START);
    life.acceptAndDecide({ ...identify, context: consented });
    return life;
  };

  test('D-4: the severity decides what a ticket suppresses and for how long', () => {
    for (const [severity, days] of [
      ['low', 0],
      ['normal', 2],
      ['high', 5],
    ] as const) {
      const life = startLife();
      life.acceptAndDecide(ticket('Ticket Opened', severity));
      life.acceptAndDecide({ name: 'Start' });
      expect(life.sentActions()).toEqual(severity === 'low' ? ['promo'] : []);
      life.acceptAndDecide(ticket('Ticket Closed', severity));
      expect(life.state.quietUntil).toBe(days === 0 ? null : START + days * DAY);
      life.passTime(days * DAY + HOUR);
      expect(life.sentActions()).toEqual(['promo']);
    }
  });

  test('D-4: a ticket that is open for too long is published as overdue once, and goes on suppressing', () => {
    const life = startLife();
    life.acceptAndDecide(ticket('Ticket Opened', 'normal'));
    life.acceptAndDecide({ name: 'Start' });
    expect(life.state.openTickets[0]).toMatchObject({ id: 'T1', since: START });
    life.passTime(40 * DAY);
    const overdue = life.history.flatMap((h) => h.plan.outbox);
    expect(overdue).toEqual([
      expect.objectContaining({
        messageId: `overdue:T1:${START}`,
        name: 'Ticket Overdue',
        properties: { ticket_id: 'T1', since: iso(START) },
      }),
    ]);
    expect(life.sentActions()).toEqual([]);
    expect(life.state.enrollments[0]?.status.kind).toBe('held');
  });

  test('E-7: the cool-down of another customer’s ticket is written for its owner', () => {
    const life = startLife();
    const closed = {
      source: 'x',
      status: 'closed',
      rawStatus: 'closed',
      severity: 'normal',
      product: null,
    } as const;
    const rest = { subject: '', version: START, seq: 3, openedAt: START, closedAt: START, quietUntil: null };
    life.tickets.set('T8', { id: 'T8', ...closed, ...rest, ownerId: 'cus_2' });
    const { plan } = life.acceptAndDecide({ name: 'Start' });
    expect(plan.coolDowns).toEqual([{ customerId: 'cus_2', ticketId: 'T8', until: START + 2 * DAY }]);
  });
});

describe('what lifts a hold', () => {
  const promo = buildAction('promo', { class: 'marketing', topic: 'tips' });
  const journeys = [
    buildJourney('j', [entryByEvent('Start')], [decideStep('d', ['promo'], { hold: 60 * DAY })]),
  ];
  const bundle = buildBundle({ actions: [promo], journeys });

  test('E-5: a consent, the end of a pause and an address each recheck the enrollments they may release, at once', () => {
    const life = new Life(bundle, START);
    life.acceptAndDecide({ name: 'Customer Paused' });
    life.acceptAndDecide({ name: 'Start' });
    const status = life.state.enrollments[0]?.status;
    expect(status?.kind === 'held' && status.liftsOn.length).toBeGreaterThan(1);
    life.acceptAndDecide(identify);
    life.acceptAndDecide({
      name: 'Consent Changed',
      properties: { purpose: 'marketing', status: 'granted' },
    });
    expect(life.sentActions()).toEqual([]);
    life.acceptAndDecide({ name: 'Customer Resumed' });
    expect(life.sentActions()).toEqual(['promo']);
  });

  test('E-5: ending a snooze rechecks the enrollments that it held', () => {
    const life = new Life(bundle, START);
    life.acceptAndDecide({ ...identify, context: consented });
    life.acceptAndDecide({ name: 'Customer Snoozed', properties: { until: iso(START + 30 * DAY) } });
    life.acceptAndDecide({ name: 'Start' });
    expect(life.sentActions()).toEqual([]);
    life.passTime(DAY);
    life.acceptAndDecide({ name: 'Customer Snoozed', properties: { until: null } });
    expect(life.sentActions()).toEqual(['promo']);
  });
});
