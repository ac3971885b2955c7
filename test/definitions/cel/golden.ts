import { createHash } from 'node:crypto';
import { createEvaluator } from '../../../src/definitions/cel/evaluate.ts';
import { readPattern } from '../../../src/definitions/cel/patterns.ts';
import { createScope } from './scope.ts';

const TEXTS = [
  '',
  'eva@example.com',
  'Ärger über größere Maschinen: ΣΑΣ, İstanbul, ﬁ, 日本語, 😀👩‍👩‍👧',
  'line one\nline two\r\n\ttab\u00a0space\u2028end',
  `${'a'.repeat(40)}!`,
  'REFUND refund Refund ſtraße K',
  '2026-11-28T10:15:00+01:00',
];

const PATTERNS = [
  '^[a-z]+@[a-z.]+$',
  '(?i)refund|straße|σας',
  '\\bline\\b.*\\btwo\\b',
  '(?s)one.*end$',
  '(?m)^line two',
  '\\s\\S+\\s',
  '[\\w.]+',
  '\\p{Lu}\\p{Ll}+',
  '\\p{Greek}+',
  '^([a-z]|[a-z0-9])+$',
  '(a+)+b',
  '(?i)k$',
  '^.{1,30}$',
  '[^\\x00-\\x7f]{3}',
  '(\\d{4})-(\\d\\d)',
];

const EXPRESSIONS = [
  'event.properties.list.exists(a, event.properties.list.exists(b, a + b == 1000.0))',
  'event.properties.list.map(a, a * 2.0).filter(a, a > 10.0).size()',
  'event.properties.items.exists(i, i.nope == 1)',
  "event.properties.items.filter(i, i.id.endsWith('9')).map(i, i.id).join(',')",
  "event.properties.text.split(' ').size()",
  "event.properties.text.lowerAscii().contains('maschinen')",
  'event.properties.list.exists(a, event.properties.list.exists(b, event.properties.list.exists(c, a + b + c > 1000.0)))',
  "'b' in event.properties.words && event.properties.words == event.properties.words.map(w, w)",
  "event.properties.text + event.properties.text + 'x'",
  "duration('1h30m') > days(1) || daysSince('Order Completed') > 1.0",
  "local(now).date + ' ' + string(local(now).weekday)",
];

/** The results of conditions, with the steps that each took, as one hash: the same on every version of Node (I7). */
export function goldenHash(): string {
  const evaluate = createEvaluator();
  const results: unknown[] = [];
  for (const source of PATTERNS) {
    const read = readPattern(source);
    results.push(read.ok ? [read.pattern.size, ...TEXTS.map((text) => read.pattern.matches(text))] : read);
  }
  for (const text of TEXTS) {
    const scope = createScope({
      text,
      list: Array.from({ length: 50 }, (_, i) => i),
      items: Array.from({ length: 30 }, (_, i) => ({ id: `i${i}` })),
      words: ['a', 'b', text],
    });
    for (const expression of EXPRESSIONS) {
      const budget = { left: 1_000_000 };
      results.push([evaluate(expression, scope, budget), budget.left]);
    }
  }
  return createHash('sha256').update(JSON.stringify(results)).digest('hex');
}
