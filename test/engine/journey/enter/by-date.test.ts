import { describe, expect, test } from 'vitest';
import type { Bundle, DateEntry, JourneyDef } from '../../../../src/domain/definition.ts';
import { DAY, HOUR, iso } from '../../../../src/domain/time/time.ts';
import {
  buildAction,
  buildBundle,
  buildJourney,
  decideStep,
  entryByDate,
  exitAfter,
} from '../../../support/bundle-builders.ts';
import { Life } from '../../../support/life.ts';

const START = Date.UTC(2026, 0, 5, 9);
const context = { consent: { categoryPreferences: { marketing: true } } };

function dated(date: string, rest: Partial<DateEntry> = {}): Bundle {
  const gift = buildAction('gift', { class: 'marketing', channels: ['email', 'sms'] });
  const bundle = buildBundle({
    actions: [gift],
    journeys: [
      buildJourney('birthday', [entryByDate(date, rest)], [decideStep('give', ['gift'])], {
        exit: [exitAfter(20 * HOUR)],
      }),
    ],
  });
  bundle.workspace.channels = { sms: { via: 'webhook', address: 'phone' } };
  return bundle;
}

const birthday = (rest: Partial<DateEntry> = {}) => dated('traits.birthday', { repeat: 'year', ...rest });

function identify(life: Life, traits: Record<string, unknown>) {
  const all = { email: 'ada@example.com', ...traits };
  return life.acceptAndDecide({ type: 'identify', name: 'Customer Identified', traits: all, context });
}

function gifts(life: Life): string[] {
  return life.deliveries.filter((d) => d.state === 'sent').map((d) => iso(d.at));
}

function datesOf(life: Life) {
  return life.history
    .flatMap((h) => h.changes)
    .flatMap((c) => (c.kind === 'date' ? [`${c.state} ${c.on}`] : []));
}

describe('story 4: the birthday', () => {
  test('A-6: a gift comes on the local morning of the birthday, by one channel, once a year, in summer and winter time', () => {
    const life = new Life(birthday(), START);
    life.zoneName = 'Europe/Berlin';
    identify(life, { birthday: '1990-07-20', phone: '+491' });
    life.passTime(3 * 365 * DAY);
    expect(gifts(life)).toEqual([
      '2026-07-20T07:00:00.000Z',
      '2027-07-20T07:00:00.000Z',
      '2028-07-20T07:00:00.000Z',
    ]);
    expect(life.pastEnrollments.map((p) => p.key)).toEqual(['2026-07-20', '2027-07-20', '2028-07-20']);
  });

  test.each([
    ['feb28', ['2026-02-28', '2027-02-28', '2028-02-29']],
    ['mar1', ['2026-03-01', '2027-03-01', '2028-02-29']],
  ] as const)('A-6: born on 29 February, kept on %s in other years', (leapDay, days) => {
    const life = new Life(birthday({ leapDay }), START);
    identify(life, { birthday: '1996-02-29' });
    life.passTime(3 * 365 * DAY);
    expect(gifts(life).map((at) => at.slice(0, 10))).toEqual(days);
  });

  test('A-6: a customer who crosses the date line and has the same day twice gets one gift', () => {
    const life = new Life(birthday(), START);
    life.zoneName = 'Pacific/Auckland';
    identify(life, { birthday: '03-10' });
    life.passUntil(Date.UTC(2026, 2, 9, 22));
    expect(gifts(life)).toEqual(['2026-03-09T20:00:00.000Z']);
    life.zoneName = 'Pacific/Honolulu';
    identify(life, { city: 'Honolulu' });
    life.passTime(30 * DAY);
    expect(gifts(life)).toHaveLength(1);
  });

  test('a customer who changes the time zone the day before gets the gift by the new clock', () => {
    const life = new Life(birthday(), START);
    life.zoneName = 'Europe/Berlin';
    identify(life, { birthday: '03-10' });
    life.passUntil(Date.UTC(2026, 2, 9, 12));
    life.zoneName = 'America/New_York';
    identify(life, { city: 'New York' });
    life.passTime(10 * DAY);
    expect(gifts(life)).toEqual(['2026-03-10T13:00:00.000Z']);
  });

  test('a birthday corrected after the gift brings no second gift for 300 days', () => {
    const life = new Life(birthday(), START);
    identify(life, { birthday: '1990-02-01' });
    life.passUntil(Date.UTC(2026, 1, 2));
    identify(life, { birthday: '1990-03-01' });
    life.passUntil(Date.UTC(2027, 3, 1));
    expect(gifts(life).map((at) => at.slice(0, 10))).toEqual(['2026-02-01', '2027-03-01']);
  });
});

describe('dates', () => {
  test('a date that moves is armed again, and only the last one comes', () => {
    const life = new Life(dated('traits.renewal', { offset: -10 * DAY }), START);
    identify(life, { renewal: '2026-02-20' });
    expect(life.wakeAt).toBe(Date.UTC(2026, 1, 10, 9));
    identify(life, { renewal: '2026-03-20' });
    life.passTime(365 * DAY);
    expect(gifts(life)).toEqual(['2026-03-10T09:00:00.000Z']);
    expect(datesOf(life)).toEqual(['armed 2026-02-10', 'moved 2026-03-10']);
  });

  test('a contract that ends at midnight in UTC ends on that day west of Greenwich, too', () => {
    const life = new Life(dated('traits.renewal', { offset: -10 * DAY }), START);
    life.zoneName = 'America/New_York';
    identify(life, { renewal: '2026-03-01T00:00:00.000Z' });
    life.passTime(90 * DAY);
    expect(gifts(life)).toEqual(['2026-02-19T14:00:00.000Z']);
    expect(datesOf(life)).toEqual(['armed 2026-02-19']);
  });

  test('a date past by more than its grace is skipped and recorded once; within the grace it enters late', () => {
    const late = new Life(dated('traits.renewal'), START);
    identify(late, { renewal: '2026-01-04' });
    identify(late, { city: 'Berlin' });
    late.passTime(10 * DAY);
    expect(gifts(late)).toEqual([]);
    expect(datesOf(late)).toEqual(['skipped 2026-01-04']);

    const inTime = new Life(dated('traits.renewal'), START + 5 * HOUR);
    identify(inTime, { renewal: '2026-01-05' });
    identify(inTime, { city: 'Berlin' });
    inTime.passTime(10 * DAY);
    expect(gifts(inTime)).toEqual([iso(START + 5 * HOUR)]);
  });

  test('a date without a decision on its day is recorded as skipped, and the next year comes', () => {
    const life = new Life(birthday(), START);
    identify(life, { birthday: '02-01' });
    life.now = Date.UTC(2026, 1, 5);
    life.passTime(DAY);
    expect(gifts(life)).toEqual([]);
    expect(datesOf(life)).toEqual(['armed 2026-02-01', 'skipped 2026-02-01', 'armed 2027-02-01']);
  });

  test('bad input: 31 February enters nothing and is recorded once; a correct date then counts', () => {
    const life = new Life(dated('traits.renewal'), START);
    identify(life, { renewal: '2026-02-31' });
    identify(life, { city: 'Berlin' });
    life.passTime(90 * DAY);
    const changes = life.history.flatMap((h) => h.changes).filter((c) => c.kind === 'date');
    expect(changes).toEqual([
      {
        kind: 'date',
        journey: 'birthday',
        on: '2026-02-31',
        state: 'invalid',
        reason: 'the calendar has no such day',
      },
    ]);
    identify(life, { renewal: '2026-05-05' });
    life.passTime(90 * DAY);
    expect(gifts(life)).toEqual(['2026-05-05T09:00:00.000Z']);
  });

  test('a customer without the trait is neither armed nor recorded', () => {
    const life = new Life(birthday(), START);
    identify(life, { city: 'Berlin' });
    expect(life.state.dates).toEqual({});
    expect(life.history.flatMap((h) => h.changes)).toEqual([]);
    identify(life, { birthday: '02-01' });
    identify(life, { birthday: null });
    expect(life.state.dates).toEqual({});
    expect(life.wakeAt).toBeNull();
  });

  test('an instant is one occurrence, even if it falls on another date in the customer’s new zone', () => {
    const life = new Life(dated('traits.flight'), START);
    life.zoneName = 'Pacific/Honolulu';
    identify(life, { flight: '2026-01-10T02:00:00Z' });
    life.passUntil(Date.UTC(2026, 0, 9, 19, 30));
    expect(gifts(life)).toEqual(['2026-01-09T19:00:00.000Z']);
    life.zoneName = 'Pacific/Auckland';
    identify(life, { city: 'Auckland' });
    life.passTime(10 * DAY);
    expect(gifts(life)).toHaveLength(1);
  });

  test('a date that moves while its journey is open enters no second time; after the journey has ended it does', () => {
    const life = new Life(dated('traits.overdue'), START);
    identify(life, { overdue: '2026-01-10' });
    life.passUntil(Date.UTC(2026, 0, 10, 9));
    identify(life, { overdue: '2026-01-11' });
    life.passUntil(Date.UTC(2026, 0, 15));
    expect(gifts(life)).toHaveLength(2);

    const long = dated('traits.overdue');
    const [journey] = long.journeys as [JourneyDef];
    journey.steps.push({
      id: 'stay',
      kind: 'wait',
      since: 'step',
      until: [{ kind: 'after', after: 9 * DAY, next: null }],
      next: 'exit',
    });
    Object.assign(journey.steps[0] as object, { next: 'stay' });
    Object.assign(journey, { exit: [exitAfter(30 * DAY)] });
    const slow = new Life(long, START);
    for (const overdue of ['2026-01-10', '2026-01-12', '2026-02-20']) {
      identify(slow, { overdue });
      slow.passUntil(Date.parse(`${overdue}T12:00:00Z`));
    }
    expect(gifts(slow).map((at) => at.slice(0, 10))).toEqual(['2026-01-10', '2026-02-20']);
  });

  test('an entry that is removed and added again does not enter the same day twice', () => {
    const life = new Life(birthday(), START);
    identify(life, { birthday: '01-05' });
    expect(gifts(life)).toHaveLength(1);
    life.activate(buildBundle({}));
    life.activate(birthday());
    life.passTime(DAY);
    expect(gifts(life)).toHaveLength(1);
  });
});
