import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inspectValue } from '../../src/domain/values/inspect-value.ts';
import { scanJson } from '../../src/sources/scan-json.ts';

const scan = (text: string) => scanJson(Buffer.from(text));

it('measures depth and the largest value at the third level, and ignores brackets in strings', () => {
  expect(scan('{"batch":[{"a":"}{]["},{"b":[1]}]}')).toEqual({ depth: 4, largest: 12, suspicious: false });
  expect(scan('{"a":"\\"[[[["}').depth).toBe(1);
  expect(scan('{"a":"\\\\"}')).toMatchObject({ depth: 1, suspicious: false });
});

it('reports only escapes that can be unstorable', () => {
  for (const text of ['"\\u00e9"', '"\\n"', '"\\\\u0000"', '"é"', '"😀"'])
    expect(scan(text).suspicious, text).toBe(false);
  for (const text of ['"\\u0000"', '"\\ud83d\\ude00"', '"\\uDFFF"', '"\\u005F_proto__"', '"__proto__"'])
    expect(scan(text).suspicious, text).toBe(true);
});

it('reports every text that an inspection of the values would refuse', () => {
  const odd = fc.constantFrom('\u0000', '\ud800', 'x\udfff', '__proto__', 'é', '😀', '\\u0000', '"', 'a');
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'large' },
      fc.integer(),
      odd,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(odd, tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(value, fc.integer({ min: 0, max: 40 }), (item, levels) => {
      const text = '['.repeat(levels) + JSON.stringify(item) + ']'.repeat(levels);
      const scanned = scan(text);
      const parsed: unknown = JSON.parse(text);
      if (inspectValue(parsed) !== null) expect(scanned.suspicious || scanned.depth > 32).toBe(true);
      if (text.includes('__proto__')) expect(scanned.suspicious).toBe(true);
    }),
    { numRuns: 500 },
  );
});
