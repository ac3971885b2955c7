import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type DecisionRecord,
  decodeRecord,
  decodeTexts,
  encodeRecord,
} from '../../../db/decisions/record/decision-record.ts';
import { DICTIONARY_1 } from '../../../db/decisions/record/dictionary-1.ts';

/** Any value that JSON can say: null, deep and wide, with every character and number. */
const anyValue = fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' });
const anyRecord = fc.record({
  context: anyValue,
  arbitrations: fc.oneof(fc.constant(null), fc.array(anyValue)),
  actions: fc.array(anyValue),
  changes: fc.array(anyValue),
  candidates: fc.array(anyValue),
}) as unknown as fc.Arbitrary<DecisionRecord>;

test('a record is decoded to what was encoded, whatever JSON it holds, with its members in order', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const decoded = decodeRecord(encodeRecord(record));
      // As JSON says it: a member that is undefined is missing, and -0 is 0.
      expect(decoded).toEqual(JSON.parse(JSON.stringify(record)));
      expect(JSON.stringify(decoded)).toBe(JSON.stringify({ ...record }));
    }),
    { numRuns: 500 },
  );
});

const EMPTY: DecisionRecord = { context: null, arbitrations: null, actions: [], changes: [], candidates: [] };

test.each<[string, unknown]>([
  ['line breaks, quotes and NUL', { text: 'a\nb\r\u2028"\\\0' }],
  ['half of a surrogate pair', ['\ud800', '\udc00 x', '𝒳 é ∅']],
  ['numbers at the limits of a double', [Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53 + 2, -1e21, 0.1 + 0.2]],
  ['no value and missing members', { none: null, nested: [{}, [], [null]] }],
  ['a member named like one of every object', JSON.parse('{"__proto__":1,"constructor":2}')],
  ['names that are numbers', { 10: 'a', 2: 'b', '01': 'c' }],
  ['half a megabyte', Array.from({ length: 20_000 }, (_, n) => ({ n, text: `${n * n}` }))],
])('a context with %s is kept', (_, context) => {
  const { context: kept } = decodeRecord(encodeRecord({ ...EMPTY, context }), 'context');
  expect(kept).toEqual(context);
  expect(JSON.stringify(kept)).toBe(JSON.stringify(context));
});

test('only the parts that are asked for are decoded', () => {
  const bytes = encodeRecord({ ...EMPTY, context: { a: 1 } });
  expect(decodeRecord(bytes, 'actions')).toEqual({ actions: [] });
  expect(decodeTexts(bytes)).toEqual({
    context: '{"a":1}',
    arbitrations: 'null',
    actions: '[]',
    changes: '[]',
    candidates: '[]',
  });
});

test('a format of a later build and damaged bytes are refused', () => {
  const bytes = encodeRecord(EMPTY);
  expect(() => decodeRecord(Buffer.of(2, ...bytes.subarray(1)))).toThrow('format 2');
  expect(() => decodeRecord(Buffer.of())).toThrow('format undefined');
  expect(() => decodeRecord(bytes.subarray(0, 4))).toThrow();
});

test('stored records of format 1 can still be read', () => {
  // Another text would make every stored record unreadable: add a format instead.
  expect(createHash('sha256').update(DICTIONARY_1).digest('hex')).toBe(
    '462b934a453989f6f4df776d393332402a7ce7d45df8bcf97b20a0717592658a',
  );
  const stored = '01435adf896b4127d242569cb377b00934e35a2e509b832b3a168c9086a84b320b70e44be2c653806e0500';
  expect(decodeRecord(Buffer.from(stored, 'hex'))).toEqual({
    context: { facts: { customerId: 'cus_01a2', tickets: [] }, scores: { recency: 0.5 }, fit: 3 },
    arbitrations: null,
    actions: [],
    changes: [],
    candidates: [{ action: 'tip', verdict: 'blocked', gates: [{ gate: 'consent', pass: true }] }],
  });
});
