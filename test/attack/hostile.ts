import type { Random } from './random.ts';

const nest = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value };
  return value;
};

/** Texts that have broken some service before. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\ufeff',
  '\u202e\u2066evil',
  '🏳️‍🌈'.repeat(50),
  'e\u0301'.repeat(300),
  "'; drop table events; --",
  "' or '1'='1",
  '"); select pg_sleep(9); --',
  '\\',
  '%00',
  '%s%s%n',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '{{ 7 | times: 7 }}',
  '{% for i in (1..99999999) %}x{% endfor %}',
  '$' + '{7*7}',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'a@example.com\r\nBcc: b@example.com',
  'a,b@example.com',
  '"a b"@example.com',
  `${'a'.repeat(300)}@example.com`,
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  'true',
  '-1',
  '1e999',
  '0x10',
  '9'.repeat(400),
  '9999-12-31T23:59:59Z',
  '0000-00-00T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '2026-02-30',
  '1970-01-01',
  `${'a'.repeat(40)}!`,
  'a'.repeat(300),
  'a'.repeat(5_000),
  'x'.repeat(40_000),
  '('.repeat(200),
  '<a href="x" '.repeat(200),
  '&#32;'.repeat(2_000),
];

const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  1e21,
  1e308,
  -1e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  [],
  {},
  [[]],
  [null],
  { __proto__: null, a: 1 },
  JSON.parse('{"__proto__":{"admin":true}}'),
  JSON.parse('{"constructor":{"prototype":{"admin":true}}}'),
  { $ref: '#' },
  { toString: 1 },
  { length: 1e9 },
  nest(40),
  nest(400),
  Array.from({ length: 300 }, (_, index) => index),
  Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, index])),
];

export function pickHostile(random: Random): unknown {
  return random.chance(0.6) ? random.pick(HOSTILE_TEXTS) : random.pick(HOSTILE_VALUES);
}

/** A copy of a value with one part replaced, removed, doubled or added. */
export function mutate(random: Random, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || random.chance(0.15)) return pickHostile(random);
  if (Array.isArray(value)) {
    if (value.length === 0 || random.chance(0.2)) return [...value, pickHostile(random)];
    const at = random.between(0, value.length - 1);
    if (random.chance(0.15)) return [...value, value[at]];
    if (random.chance(0.15)) return value.filter((_, index) => index !== at);
    return value.map((item, index) => (index === at ? mutate(random, item) : item));
  }
  const entries = Object.entries(value);
  if (entries.length === 0 || random.chance(0.15))
    return { ...value, [String(random.pick(HOSTILE_TEXTS)).slice(0, 200)]: pickHostile(random) };
  const at = random.between(0, entries.length - 1);
  if (random.chance(0.1)) return Object.fromEntries(entries.filter((_, index) => index !== at));
  return Object.fromEntries(
    entries.map(([name, item], index) => [name, index === at ? mutate(random, item) : item]),
  );
}
