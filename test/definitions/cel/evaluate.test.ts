import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileCel, readReferences } from '../../../src/definitions/cel/compile-cel.ts';
import { createEvaluator } from '../../../src/definitions/cel/evaluate.ts';
import type { ExpressionScope } from '../../../src/domain/facts.ts';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import { createScope } from './scope.ts';

const PROPERTIES = { value: 25, name: 'x', list: [{ id: 'a' }, { id: 'b' }], none: null };

const VALUES: [expression: string, value: unknown][] = [
  ['event.name', 'Payment Failed'],
  ['event.properties.value >= 20', true],
  ['event.properties.value == 25', true],
  ['event.properties.value / 2.0', 12.5],
  ["event.properties.list.exists(p, p.id == 'b')", true],
  ['event.properties.none == null', true],
  ['has(event.properties.nope)', false],
  ['has(event.properties.nope) && event.properties.nope > 1', false],
  ["traits.plan == 'gold' && traits.visits > 3", true],
  ["'plan' in traits", true],
  ['has(traits.nope)', false],
  ['scores.value >= 0.8', true],
  ['has(cart.total)', false],
  ['has(account.name)', false],
  ["account.tier == 'gold'", true],
  ['scores.overdueAt > now', true],
  ['orders[0].total', 120.5],
  ["orders.exists(o, o.status == 'paid' && o.total > 100)", true],
  ['tickets.size()', 1],
  ["tickets.exists(t, t.id == 't-2')", false],
  ["tickets[0].since == timestamp('1970-01-10T00:00:00Z')", true],
  ['!suppressed.marketing', false],
  ['suppressed.service', false],
  ['has(enrollment.key)', false],
  ["count('Order Completed')", 3],
  ["count('Never')", 0],
  ["count('toString')", 0],
  ["count('Order Completed', 3)", 1],
  ["count('Order Completed', 5.5)", 2],
  ["count('Order Completed', 30)", 3],
  ["count('toString', 30)", 0],
  ['local(now).hour', 0],
  ['local(now).weekday', 0],
  ['local(now).date', '1970-01-11'],
  ['local(now).year * 10000 + local(now).month * 100 + local(now).day', 19_700_111],
  ["tickets[0].product == 'espresso-machine'", true],
  ["daysSince('Order Completed')", 2],
  ["count('Never') == 0 || daysSince('Never') > 3", true],
  ['now - event.at >= days(1)', true],
  ['now - event.at > days(1.5)', false],
  ["now > timestamp('1970-01-02')", true],
  ["traits.email.matches('@example[.]com$')", true],
  ['now.getHours()', 0],
];

describe('createEvaluator', () => {
  test.each(VALUES)('%s', (expression, value) => {
    expect(createEvaluator()(expression, createScope(PROPERTIES))).toEqual({ ok: true, value });
  });

  test.each([
    ['event.properties.a.b', 'no such key: event.properties.a'],
    ['event.properties.list[0].nope > 1', 'no such key: event.properties.list[0].nope'],
    ["traits['no such'] == 1", 'no such key: traits["no such"]'],
    ['traits[event.name] == 1', 'no such key: traits[…]'],
    ['cart.total > 1.0', 'no such key: cart.total'],
    ['account.name == 1', 'no such key: account.name'],
    [
      "segment('vip')",
      "segment('vip') can't be evaluated: applying a bundle replaces it by the segment's condition",
    ],
    ["timestamp(event.properties.name + '') < now", 'timestamp() needs RFC 3339 or a date'],
    ['enrollment.key == "x"', 'no such key: enrollment.key'],
    ["daysSince('Never') > 3", "'Never' never happened"],
    ['event.properties.name > 3', 'no such overload: dyn<string> > int (event.properties.name > 3)'],
    ["timestamp('01.02.2026') < now", "timestamp() needs RFC 3339 or a date, got '01.02.2026'"],
    ['event.properties.value >', 'Unexpected token: EOF (at 25 in "event.properties.value >")'],
  ])('%s fails and the error names the path', (expression, error) => {
    const answer = createEvaluator()(expression, createScope(PROPERTIES));
    expect(answer.ok).toBe(false);
    expect(!answer.ok && answer.error).toContain(error);
  });

  test('enrollment and its variables are read from the scope that is passed', () => {
    const evaluate = createEvaluator();
    const facts = createScope().facts;
    const answers = [1, 2].map((value) =>
      evaluate('event.properties.value', { ...createScope({ value }), facts }),
    );
    expect(answers).toEqual([
      { ok: true, value: 1 },
      { ok: true, value: 2 },
    ]);
  });

  test('without an event in the scope, reading event fails as a missing key', () => {
    const evaluate = createEvaluator();
    expect(evaluate("has(event.name) && event.name == 'x'", createScope({}, { event: null }))).toEqual({
      ok: true,
      value: false,
    });
    expect(evaluate('event.properties.x', createScope({}, { event: null }))).toMatchObject({ ok: false });
  });

  test('C-2, D-2: an attribute that may not be used for this purpose, or is stale, reads as missing', () => {
    const evaluate = createEvaluator();
    const scope = createScope();
    const def = { source: null, party: 'first', sensitivity: 0, uses: null, consent: null } as const;
    scope.facts.attributes = {
      plan: { ...def, uses: ['service'], fresh: null, fallback: null },
      visits: { ...def, fresh: 5 * DAY, fallback: 0 },
      tier: { ...def, fresh: 5 * DAY, fallback: null },
    };
    const ask = (expression: string, changes: Partial<ExpressionScope>) => {
      const answer = evaluate(expression, { ...scope, ...changes });
      return answer.ok ? answer.value : answer.error;
    };
    expect(ask('has(traits.plan)', { use: 'marketing' })).toBe(false);
    expect(ask('has(traits.plan)', { use: 'service' })).toBe(true);
    expect(ask('traits.plan', { use: 'marketing' })).toBe('no such key: traits.plan');
    // The same facts, days later: the value is stale.
    expect([ask('traits.visits', { now: DAY }), ask('traits.visits', { now: 6 * DAY })]).toEqual([4, 0]);
    expect([ask('has(account.tier)', { now: DAY }), ask('has(account.tier)', { now: 6 * DAY })]).toEqual([
      true,
      false,
    ]);
  });

  test('local() returns the customer’s clock and calendar, also across a daylight saving change', () => {
    const evaluate = createEvaluator();
    const at = Date.parse('2026-03-29T00:30:00Z');
    const zone = {
      name: 'Europe/Berlin',
      version: '',
      offsets: [
        { from: 0, minutes: 60 },
        { from: Date.parse('2026-03-29T01:00:00Z'), minutes: 120 },
      ],
    };
    const { facts } = createScope();
    const read = (now: number) =>
      ['date', 'hour', 'minute', 'weekday', 'year', 'month', 'day'].map((field) => {
        const answer = evaluate(`local(now).${field}`, createScope({}, { now, facts: { ...facts, zone } }));
        return answer.ok && answer.value;
      });
    expect(read(at)).toEqual(['2026-03-29', 1, 30, 0, 2026, 3, 29]);
    expect(read(at + HOUR)).toEqual(['2026-03-29', 3, 30, 0, 2026, 3, 29]);
    expect(read(at - 2 * HOUR)).toEqual(['2026-03-28', 23, 30, 6, 2026, 3, 28]);
  });

  test('count() with days counts the window that ends now and no older events', () => {
    const evaluate = createEvaluator();
    const counted = (now: number) => evaluate("count('Order Completed', 4)", createScope({}, { now }));
    // At days 0, 5 and 8.
    expect([4, 8, 9, 12].map((day) => counted(day * DAY))).toEqual(
      [0, 2, 1, 0].map((value) => ({ ok: true, value })),
    );
  });

  test('prototypes and constructors can not be reached', () => {
    const evaluate = createEvaluator();
    const scope = createScope(PROPERTIES);
    for (const root of [
      'event',
      'event.properties',
      'traits',
      'scores',
      'cart',
      'suppressed',
      'enrollment',
      'account',
      'orders[0]',
    ]) {
      for (const key of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '__defineGetter__']) {
        for (const expression of [
          `${root}.${key}`,
          `${root}['${key}']`,
          `${root}['${key.slice(0, 3)}' + '${key.slice(3)}']`,
        ]) {
          const answer = evaluate(expression, scope);
          // A trait may have this name. Then its own value is read.
          const own = root === 'traits' && key === 'constructor';
          expect([expression, answer.ok ? answer.value : 'refused']).toEqual([
            expression,
            own ? 'own' : 'refused',
          ]);
        }
      }
    }
  });

  test('a condition never throws, for any event properties', () => {
    const evaluate = createEvaluator();
    const expressions = [
      ...VALUES.map(([expression]) => expression),
      'event.properties.a.b[0].c',
      "event.properties.map(k, k + 'x')",
    ];
    const json = fc.dictionary(
      fc.oneof(
        fc.string(),
        fc.constantFrom('value', 'list', 'name', 'none', 'a', 'constructor', '__proto__'),
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(json, fc.constantFrom(...expressions), (properties, expression) => {
        const answer = evaluate(expression, createScope(properties as Record<string, unknown>));
        expect(answer.ok ? 'value' : typeof answer.error).toMatch(/value|string/);
      }),
      { numRuns: 500 },
    );
  });

  test('any text as a condition gives a result and never throws', () => {
    const evaluate = createEvaluator();
    const word = fc.constantFrom(
      'event',
      'traits',
      '.',
      '[',
      ']',
      '(',
      ')',
      'has',
      '"',
      "'a'",
      '1',
      '2.0',
      '&&',
      '>',
      '!',
      ' ',
      '?',
      ':',
      'map',
      '{',
      '}',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join('')),
        ),
        (expression) => {
          expect(evaluate(expression, createScope())).toHaveProperty('ok');
          expect(compileCel(expression)).toHaveProperty('ok');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('the same scope gives the same answer, from the cache or not', () => {
    const evaluate = createEvaluator();
    for (const [expression] of VALUES) {
      const first = evaluate(expression, createScope(PROPERTIES));
      expect(evaluate(expression, createScope(PROPERTIES))).toEqual(first);
      expect(createEvaluator()(expression, createScope(PROPERTIES))).toEqual(first);
    }
  });

  test('evaluation still works when the cache is full', () => {
    const evaluate = createEvaluator();
    const scope = createScope();
    for (let i = 0; i < 2_500; i++)
      expect(evaluate(`${i}.0 + 1.0`, scope)).toEqual({ ok: true, value: i + 1 });
  });
});

describe('compileCel', () => {
  test.each([
    ['cart.total == 1', 'no such overload: double == int; numbers in data are doubles: write 2.0, not 2', 0],
    ['event.properties.value * 3 > 1.0', 'numbers in data are doubles: write 3.0', 25],
    ['event.nope', 'No such key: nope', 6],
    ["count('X', traits.n) > 1", 'count() needs a number of days from 1 to 3660', 0],
    ["count('X', 0) > 1", 'count() needs a number of days from 1 to 3660', 0],
    ['segment(traits.x)', "segment() needs a segment's id in quotes", 0],
    ["now > timestamp('2026-02-31')", 'there is no such date: 2026-02-31', 6],
    ['count(event.name) > 1', "count() needs an event's name in quotes", 0],
    ['local(now).hours > 8', 'No such key: hours', 11],
    ['now.getDayOfYear() > 8', 'getDayOfYear() depends on the machine: compare local(now).month and .day', 0],
    [
      "now.getHours('Europe/Berlin') > 8",
      'getHours() with a time zone depends on the machine: use local(…), or leave the zone out for UTC',
      0,
    ],
    [
      'traits.x.matches(traits.y)',
      'matches() needs a pattern in quotes: one that comes from data is not checked',
      0,
    ],
    ["strictTimestamp('x') < now", 'unknown function: strictTimestamp()', 0],
  ])('%s', (expression, message, position) => {
    expect(compileCel(expression)).toEqual({ ok: false, message, position });
  });
});

describe('readReferences', () => {
  test('lists variables, names of traits, and counted events', () => {
    expect(
      readReferences(
        "traits.a == 'x' && has(traits.b) && traits['c'] == 1 && count('E') > 1 && cart.total > 2.0",
      ),
    ).toEqual({
      scores: [],
      roots: ['cart', 'traits'],
      traits: ['a', 'b', 'c'],
      account: [],
      events: ['E'],
      windows: {},
    });
  });

  test.each(['traits[event.name] == 1', 'traits.size() > 1', "'a' in traits"])(
    '%s could be any trait',
    (expression) => {
      expect(readReferences(expression).traits).toEqual(['*']);
    },
  );

  test('lists what macros read as well', () => {
    expect(
      readReferences("orders.exists(o, o.id == traits.favourite) && tickets.all(t, daysSince('Y') > 1)"),
    ).toEqual({
      scores: [],
      roots: ['orders', 'tickets', 'traits'],
      traits: ['favourite'],
      account: [],
      events: ['Y'],
      windows: {},
    });
  });
});
