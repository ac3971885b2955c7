import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listFiles } from './import-graph.ts';
import { listRegexLiterals, type RegexLiteral } from './regex-literals.ts';

/**
 * Every regular expression of the source takes time proportional to the text, or gets no long text. It is tried on texts
 * that are made of what it matches, of the beginnings of that, and of its own characters, over and over.
 */

const LENGTH = 40_000;
/** A linear one takes some 2 ms for it, a quadratic one from 50 up. */
const SUSPICIOUS_MS = 25;
/** Four times the length takes four times the time, or sixteen times. */
const FACTOR = 8;

/** By file: expressions that are not linear, and what keeps their texts short. */
const BOUNDED: Record<string, [regex: string, bound: string]> = {
  'src/cli/job/format-count.ts': [String.raw`/\B(?=(\d{3})+$)/g`, 'the digits of a number'],
  'src/content/mjml/compile.ts': [
    String.raw`/<!--[\s\S]*?-->/g`,
    'every comment is closed, or the file was refused',
  ],
  'src/dev/postgres/binaries.ts': [String.raw`/(\d+)\/bin$/`, 'a path of this machine'],
  'src/dev/postgres/cluster.ts': [String.raw`/\s*\n\s*/g`, 'options that this file writes'],
  'src/dev/temporal/namespace.ts': ['/workflow .*not found/i', 'a message of Temporal'],
  'src/domain/customer/phone-number.ts': [`/^=?["'“”„’]+|["'“”’;,]+$/g`, '500 characters'],
  'src/domain/time/zone-name.ts': [String.raw`/\s*[/\\]\s*/g`, '100 characters'],
  'src/domain/values/locale.ts': [String.raw`/^([^()[\]]+?)\s*[([]([^()[\]]+)[)\]]$/`, '200 characters'],
  'src/domain/values/placeholder.ts': [
    String.raw`/^(\[L|[a-z][\w$]*\.)*[\w$.;]*[A-Z.$;][\w$.;]*@[0-9a-f]{4,16}$/`,
    '200 characters',
  ],
  'src/domain/values/read-number.ts': [
    String.raw`/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/`,
    '40 characters',
  ],
};

const literals = ['src', 'db'].flatMap(listFiles).flatMap(listRegexLiterals);
const unique = [...new Map(literals.map((literal) => [`/${literal.source}/${literal.flags}`, literal]))];

test('the literals are found: a control', () => {
  expect(unique.length).toBeGreaterThan(200);
  const slow: RegexLiteral = { file: 'x', line: 1, source: '[ \\t]+$', flags: 'gm' };
  expect(findSlow(slow)).not.toBeNull();
  expect(findSlow({ ...slow, source: '^([a-z]|[a-z0-9])+$', flags: '' })).not.toBeNull();
  expect(findSlow({ ...slow, source: '<body\\b[^>]*>', flags: 'i' })).not.toBeNull();
  expect(findSlow({ ...slow, source: '\\d{2}' })).toBeNull();
});

test('every exception is one of the literals', () => {
  const names = new Map(unique.map(([name, { file }]) => [name, file]));
  expect(Object.entries(BOUNDED).filter(([file, [name]]) => names.get(name) !== file)).toEqual([]);
});

describe('security 12: every regular expression is linear', () => {
  test.each(unique)('%s', (name, literal) => {
    if (BOUNDED[literal.file]?.[0] === name) return;
    expect(findSlow(literal)).toBeNull();
  });
});

/** A text for which the expression takes more than linear time. */
function findSlow({ source, flags }: RegexLiteral): string | null {
  const regex = new RegExp(source, flags.includes('g') || flags.includes('y') ? flags : `${flags}g`);
  for (const part of listParts(source, flags)) {
    for (const end of ['', '\u0001!']) {
      // First short texts, step by step: an exponential one would never end on a longer one.
      for (const length of [16, 20, 24, 28, 400, 4_000, LENGTH]) {
        const ms = measure(regex, part, end, length);
        if (ms < SUSPICIOUS_MS) continue;
        if (length < 4_000) return part;
        const least = (size: number) => Math.min(...[1, 2, 3].map(() => measure(regex, part, end, size)));
        if (least(length) > FACTOR * least(length / 4)) return part;
      }
    }
  }
  return null;
}

function measure(regex: RegExp, part: string, end: string, length: number): number {
  const text = part.repeat(Math.ceil(length / part.length)) + end;
  const began = process.cpuUsage();
  text.replace(regex, '');
  const { user } = process.cpuUsage(began);
  return user / 1_000;
}

/** What to repeat: samples of matches and their beginnings, and each character that the expression names. */
function listParts(source: string, flags: string): string[] {
  const characters = [...new Set(source.replace(/\\[wdsbBWDSpP](\{\w+\})?/g, ''))].filter((c) => c !== '\\');
  const parts = new Set([' ', '\t', '\n', 'a', 'A', '1', '0', '-', '_', '"', "'", '<', ...characters]);
  const samples = sampleMatches(source, flags);
  for (let length = 2; length <= 8; length++) parts.add((samples[0] ?? '').slice(0, length));
  for (const sample of samples) {
    for (const share of [0.25, 0.5, 0.75, 1])
      parts.add(sample.slice(0, Math.ceil(sample.length * share)).slice(0, 60));
    parts.add(sample.slice(0, -1).slice(0, 60));
  }
  return [...parts].filter((part) => part !== '');
}

function sampleMatches(source: string, flags: string): string[] {
  try {
    const plain = new RegExp(source.replace(/\\[bB]/g, ''), flags.replace(/[gimy]/g, ''));
    return fc.sample(fc.stringMatching(plain, { size: 'small' }), { numRuns: 8, seed: 1 });
  } catch {
    // It knows no look-around and no classes of Unicode.
    return [];
  }
}
