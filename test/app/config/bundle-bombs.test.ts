import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type BundleCompiler,
  createBundleCompiler,
} from '../../../src/app/config/compiler/bundle-compiler.ts';
import { type BundleFile, readBundleDir } from '../../support/bundles.ts';
import { AROMA } from '../../support/paths.ts';

/**
 * Bundles that are written to take long, or much memory. Preview, apply, rollback and what-if compile them in this way.
 * Each is answered within a time that only a runaway exceeds, with a line that says where and why.
 */

let compiler: BundleCompiler;
let aroma: BundleFile[];
beforeAll(async () => {
  compiler = createBundleCompiler();
  aroma = await readBundleDir(AROMA);
  await compile([]);
});
afterAll(() => compiler?.close());

const SLOWEST_MS = 15_000;
const repeat = (count: number, write: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => write(n)).join('');
const journey = (text: string): BundleFile[] => [{ path: 'journeys/bomb.yaml', text }];
const segments = (text: string): BundleFile[] => [{ path: 'segments.yaml', text }];
const condition = (cel: string) => segments(`x: ${JSON.stringify(cel)}\n`);
const mail = (text: string, extension = 'liquid'): BundleFile[] => [
  { path: `content/receipt/email.en.${extension}`, text: `---\nsubject: s\n---\n${text}` },
];
const mjml = (text: string) =>
  mail(
    `<mjml><mj-body><mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section></mj-body></mjml>`,
    'mjml',
  );
const many = (count: number, write: (n: number) => BundleFile) =>
  Array.from({ length: count }, (_, n) => write(n));

async function compile(files: BundleFile[]) {
  const kept = aroma.filter(
    ({ path }) => !files.some((file) => file.path.split('.')[0] === path.split('.')[0]),
  );
  const began = performance.now();
  const result = await compiler.run('compile', 'aroma', {
    files: [...kept, ...files],
    previous: null,
    at: 0,
    received: null,
  });
  expect(performance.now() - began).toBeLessThan(SLOWEST_MS);
  if (!result.ok) return [result.problem];
  return result.done.ok ? [] : result.done.errors;
}

const NESTED = 'YAML, line 1: is nested more than 64 deep';
const LONG_CEL = 'must be at most 4000 characters';
const DEEP_LIQUID = 'Maximum call stack size exceeded';
const LONG_LIQUID = 'Liquid: parse length limit exceeded';

describe.each<[kind: string, bombs: [name: string, files: () => BundleFile[], message: string][]]>([
  [
    'YAML',
    [
      ['open lists', () => segments('['.repeat(100_000)), NESTED],
      ['nested lists', () => journey('['.repeat(50_000) + ']'.repeat(50_000)), NESTED],
      ['nested mappings', () => journey(`${'{a: '.repeat(30_000)}1${'}'.repeat(30_000)}`), NESTED],
      ['lists on one line', () => journey(`${'- '.repeat(100_000)}1`), NESTED],
      ['keys of keys', () => journey('? '.repeat(100_000)), NESTED],
      ['indented mappings', () => journey(repeat(600, (n) => `${' '.repeat(n)}a:\n`)), 'is required'],
      [
        'brackets that close nothing',
        () => journey('}\n'.repeat(120_000)),
        "YAML, line 1: '}' closes nothing",
      ],
      [
        'empty documents',
        () => journey('---\n'.repeat(60_000)),
        'YAML, line 2001: has more than 2000 documents',
      ],
      ['a line of 250 kB', () => journey(`id: ${'x'.repeat(250_000)}`), 'must be an id'],
      [
        'aliases',
        () => segments(repeat(300, (n) => `a${n}: &x${n} [${n ? `*x${n - 1}, *x${n - 1}` : 1}]\n`)),
        'Excessive alias count',
      ],
      ['tabs', () => journey('\t'.repeat(250_000)), 'contains no journey'],
      [
        '5 MB of comments',
        () =>
          many(20, (n) => ({ path: `journeys/c${n}.yaml`, text: `# ${'x'.repeat(100)}\n`.repeat(2_400) })),
        'contains no journey',
      ],
      [
        'keys of front matter',
        () => [
          {
            path: 'content/receipt/email.en.liquid',
            text: `---\n${repeat(20_000, (n) => `k${n}: 1\n`)}---\nx`,
          },
        ],
        'front matter has 188889 characters; at most 10000 are allowed',
      ],
    ],
  ],
  [
    'files',
    [
      [
        '2,000 empty ones',
        () => many(1_900, (n) => ({ path: `journeys/${n}.yaml`, text: '' })),
        'contains no journey',
      ],
      ...[
        '../x.yaml',
        'journeys/../../etc/x.yaml',
        '/etc/x.yaml',
        'content//x.txt',
        'journeys\\x.yaml',
        'journeys/a\u0000.yaml',
        'content/\u202Ex.txt',
        './x.yaml',
      ].map((path): [string, () => BundleFile[], string] => [
        `the path ${JSON.stringify(path)}`,
        () => [{ path, text: 'a: 1' }],
        "has no path within the bundle: use names and /, without '.' and '..'",
      ]),
      ['prototypes', () => [{ path: '__proto__.yaml', text: 'a: 1' }], 'unknown file'],
      [
        '1,900 variants',
        () => [...many(1_900, (n) => ({ path: `content/receipt/email.en.v${n}.liquid`, text: 'x' }))],
        'must begin with front matter',
      ],
    ],
  ],
  [
    'definitions',
    [
      [
        'a journey of 5,000 steps',
        () =>
          journey(
            `id: a\nclass: service\nowner: care\nenter: { on: A }\nexit: [{ after: 9d }]\nsteps:\n${repeat(4_900, (n) => `  - { id: s${n}, wait: { until: [{ after: 1d }] } }\n`)}`,
          ),
        'must be at most 300',
      ],
      [
        '20,000 steps of 400 journeys that refer to nothing',
        () =>
          many(8, (n) => ({
            path: `journeys/f${n}.yaml`,
            text: repeat(
              50,
              (k) =>
                `---\nid: j${n}-${k}\nclass: service\nowner: care\nenter: { on: A }\nexit: [{ after: 9d }]\nsteps:\n${repeat(50, (s) => `  - { id: s${s}, wait: { until: [{ after: 1d, next: nowhere }] } }\n`)}`,
            ),
          })),
        'unknown',
      ],
      [
        'a time zone of 240 kB',
        () => workspace(/^timezone:.*$/m, `timezone: ${'Europe/'.repeat(30_000)}`),
        'time zone',
      ],
      [
        '30,000 locales',
        () =>
          workspace(
            /^locales:.*$/m,
            `locales: [${repeat(30_000, (n) => `en-${String.fromCharCode(65 + (n % 26), 65 + ((n / 26) % 26))}, `)}]`,
          ),
        'content',
      ],
      [
        'a group of 25,000',
        () => [{ path: 'group.yaml', text: `id: g\nworkspaces: [${repeat(25_000, (n) => `w${n}, `)}]\n` }],
        'must be at most 1000',
      ],
      [
        '4,000 unknown names',
        () =>
          journey(
            `id: a\nclass: service\nowner: care\nenter: { on: A }\nexit: [{ after: 9d }]\nsteps:\n${repeat(150, (n) => `  - { id: s${n}, decide: { actions: [${repeat(25, (k) => `x${n}-${k}, `)}] } }\n`)}`,
          ),
        'unknown',
      ],
    ],
  ],
  [
    'CEL',
    [
      ['a long chain of +', () => condition(`1${'+1'.repeat(100_000)}`), LONG_CEL],
      ['a chain of + below the limit', () => condition(`1${'+1'.repeat(1_900)} > 0`), 'CEL'],
      ['a list of 30,000', () => condition(`1 in [${repeat(30_000, (n) => `${n},`)}]`), LONG_CEL],
      ['parentheses', () => condition(`${'('.repeat(1_900)}true${')'.repeat(1_900)}`), 'CEL'],
      ['negations', () => condition(`${'!'.repeat(3_900)}true`), 'CEL'],
      ['members', () => condition(`traits${'.a'.repeat(1_900)} == 1`), 'CEL'],
      ['macros', () => condition(`${'[1].exists(a, '.repeat(60)}true${')'.repeat(60)}`), 'CEL'],
      [
        'repeats of repeats',
        () => condition("traits.a.matches('((a{1000}){1000})')"),
        'a repeat is at most 1000',
      ],
      [
        'repeats that multiply',
        () => condition("traits.a.matches('((((a{30}){30}){30}){30})')"),
        'a repeat is at most 1000',
      ],
      [
        'a large repeat',
        () => condition(`traits.a.matches('(${'[a-z]'.repeat(150)}){900}')`),
        'the pattern has',
      ],
      ['a deep pattern', () => condition(`traits.a.matches('${'('.repeat(490)}a${')'.repeat(490)}')`), ''],
      [
        'a chain of segments',
        () =>
          segments(
            repeat(4_900, (n) => (n === 0 ? 's0: "traits.a == 1"\n' : `s${n}: "segment('s${n - 1}')"\n`)),
          ),
        'CEL',
      ],
    ],
  ],
  [
    'templates',
    [
      ['open conditions', () => mail('{% if a %}'.repeat(8_000)), DEEP_LIQUID],
      [
        'nested conditions',
        () => mail('{% if a %}'.repeat(5_000) + '{% endif %}'.repeat(5_000)),
        DEEP_LIQUID,
      ],
      [
        'nested loops',
        () => mail('{% for a in (1..9) %}'.repeat(2_500) + '{% endfor %}'.repeat(2_500)),
        DEEP_LIQUID,
      ],
      ['nested members', () => mail(`{{ ${'a['.repeat(40_000)} }}`), DEEP_LIQUID],
      ['outputs', () => mail('{{a}}'.repeat(50_000)), LONG_LIQUID],
      ['a long run of spaces', () => mail(`{{${' '.repeat(250_000)}`), LONG_LIQUID],
      ['sentences with holes', () => mail('a {{ traits.x |'.repeat(6_000)), 'Liquid'],
      [
        'chains of includes',
        () => mail('{% include "receipt/email.en" %}'.repeat(3_000)),
        'tag "include" not found',
      ],
      ['MJML elements', () => mail(`<mjml><mj-body>${'<mj-wrapper>'.repeat(3_000)}`, 'mjml'), 'elements'],
      [
        'MJML with open quotes',
        () => mail(`<mjml>${'<a x="'.repeat(9_000)}`, 'mjml'),
        '<mjml> is not closed',
      ],
      ['MJML with 10,000 outputs', () => mjml('{{a}}'.repeat(10_000)), ''],
      ['MJML with 19,000 open tags', () => mjml('<b>'.repeat(19_000)), ''],
    ],
  ],
])('security 2: %s', (_, bombs) => {
  test.each(bombs)('%s', async (_name, files, message) => {
    const problems = await compile(files());
    if (message === '') return;
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(501);
    expect(problems.map((problem) => problem.message).join('\n')).toContain(message);
    expect(problems.every(({ file }) => file !== '' || problems.length > 500)).toBe(true);
  });
});

function workspace(from: RegExp, to: string): BundleFile[] {
  const { path, text } = aroma.find((file) => file.path === 'workspace.yaml') as BundleFile;
  expect(text).toMatch(from);
  return [{ path, text: text.replace(from, to) }];
}

test('security 2: none of them has taken memory of this process', () => {
  globalThis.gc?.();
  expect(process.memoryUsage().heapUsed).toBeLessThan(400_000_000);
});
