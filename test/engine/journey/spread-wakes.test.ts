import { describe, expect, test } from 'vitest';
import type { Bundle } from '../../../src/domain/definition.ts';
import { HOUR, iso, MINUTE } from '../../../src/domain/time/time.ts';
import {
  buildAction,
  buildBundle,
  buildJourney,
  decideStep,
  entryByDate,
  entryByEvent,
  exitAfter,
} from '../../support/bundle-builders.ts';
import { Life } from '../../support/life.ts';

const EVENING = Date.UTC(2026, 0, 5, 22);
const MORNING = Date.UTC(2026, 0, 6, 8);
const PEOPLE = Array.from({ length: 300 }, (_, n) => `cus_${n}`);
const context = {
  traits: { email: 'ada@example.com' },
  consent: { categoryPreferences: { marketing: true } },
};

function quietAtNight(hold: number): Bundle {
  const bundle = buildBundle({
    actions: [buildAction('tip', { class: 'marketing' })],
    journeys: [
      buildJourney('tips', [entryByEvent('Bought')], [decideStep('tip', ['tip'], { hold })], {
        exit: [exitAfter(90 * HOUR)],
      }),
    ],
  });
  bundle.workspace.quiet = { from: 21 * 60, to: 8 * 60, classes: ['marketing'] };
  bundle.workspace.spread = 10 * MINUTE;
  return bundle;
}

function lives(bundle: Bundle): Life[] {
  return PEOPLE.map((id) => {
    const life = new Life(bundle, EVENING, id);
    life.acceptAndDecide({ name: 'Bought', context });
    return life;
  });
}

describe('correctness 39: customers who wait for the same hour of the clock are woken one after the other', () => {
  test('wake-ups at the end of quiet hours are spread over ten minutes, stable per customer, with the exact reason', () => {
    const all = lives(quietAtNight(24 * HOUR));
    const late = all.map((life) => (life.wakeAt as number) - MORNING);
    expect(late.every((ms) => ms >= 0 && ms <= 10 * MINUTE)).toBe(true);
    for (let minute = 0; minute < 10; minute++) {
      const inMinute = late.filter((ms) => Math.floor(ms / MINUTE) === minute).length;
      expect(inMinute).toBeGreaterThan(PEOPLE.length / 30);
    }
    expect(lives(quietAtNight(24 * HOUR)).map((life) => life.wakeAt)).toEqual(all.map((life) => life.wakeAt));
    const [first] = all as [Life];
    const held = first.history.flatMap((h) => h.judgedCandidates).find((j) => j.verdict === 'blocked');
    expect(iso(held?.gates.find((g) => g.gate === 'quiet_hours')?.liftsAt as number)).toBe(iso(MORNING));
    for (const life of all) life.passTime(11 * HOUR);
    expect(all.every((life) => life.sentActions().length === 1)).toBe(true);
  });

  test('no wake-up is spread beyond the end of the hold', () => {
    const all = lives(quietAtNight(MORNING - EVENING + MINUTE));
    for (const life of all) life.passTime(11 * HOUR);
    expect(all.map((life) => life.sentActions().length)).toEqual(PEOPLE.map(() => 1));
  });

  test('a spread wake-up for a date keeps the day as the key', () => {
    const bundle = buildBundle({
      actions: [buildAction('gift', { class: 'marketing' })],
      journeys: [
        buildJourney(
          'birthday',
          [entryByDate('traits.birthday', { repeat: 'year' })],
          [decideStep('give', ['gift'])],
          {
            exit: [exitAfter(20 * HOUR)],
          },
        ),
      ],
    });
    bundle.workspace.spread = 10 * MINUTE;
    const all = PEOPLE.map((id) => {
      const life = new Life(bundle, EVENING, id);
      const traits = { ...context.traits, birthday: '1990-01-07' };
      life.acceptAndDecide({ type: 'identify', name: 'Customer Identified', traits, context });
      return life;
    });
    const nine = Date.UTC(2026, 0, 7, 9);
    const late = all.map((life) => (life.wakeAt as number) - nine);
    expect(late.every((ms) => ms >= 0 && ms <= 10 * MINUTE)).toBe(true);
    expect(new Set(late).size).toBeGreaterThan(100);
    for (const life of all) life.passTime(40 * HOUR);
    expect(
      all.every(
        (life) =>
          life.pastEnrollments[0]?.key === '2026-01-07' || life.state.enrollments[0]?.key === '2026-01-07',
      ),
    ).toBe(true);
  });
});
