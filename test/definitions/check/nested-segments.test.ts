import { expect, test } from 'vitest';
import type { CompileResult } from '../../../src/definitions/compile/bundle.ts';
import { compileWith, edit } from '../bundle-files.ts';

/** Each level names the one below twice, so that the text doubles with each level. */
function doubling(levels: number, trait: string): string[] {
  const first = `s0: "traits.${trait} == 'x'"`;
  const others = Array.from(
    { length: levels },
    (_, i) => `s${i + 1}: "segment('s${i}') && segment('s${i}')"`,
  );
  return [first, ...others];
}

function placesOf(compiled: CompileResult): string[] {
  return compiled.ok ? [] : compiled.errors.map((e) => `${e.file}:${e.line} ${e.path}: ${e.message}`);
}

const TOO_LONG = 'CEL: with its segments inlined: longer than 16000 characters: name fewer segments in it';

test('security 2: segments that double are refused at the first that is too large, with file and line', () => {
  const short = compileWith({ 'segments.yaml': doubling(12, 'a').join('\n') });
  expect(placesOf(short)).toEqual([
    'segments.yaml:9 s8: CEL: with its segments inlined: Exceeded maxAstNodes (1000)',
  ]);
  const long = compileWith({ 'segments.yaml': doubling(6, 'a'.repeat(500)).join('\n') });
  expect(placesOf(long)).toEqual([`segments.yaml:6 s5: ${TOO_LONG}`]);
});

test('security 2: it takes no memory, however often it is tried', () => {
  const compile = (attempt: number) =>
    compileWith({ 'segments.yaml': doubling(20, `trait_${attempt}`).reverse().join('\n') });
  for (let attempt = 0; attempt < 20; attempt++) compile(attempt);
  const heap = () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  const before = heap();
  const begin = performance.now();
  for (let attempt = 100; attempt < 160; attempt++) expect(compile(attempt).ok).toBe(false);
  expect(performance.now() - begin).toBeLessThan(5_000);
  // 60 bundles of this kind were 5 GB.
  expect(heap() - before).toBeLessThan(150_000_000);
});

test.each([
  ['forwards', (lines: string[]) => lines],
  ['backwards', (lines: string[]) => lines.toReversed()],
])('a chain of 5,000 segments, written %s, is refused', (_, order) => {
  const chain = Array.from({ length: 5_000 }, (_, i) =>
    i === 0 ? "s0: 'traits.a == 1'" : `s${i}: "segment('s${i - 1}')"`,
  );
  const begin = performance.now();
  expect(compileWith({ 'segments.yaml': order(chain).join('\n') }).ok).toBe(false);
  expect(performance.now() - begin).toBeLessThan(10_000);
});

test('segments in segments are refused from a depth on that names no circle', () => {
  const chain = Array.from({ length: 60 }, (_, i) =>
    i === 0 ? "s0: 'traits.a == 1'" : `s${i}: "segment('s${i - 1}')"`,
  );
  expect(placesOf(compileWith({ 'segments.yaml': chain.toReversed().join('\n') }))[0]).toBe(
    'segments.yaml:1 s59: CEL: names segments in segments, more than 50 deep',
  );
});

test('a journey that names too many segments is refused where it does', () => {
  const long = `long: "${Array.from({ length: 40 }, (_, i) => `traits.${'t'.repeat(80)}${i} == 'x'`).join(' || ')}"`;
  const compiled = compileWith({
    'segments.yaml': long,
    'journeys/tips.yaml': edit('has(event.properties.value)', Array(5).fill("segment('long')").join(' || ')),
  });
  expect(placesOf(compiled)).toEqual([`journeys/tips.yaml:7 enter.when: ${TOO_LONG}`]);
});

test('all conditions of a bundle together have a limit, too', () => {
  const long = `long: "${Array.from({ length: 40 }, (_, i) => `traits.${'t'.repeat(80)}${i} == 'x'`).join(' || ')}"`;
  const actions = Array.from(
    { length: 600 },
    (_, i) => `- { id: a${i}, class: service, mode: human, eligible: "segment('long') && traits.n == ${i}",
    task: { queue: sales, acknowledge: 15m, resolve: 4h } }`,
  );
  const places = placesOf(compileWith({ 'segments.yaml': long, 'actions/more.yaml': actions.join('\n') }));
  expect(places[0]).toMatch(
    /^actions\/more.yaml:\d+ \[\d+\].eligible: CEL: the conditions of the bundle are too long together/,
  );
});

test.each([
  ['a journey', 'journeys/tips.yaml', edit('[{ after: 90d }]', '[{ after: 90d, when: "1 +" }]'), 8],
  ['an unknown key', 'workspace.yaml', (text: string) => `${text}colour: red\n`, 10],
  ['an item of a list of definitions', 'actions/all.yaml', edit('class: marketing', 'class: nothing'), 2],
  ['a second document', 'actions/more.yaml', '# two\nid: x\nclass: service\n---\nid: y\nclass: nothing\n', 6],
  ['a key with a dot', 'events.yaml', 'Order Completed:\n  total: number\n  a.b: nothing\n', 3],
])('the line of a problem is that of %s', (_, file, change, line) => {
  const compiled = compileWith({ [file]: change });
  expect(compiled.ok ? [] : compiled.errors.filter((e) => e.file === file).map((e) => e.line)).toContain(
    line,
  );
});
