import { expect, test } from 'vitest';
import { compileWith, edit, problemsOf } from '../bundle-files.ts';

const B = 'content/_blocks';
const TIP = 'content/tip/email.en.liquid';
const using = (name: string) => `---\nsubject: A tip\n---\n{% render '${name}' %}\n`;
const segments = "vips: has(traits.spend) && traits.spend > 100.0\nnew: count('Order Completed') == 0\n";

test('C-2, B-10: an action reads what its blocks read, and what chooses among them', () => {
  const compiled = compileWith({
    'segments.yaml': segments,
    [TIP]: using('hi'),
    [`${B}/hi.en.liquid`]: "{{ traits.firstName }}{% render 'deep', city: traits.city %}",
    [`${B}/hi.en.new.liquid`]: 'Hello',
    [`${B}/hi.en.vips.liquid`]: 'Dear',
    [`${B}/deep.liquid`]: '{{ account.name }} {{ city }}',
  });
  if (!compiled.ok) throw new Error(problemsOf(compiled).join('\n'));
  const tip = compiled.bundle.actions.find(({ id }) => id === 'tip');
  expect(tip?.reads).toEqual(['account.name', 'city', 'firstName', 'spend']);
  expect(tip?.blockSegments).toEqual(['vips', 'new']);
  expect(compiled.bundle.actions.find(({ id }) => id === 'help')).not.toHaveProperty('blockSegments');
});

test.each([
  ['missing', { [TIP]: using('gone') }, [`${TIP} |  | there is no block 'gone': add ${B}/gone.en.liquid`]],
  [
    'missing as a layout',
    { [TIP]: '---\nsubject: x\nlayout: gone\n---\n' },
    [`${TIP} |  | there is no block 'gone': add ${B}/gone.en.liquid`],
  ],
  [
    'of the other kind',
    { [TIP]: using('hi'), [`${B}/hi.txt`]: '' },
    [`${TIP} |  | there is no block 'hi': add ${B}/hi.en.liquid`],
  ],
  [
    'for an unknown segment',
    {
      [TIP]: using('hi'),
      'segments.yaml': segments,
      [`${B}/hi.en.liquid`]: '',
      [`${B}/hi.en.vipps.liquid`]: '',
    },
    [`${B}/hi.en.vipps.liquid |  | unknown segment 'vipps'; did you mean 'vips'?`],
  ],
  [
    'without a default',
    { [TIP]: using('hi'), 'segments.yaml': segments, [`${B}/hi.en.vips.liquid`]: '' },
    [`${B}/hi.en.vips.liquid |  | lacks a default: add ${B}/hi.en.liquid`],
  ],
  [
    'without the fallback locale',
    { [TIP]: using('hi'), [`${B}/hi.de.liquid`]: '' },
    [`${B}/hi.de.liquid |  | lacks the fallback locale: add ${B}/hi.en.liquid`],
  ],
  [
    'in a circle',
    { [TIP]: using('a'), [`${B}/a.liquid`]: "{% render 'b' %}", [`${B}/b.liquid`]: "{% render 'a' %}" },
    [`${B}/a.liquid |  | blocks that render each other: a → b → a`],
  ],
  [
    'that does not parse',
    { [TIP]: using('a'), [`${B}/a.liquid`]: '{% if %}' },
    [expect.stringContaining(`${B}/a.liquid |  | Liquid: `)],
  ],
  [
    'of another name',
    { [`${B}/A.en.mjml`]: '' },
    [`${B}/A.en.mjml |  | must be named ${B}/{block}[.{locale}[.{segment}]].liquid or .txt`],
  ],
])('a block %s is an error', (_, changes, problems) => {
  expect(problemsOf(compileWith(changes as Record<string, string>))).toEqual(problems);
});

test('C-5: missing translations are warnings, by action, channel, variant and locale, and so are those of blocks', () => {
  const compiled = compileWith({
    'workspace.yaml': edit('locales: [en]', 'locales: [en, pt-BR, zh-Hant]'),
    [TIP]: using('hi'),
    'content/tip/email.pt.liquid': using('hi'),
    'content/tip/email.zh-TW.liquid': using('hi'),
    'content/tip/email.en.b.liquid': using('hi'),
    'content/tip/email.en.txt': 'text',
    [`${B}/hi.en.liquid`]: '',
    [`${B}/hi.pt.liquid`]: '',
    [`${B}/other.liquid`]: '',
  });
  expect(compiled.ok && compiled.warnings.map(({ file, message }) => `${file} | ${message}`)).toEqual([
    `${B}/hi.en.liquid | no translation for 'zh-Hant', so its customers get 'en': add ${B}/hi.zh-Hant.liquid`,
    `${B}/other.liquid | nothing renders 'other'`,
    "content/help/email.en.liquid | no translation for 'pt-BR', so its customers get 'en': add content/help/email.pt-BR.liquid",
    "content/help/email.en.liquid | no translation for 'zh-Hant', so its customers get 'en': add content/help/email.zh-Hant.liquid",
    "content/tip/email.en.b.liquid | no translation for 'pt-BR', so its customers get 'en': add content/tip/email.pt-BR.b.liquid",
    "content/tip/email.en.b.liquid | no translation for 'zh-Hant', so its customers get 'en': add content/tip/email.zh-Hant.b.liquid",
    "content/tip/email.pt.liquid | 'pt' is not one of the workspace's locales",
    "content/tip/email.zh-TW.liquid | 'zh-TW' is not one of the workspace's locales",
  ]);
});

test.each([
  ['email.pt_br.liquid', "the locale 'pt_br' is written 'pt-BR': name it email.pt-BR.liquid"],
  ['email.ZH-hant.b.liquid', "the locale 'ZH-hant' is written 'zh-Hant': name it email.zh-Hant.b.liquid"],
])('bad input: %s is refused with the name that it should have', (name, message) => {
  expect(problemsOf(compileWith({ [`content/tip/${name}`]: '---\nsubject: x\n---\n' }))).toEqual([
    `content/tip/${name} |  | ${message}`,
  ]);
});
