import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bundle, JourneyDef, Step } from '../../../src/domain/definition.ts';
import { ACCOUNT_SOURCE, EVENT } from '../../../src/domain/event.ts';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import { type AdvanceResult, advance } from '../../../src/engine/journey/advance.ts';
import { AdvanceRun } from '../../../src/engine/journey/advance-run.ts';
import { listWakers } from '../../../src/engine/journey/wakers.ts';
import {
  buildAction,
  buildBundle,
  buildJourney,
  entryByDate,
  entryByEvent,
  entryBySegment,
  exitAfter,
  exitOn,
} from '../../support/bundle-builders.ts';
import { Life } from '../../support/life.ts';

const START = Date.UTC(2026, 0, 5, 9);

/** Conditions that hold, don't, change with time, and fail. */
const cel = fc.constantFrom(
  'true',
  'false',
  "has(traits.a) && traits.a == 'x'",
  'traits.missing > 1.0',
  'suppressed.marketing',
  'count("A") >= 2',
  'enrollment.vars.n > 1.0',
);
const value = fc.constantFrom(
  '1.0',
  "'x'",
  'traits.missing',
  'now',
  'event.properties',
  'enrollment.key',
  '[1.0, 2.0]',
);
const dates = fc.constantFrom('traits.date', "'2026-02-31'", "'2026-01-20'", 'now', 'traits.missing', '5.0');
const names = fc.constantFrom('A', 'B', 'C', 'Told');
const trigger = fc.record({
  on: names,
  when: fc.option(cel),
  match: fc.constantFrom('key' as const, 'customer' as const, 'account' as const),
});
const length = fc.constantFrom(0, HOUR, DAY, 9 * DAY);
const until = fc.oneof(
  fc.record({ kind: fc.constant('event' as const), trigger }),
  fc.record({ kind: fc.constant('when' as const), when: cel, for: length }),
  fc.record({ kind: fc.constant('after' as const), after: length.map((l) => l + HOUR) }),
  fc.record({
    kind: fc.constant('at' as const),
    at: fc.constantFrom(0, 540),
    days: fc.constantFrom<number[] | null>(null, [1], [0, 6]),
  }),
  fc.record({
    kind: fc.constant('date' as const),
    date: dates,
    offset: fc.constantFrom(0, -3 * DAY, 5 * HOUR),
  }),
);
const stepId = fc.constantFrom('s0', 's1', 's2', 's3', 's4');

/** Any step; it leads onwards only, so that no cycle lacks a wait. */
function step(at: number): fc.Arbitrary<Step> {
  const base = { id: fc.constant(`s${at}`), next: onwards(at) };
  return fc.oneof(
    fc.record({
      ...base,
      kind: fc.constant('decide' as const),
      actions: fc.subarray(['mail', 'promo', 'call'], { minLength: 1 }),
      channels: fc.constantFrom<string[] | null>(null, ['email']),
      deliver: fc.constantFrom('one' as const, 'all' as const),
      about: fc.option(value),
      hold: length.map((l) => l + DAY),
      autonomy: fc.constant(null),
      // biome-ignore lint/suspicious/noThenProperty: the language calls it so
      then: fc.dictionary(
        fc.constantFrom('mail', 'nothing', 'expired', 'failed', 'call.expired'),
        onwards(at),
      ),
    }),
    fc.record({
      ...base,
      kind: fc.constant('wait' as const),
      since: fc.constantFrom('step' as const, 'enter' as const),
      until: fc.array(
        fc.tuple(until, fc.option(onwards(at))).map(([u, next]) => ({ ...u, next })),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    fc.record({
      ...base,
      kind: fc.constant('branch' as const),
      arms: fc.tuple(cel, onwards(at), onwards(at), onwards(at)).map(([when, one, two, three]) => [
        { kind: 'when' as const, when, next: one },
        { kind: 'share' as const, share: 4_000, salt: 'x', next: two },
        { kind: 'else' as const, next: three },
      ]),
    }),
    fc.record({
      ...base,
      kind: fc.constant('set' as const),
      vars: fc.dictionary(fc.constantFrom('n', 'm'), value),
      traits: fc.dictionary(fc.constantFrom('a', 'date'), value),
    }),
    fc.record({
      ...base,
      kind: fc.constant('emit' as const),
      event: fc.constant('Told'),
      properties: fc.dictionary(fc.constantFrom('k', 'n'), value),
    }),
    fc.record({ ...base, kind: fc.constant('goto' as const) }),
    fc.record({ ...base, kind: fc.constant('exit' as const), reason: fc.constant('enough') }),
  );
}

function onwards(at: number): fc.Arbitrary<string> {
  return fc.constantFrom(...[1, 2, 3, 4].map((n) => `s${n}`).slice(at), 'exit');
}

const entry = fc.oneof(
  names.filter((name) => name !== 'Told').map((name) => entryByEvent(name, { match: 'account' })),
  fc.constantFrom('on', 'off').map((segment) => entryBySegment(segment, { backfill: segment === 'on' })),
  fc.constantFrom('on', 'off').map((segment) => entryBySegment(segment, { on: 'leave' })),
  fc.constant({ kind: 'schedule' as const, cron: '0 9 * * *', where: 'on' }),
  fc
    .tuple(dates, fc.constantFrom('once' as const, 'year' as const))
    .map(([date, repeat]) => entryByDate(date, { repeat })),
  fc.constant({ kind: 'api' as const }),
);

function journey(id: string): fc.Arbitrary<JourneyDef> {
  return fc
    .record({
      enter: fc.array(entry, { minLength: 1, maxLength: 3 }),
      steps: fc.tuple(step(0), step(1), step(2), step(3), step(4)),
      length: fc.integer({ min: 1, max: 5 }),
      rest: fc.record({
        class: fc.constantFrom('service' as const, 'marketing' as const),
        key: fc.constantFrom(null, 'k'),
        holdout: fc.constantFrom(0, 0, 0, 10_000),
        versions: fc.constantFrom('follow' as const, 'pin' as const),
        whileOpen: fc.constantFrom('ignore' as const, 'restart' as const),
        reenter: fc.constantFrom('always' as const, 'always' as const, 'never' as const, { after: DAY }),
        limit: fc.constantFrom(null, 1),
        moved: fc.dictionary(stepId, fc.constantFrom('s0', 'exit')),
        goal: fc.option(trigger.map((t) => ({ ...t, within: 30 * DAY, kpi: 'margin', exit: t.on === 'A' }))),
      }),
      exit: fc.constantFrom(exitAfter(20 * DAY), exitOn('C')),
    })
    .map(({ enter, steps, length: many, rest, exit }) => {
      const kept = steps.slice(0, many);
      const there = new Set(kept.map((s) => s.id));
      const text = JSON.stringify(kept).replace(/"(s\d)"/g, (all, id: string) =>
        there.has(id) ? all : '"exit"',
      );
      return buildJourney(id, enter, JSON.parse(text), { ...rest, exit: [exit, exitAfter(60 * DAY)] });
    });
}

const task = { queue: 'q', acknowledge: HOUR, escalate: ['q2'], resolve: DAY, outcomes: ['ok'], attach: [] };
const bundles: fc.Arbitrary<Bundle> = fc
  .tuple(journey('one'), journey('two'), cel, cel)
  .map(([one, two, first, segment]) =>
    buildBundle({
      workspace: {
        stages: [
          { id: 'first', owner: 'a', when: first },
          { id: 'rest', owner: 'b', when: null },
        ],
      },
      actions: [
        buildAction('mail', { limit: [{ max: 3, every: DAY, per: 'customer' }] }),
        buildAction('promo', { class: 'marketing', eligible: "has(traits.a) && traits.a == 'x'" }),
        buildAction('call', { task }),
      ],
      segments: [
        { id: 'on', when: segment },
        { id: 'off', when: 'traits.missing == 1.0' },
      ],
      journeys: [one, two],
    }),
  );

/** Any JSON, also objects that JavaScript can't convert to a text or a number. */
const json = fc.oneof({ weight: 9, arbitrary: fc.jsonValue() }, fc.constant({ toString: 0, valueOf: 0 }));

const happening = fc.record({
  after: fc.integer({ min: 0, max: 4 * DAY }),
  edit: fc.option(bundles, { freq: 8 }),
  event: fc.oneof(
    fc.record({
      name: names,
      properties: fc.record({ k: fc.constantFrom('K', 'L'), value: json }),
    }),
    fc.record({ name: names, properties: fc.constant({ k: 'K' }), source: fc.constant(ACCOUNT_SOURCE) }),
    fc.record({
      name: fc.constant('Customer Identified'),
      type: fc.constant('identify' as const),
      traits: fc.record({
        a: fc.constantFrom('x', 'y'),
        date: fc.oneof(json, fc.constant('2026-02-01')),
        email: fc.constant('a@b.de'),
      }),
    }),
    fc.record({
      name: fc.constantFrom('Ticket Opened', 'Ticket Closed'),
      properties: fc.constant({ ticket_id: 'T' }),
    }),
    fc.record({
      name: fc.constantFrom(...Object.values(EVENT)),
      properties: fc.record({
        journey: fc.constantFrom('one', 'two', 'none'),
        entry: fc.oneof(fc.nat(3), json),
        reason: fc.constantFrom('schedule', 'activation'),
        backfill: fc.oneof(fc.constant(['on', 'off']), json),
        k: json,
        ticket_id: fc.constant('T'),
        purpose: fc.constant('marketing'),
        status: fc.constantFrom('granted', 'withdrawn'),
      }),
    }),
  ),
});

function jsonb<T>(value: T): T {
  const sorted = (_: string, v: unknown) =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v;
  return JSON.parse(JSON.stringify(value, sorted));
}

/** One life through whatever happens; `look` sees each decision. */
function livesThrough(
  bundle: Bundle,
  happenings: { after: number; edit: Bundle | null; event: Parameters<Life['acceptAndDecide']>[0] }[],
  look: (life: Life, advanced: AdvanceResult) => void,
): Life {
  const life = new Life(bundle, START);
  life.acceptAndDecide({ name: 'Customer Identified', type: 'identify', traits: { email: 'a@b.de' } });
  life.acceptAndDecide({ name: 'Consent Changed', properties: { purpose: 'marketing', status: 'granted' } });
  const see = (from: number) => {
    for (const advanced of life.history.slice(from)) look(life, advanced);
  };
  for (const { after, edit, event } of happenings) {
    const from = life.history.length;
    life.passTime(after);
    if (edit) life.activate(edit);
    life.acceptAndDecide(event);
    see(from);
  }
  return life;
}

describe('any journeys, events and edits', () => {
  test('advance never throws and loses no enrollment', () => {
    fc.assert(
      fc.property(bundles, fc.array(happening, { maxLength: 12 }), (bundle, happenings) => {
        let open = new Set<string>();
        livesThrough(bundle, happenings, (_, { state, plan, changes }) => {
          const now = new Set(state.enrollments.map((e) => e.id));
          const ended = new Set(plan.endedEnrollments.map((e) => e.id));
          for (const id of open) expect(now.has(id) || ended.has(id)).toBe(true);
          expect(now.size).toBe(state.enrollments.length);
          for (const id of ended) expect(now.has(id)).toBe(false);
          expect(
            changes.filter((c) => c.kind === 'poisoned' && c.event !== null && !c.reason.includes('merge')),
          ).toEqual([]);
          open = now;
        });
      }),
      { numRuns: 150 },
    );
  });

  test('I4: every waiting enrollment has a waker, and every condition is evaluated within a day', () => {
    fc.assert(
      fc.property(bundles, fc.array(happening, { maxLength: 8 }), (bundle, happenings) => {
        const life = livesThrough(bundle, happenings, () => {});
        const run = new AdvanceRun({ ...life.buildInput([]), state: life.state });
        for (const enrollment of life.state.enrollments) {
          const wakers = listWakers(run, enrollment);
          expect(wakers.length).toBeGreaterThan(0);
          for (const waker of wakers) {
            if ('at' in waker)
              expect(life.wakeAt).toBeLessThanOrEqual(
                Math.max(Math.ceil(waker.at / 1000) * 1000, life.now + 1000),
              );
          }
          const { status } = enrollment;
          if (status.kind === 'held') expect(status.recheckAt).toBeLessThanOrEqual(life.now + DAY);
          expect(status.kind).not.toBe('running');
        }
        for (const date of Object.values(life.state.dates))
          if (date.state === 'armed') expect(life.wakeAt).not.toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  test('I7, I5: the same inputs give the same decision, also after the state was stored and read again', () => {
    fc.assert(
      fc.property(bundles, fc.array(happening, { maxLength: 8 }), happening, (bundle, happenings, last) => {
        const life = livesThrough(bundle, happenings, () => {});
        const input = life.buildInput(life.accept({ ...last.event, at: life.now, name: last.event.name }));
        const first = advance(input);
        const again = advance({ ...input, facts: structuredClone(life.buildFacts()) });
        const stored = advance({
          ...input,
          state: jsonb(input.state),
          bundle: jsonb(input.bundle),
          facts: structuredClone(life.buildFacts()),
        });
        expect(JSON.stringify(again)).toBe(JSON.stringify(first));
        expect(jsonb(stored)).toEqual(jsonb(first));
        expect(jsonb(first.state)).toEqual(JSON.parse(JSON.stringify(first.state)));
      }),
      { numRuns: 100 },
    );
  });
});
