import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileCel, MAX_EXPRESSION_CHARS } from '../../../src/definitions/cel/compile-cel.ts';
import { createEvaluator } from '../../../src/definitions/cel/evaluate.ts';
import { MAX_PATTERN_CHARS, MAX_PATTERN_SIZE, readPattern } from '../../../src/definitions/cel/patterns.ts';
import { MAX_ITEMS, MAX_LEVELS, MAX_STEPS, MAX_TEXT_CHARS } from '../../../src/definitions/cel/step-meter.ts';
import { ROOT } from '../../support/paths.ts';
import { createScope } from './scope.ts';

/** What a public write key may send: 32 KB of it. */
const HOSTILE = {
  list: Array.from({ length: 100 }, (_, i) => i),
  name: `${'a'.repeat(40)}!`,
  word: 'a'.repeat(1_000),
  text: 'a'.repeat(15_000),
  needle: `${'a'.repeat(7_500)}b${'a'.repeat(7_400)}`,
  digits: '1'.repeat(25_000),
  words: Array.from({ length: 3_000 }, (_, i) => `w${i}`),
  items: Array.from({ length: 100 }, (_, i) => ({ id: `i${i}`, tags: ['x', 'y'] })),
  deep: '['.repeat(10_000) + ']'.repeat(10_000),
  map: Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`k${i}`, i])),
  other: `${'a'.repeat(14_999)}b`,
};

/** Far above what the limits allow, and far below what the same work takes without them. */
const BOUND_MS = 2_000;

function nest(levels: number, body: string, macro = 'exists'): string {
  const loops = Array.from({ length: levels }, (_, i) => `event.properties.list.${macro}(v${i}, `);
  return loops.join('') + body + ')'.repeat(levels);
}

/** `cel.bind(v0, seed, cel.bind(v1, <step of v0>, …))`. */
function bind(levels: number, seed: string, step: (last: string) => string): string {
  let expression = `v${levels}`;
  for (let i = levels; i > 0; i--) expression = `cel.bind(v${i}, ${step(`v${i - 1}`)}, ${expression})`;
  return `cel.bind(v0, ${seed}, ${expression})`;
}

function evaluateInTime(expression: string) {
  expect(compileCel(expression)).toMatchObject({ ok: true });
  const begin = performance.now();
  const answer = createEvaluator()(expression, createLargeScope());
  expect(performance.now() - begin).toBeLessThan(BOUND_MS);
  return answer;
}

/** Binds `a` and `b` to long texts of the same length, which differ in the last character. */
function withTexts(body: string): string {
  const text = Array(6).fill('event.properties.text').join(' + ');
  const other = `${Array(5).fill('event.properties.text').join(' + ')} + event.properties.other`;
  return `cel.bind(a, ${text}, cel.bind(b, ${other}, ${body}))`;
}

/** A customer with a full cart, in an enrollment with large variables. */
function createLargeScope() {
  const vars = { x: HOSTILE.words, y: HOSTILE.map };
  const entry = { id: 'evt_1', name: 'Order Completed', at: 0, seq: 1, properties: {} };
  const scope = createScope(HOSTILE, { enrollment: { id: 'enr_1', key: null, entry, enteredAt: 0, vars } });
  const items = Array.from({ length: 400 }, (_, i) => ({ product_id: `p${i}`, price: '1', name: null }));
  scope.facts.profile.cart = { id: 'c', total: 1, currency: 'EUR', at: 0, items };
  return scope;
}

const TOO_MANY = `takes more than ${MAX_STEPS} steps`;

describe('security 1, I4, I7: no expression that a bundle may have takes long', () => {
  test.each([
    ['five nested exists over 100 items', nest(5, 'v4 > 1000.0'), TOO_MANY],
    ['with a body that fails', nest(5, 'v4.nope'), TOO_MANY],
    ['all', nest(5, 'v4 >= 0.0', 'all'), TOO_MANY],
    ['exists_one', nest(5, 'v4 == 3.0', 'exists_one'), TOO_MANY],
    ['map', nest(4, 'true', 'map'), TOO_MANY],
    ['map with a filter', `event.properties.list.map(x, ${nest(4, 'v3 > 1000.0')}, x)`, TOO_MANY],
    ['filter', `event.properties.list.filter(x, ${nest(4, 'v3 > 1000.0')})`, TOO_MANY],
    ['an || that would make up for it', `${nest(5, 'v4 > 1000.0')} || true`, TOO_MANY],
    ['an ?: that would ignore it', `${nest(5, 'v4 > 1000.0')} || true ? 1 : 2`, TOO_MANY],
    [
      'a linear search in a loop',
      `event.properties.words.exists(w, 'zz' in event.properties.words)`,
      TOO_MANY,
    ],
    [
      'lists compared in loops',
      `${nest(2, 'event.properties.items == event.properties.items.filter(i, true)', 'all')}`,
      TOO_MANY,
    ],
    ['a search for a long text', 'event.properties.text.contains(event.properties.needle)', TOO_MANY],
    ['of the last occurrence', 'event.properties.text.lastIndexOf(event.properties.needle) > 1', TOO_MANY],
    [
      'a text split in loops',
      nest(3, "event.properties.text.split('a').size() == 1"),
      'makes a list of more than 10000 items',
    ],
    ['a pattern in loops', nest(2, "event.properties.word.matches('^(a|b|ab)*$') && false"), TOO_MANY],
    [
      'a long duration',
      'duration(event.properties.digits) > days(1)',
      'duration() reads at most 64 characters',
    ],
    [
      'a text that doubles',
      bind(25, 'event.properties.text', (last) => `${last} + ${last}`),
      'makes a text of more than 100000 characters',
    ],
    [
      'a list that doubles',
      bind(25, '[1]', (last) => `${last} + ${last}`),
      'makes a list of more than 10000 items',
    ],
    [
      'a tree that doubles, returned',
      bind(25, '[1]', (last) => `[${last}, ${last}]`),
      'returns too large a value',
    ],
    [
      'a joined text',
      "event.properties.list.map(x, event.properties.text).join('')",
      'makes a text of more than 100000 characters',
    ],
    ['a large map measured', nest(4, 'event.properties.map.size() == 1'), TOO_MANY],
    ['the keys of a large map', nest(4, 'event.properties.map.exists(k, true) && false'), TOO_MANY],
    ['a key of a large map', nest(4, "'x' in event.properties.map"), TOO_MANY],
    ['a large map compared', nest(4, "{'a': 1} == event.properties.map"), TOO_MANY],
    ['the type of a large map', nest(4, 'type(event.properties.map) == string'), TOO_MANY],
    ['a large map as a condition', nest(4, '(event.properties.map && true) || false'), TOO_MANY],
    ['large variables', nest(4, "enrollment.vars.x == 'x'"), TOO_MANY],
    ['a full cart', nest(4, 'cart.items.size() == 1'), TOO_MANY],
    ['long texts compared', withTexts(nest(4, 'b < a')), TOO_MANY],
    ['long texts sought in a list', withTexts(nest(4, 'b in [a, a, a, a, a, a]')), TOO_MANY],
    [
      'errors that an || makes up for',
      nest(4, `(${Array(100).fill('traits.n == 1').join(' || ')} || true) && false`),
      TOO_MANY,
    ],
    [
      'errors that an && makes up for',
      nest(4, `(${Array(60).fill('traits.n == 1').join(' && ')} && false)`),
      TOO_MANY,
    ],
    [
      'bytes that double',
      bind(20, 'bytes(event.properties.text)', (last) => `${last} + ${last}`),
      'makes a text of more than 100000 characters',
    ],
    [
      'bytes compared',
      `cel.bind(a, bytes(event.properties.text), cel.bind(b, bytes(event.properties.text), ${nest(4, 'a != b')}))`,
      TOO_MANY,
    ],
    [
      'JSON read in loops',
      `cel.bind(b, bytes('{"a":"' + event.properties.text + '"}'), ${nest(4, 'b.json().size() == 9')})`,
      TOO_MANY,
    ],
    [
      'deep JSON in a text',
      'bytes(event.properties.deep).json().size() == 1',
      'reads a value nested deeper than 64 levels',
    ],
  ])('%s', (_, expression, error) => {
    expect(evaluateInTime(expression)).toEqual({ ok: false, error: expect.stringContaining(error) });
  });

  test.each([
    ['two loops over 100 items', nest(2, 'v0 + v1 == 1000.0 || v0 * v1 == 20000.0'), false],
    ['items without a key', "event.properties.items.exists(i, has(i.nope) && i.nope == 'x')", false],
    ['items that fail', "event.properties.items.exists(i, i.nope == 'x' || i.id == 'i99')", true],
    ['a search in a mail', "event.properties.text.contains('refund')", false],
    ['a loop in a loop', "event.properties.items.exists(i, i.tags.exists(t, t == 'z' + i.id))", false],
    ['map and size', 'event.properties.items.map(i, i.tags.size()).filter(n, n == 2).size()', 100],
    ['a repeat in an alternation', "event.properties.name.matches('^([a-z]|[a-z0-9])+$')", false],
    ['a repeat in a repeat', "event.properties.name.matches('^(a+)+$')", false],
    ['adjacent repeats', "event.properties.word.matches('^a*a*a*a*a*a*b$')", false],
  ])('%s is within the limits', (_, expression, value) => {
    expect(evaluateInTime(expression)).toEqual({ ok: true, value });
  });

  test('an evaluation that was stopped leaves nothing behind', () => {
    const evaluate = createEvaluator();
    const scope = createScope(HOSTILE);
    const answers = ['1 + 1', nest(5, 'v4 > 1000.0'), '1 + 1', nest(5, 'v4 > 1000.0')].map((expression) =>
      evaluate(expression, scope),
    );
    expect(answers[2]).toEqual(answers[0]);
    expect(answers[3]).toEqual(answers[1]);
  });

  test('evaluations share a budget, and it ends them all', () => {
    const evaluate = createEvaluator();
    const scope = createScope(HOSTILE);
    const budget = { left: 300_000 };
    const ask = () => evaluate(nest(2, 'v0 + v1 == 1000.0'), scope, budget);
    const first = ask();
    const spent = 300_000 - budget.left;
    expect(first).toEqual({ ok: true, value: false });
    expect(spent).toBeGreaterThan(50_000);
    while (budget.left > 0) ask();
    expect(evaluate('1 + 1', scope, budget)).toEqual({
      ok: false,
      error: 'the conditions of this decision take too many steps together',
    });
    expect(evaluate('1 + 1', scope)).toEqual({ ok: true, value: 2 });
  });

  test('I7: the same expression over the same facts spends the same steps, whatever was evaluated before', () => {
    const spend = (evaluate: ReturnType<typeof createEvaluator>, expression: string) => {
      const budget = { left: 10_000_000 };
      evaluate(expression, createScope(HOSTILE), budget);
      return 10_000_000 - budget.left;
    };
    const warm = createEvaluator();
    for (const expression of [nest(2, 'v0 == v1'), nest(5, 'v4.nope'), "traits.email.matches('a.*b')"]) {
      const first = spend(createEvaluator(), expression);
      expect([spend(warm, expression), spend(warm, expression)]).toEqual([first, first]);
    }
  });
});

describe('patterns of matches()', () => {
  test.each([
    ['(?=a)b', "look-ahead and look-behind aren't supported: write two conditions"],
    ['(?!a)b', "look-ahead and look-behind aren't supported: write two conditions"],
    ['(?<=a)b', "look-ahead and look-behind aren't supported: write two conditions"],
    ['(?<!a)b', "look-ahead and look-behind aren't supported: write two conditions"],
    ['(a)\\1', "back-references aren't supported: compare the parts with ==, at '\\1'"],
    ['(?<n>a)\\k<n>', "back-references aren't supported"],
    ['(?>a+)b', 'leave the atomic group or the second + out'],
    ['a++b', 'leave the atomic group or the second + out'],
    ['\\u00e9', "write a character by its number as \\x{E9}, at '\\u'"],
    ['a{2000}', 'a repeat is at most 1000, also of a repeat'],
    ['(a{100}){100}', 'a repeat is at most 1000, also of a repeat'],
    ['[a-z', "not a regular expression: missing closing ], at '[a-z'"],
    ['a)', 'not a regular expression'],
    ['(?:\\w+\\s?){500}', 'the pattern has 2002 parts with its repeats written out, more than 1000'],
  ])('%s is refused when the bundle is applied', (pattern, message) => {
    const expression = `traits.x.matches(${JSON.stringify(pattern)})`;
    const answer = compileCel(expression);
    expect(answer.ok ? '' : answer.message).toContain(`matches(): `);
    expect(answer.ok ? '' : answer.message).toContain(message);
  });

  test('a pattern of 1,001 characters is refused', () => {
    expect(readPattern('a'.repeat(1_001))).toEqual({
      ok: false,
      message: 'the pattern is longer than 1000 characters',
    });
  });

  test('a pattern that comes from data is refused, however it is written', () => {
    for (const pattern of ['traits.y', "'a' + traits.y", "string('a')", 'event.name', "['a'][0]"])
      expect(compileCel(`traits.x.matches(${pattern})`)).toMatchObject({
        ok: false,
        message: expect.stringContaining('needs a pattern in quotes'),
      });
    expect(compileCel("cel.bind(m, traits.y, 'text'.matches(m))")).toMatchObject({ ok: false });
    expect(compileCel("traits.x.boundedMatches('a')")).toMatchObject({ ok: false });
  });

  test.each([
    ['^[a-z]+@example\\.com$', 'eva@example.com', true],
    ['DE\\d{5}', 'ship to DE12345', true],
    ['^(red|blue)$', 'green', false],
    ['(?i)refund', 'REFUND please', true],
    ['a.c', 'a\nc', false],
    ['a$', 'a\n', false],
    ['^\\p{Lu}', 'Ärger', true],
    ['^.$', '😀', true],
    ['', 'anything', true],
  ])('%s matches any part of a text, as in JavaScript: %s', (source, text, matches) => {
    const read = readPattern(source);
    expect(read.ok && read.pattern.matches(text)).toBe(matches);
  });
});

test('docs/language.md names the limits that hold', () => {
  const page = readFileSync(path.join(ROOT, 'docs/language.md'), 'utf8');
  const section = page.split(/^### /m).find((part) => part.startsWith('Limits of conditions')) ?? '';
  const limitOf = (what: string) => {
    const row = section.split('\n').find((line) => line.startsWith(`| ${what}`)) ?? '';
    const [, , limit = ''] = row.split('|');
    return (limit.match(/[\d,]*\d/g) ?? []).map((number) => Number(number.replaceAll(',', '')));
  };
  expect(limitOf('an expression')).toEqual([4_000, MAX_EXPRESSION_CHARS, 1_000]);
  expect(limitOf('steps of one evaluation')).toEqual([MAX_STEPS]);
  expect(limitOf('a pattern')).toEqual([MAX_PATTERN_CHARS, MAX_PATTERN_SIZE, 1_000]);
  expect(limitOf('a text that a condition makes')).toEqual([MAX_TEXT_CHARS]);
  expect(limitOf('a list that a condition makes')).toEqual([MAX_ITEMS]);
  expect(limitOf('lists in lists')).toEqual([MAX_LEVELS]);
});
