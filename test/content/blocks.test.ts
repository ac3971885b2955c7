import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockPath, readBlockName } from '../../src/content/block-name.ts';
import { createEmailRenderer } from '../../src/content/render-email.ts';
import { createTextRenderer } from '../../src/content/render-text.ts';

const renderEmail = createEmailRenderer();
const renderText = createTextRenderer();

function mail(body: string, files: Record<string, string>, more: object = {}) {
  const all = { 'content/tip/email.en.liquid': body, ...files };
  return renderEmail({
    files: new Map(Object.entries(all)),
    action: 'tip',
    locale: 'en',
    fallbackLocale: 'en',
    data: { traits: { firstName: 'Helen <b>' } },
    ...more,
  });
}

const B = 'content/_blocks';
const front = (more = '') => `---\nsubject: S${more}\n---\n`;

test('the name of a block is read back from the path that was built', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{3,12}$/);
  fc.assert(
    fc.property(
      word,
      fc.option(fc.constantFrom('en', 'de-AT', 'zh-Hant'), { nil: null }),
      fc.option(word, { nil: null }),
      fc.constantFrom<'liquid' | 'txt'>('liquid', 'txt'),
      (block, locale, named, extension) => {
        const segment = locale === null ? null : named;
        const name = { block, locale, segment, extension };
        expect(readBlockName(blockPath(name))).toEqual(name);
      },
    ),
  );
  for (const path of [`${B}/x.liquid.txt`, `${B}/../x.en.liquid`, `${B}/a/b.en.liquid`, `${B}/x.en.mjml`])
    expect(readBlockName(path)).toBeUndefined();
});

describe('C-5: a personalised block', () => {
  const files = {
    [`${B}/hi.en.liquid`]: 'Hello',
    [`${B}/hi.en.vips.liquid`]: 'Dear',
    [`${B}/hi.en.new.liquid`]: 'Welcome',
    [`${B}/hi.de.liquid`]: 'Hallo',
    'content/tip/email.de.liquid': `${front()}{% render 'hi' %}`,
  };
  const body = `${front()}{% render 'hi' %}`;

  test.each([
    [[], 'en', 'Hello', null],
    [['vips', 'new'], 'en', 'Dear', 'vips'],
    [['new', 'vips'], 'en', 'Welcome', 'new'],
    [['others', 'new'], 'en', 'Welcome', 'new'],
    [['gone'], 'en', 'Hello', null],
    [[], 'de-AT', 'Hallo', null],
  ])(
    'is that of the first segment of %j in %s that has one, else the default',
    (segments, locale, text, segment) => {
      const rendered = mail(body, files, { segments, locale });
      expect(rendered.text).toBe(text);
      expect(rendered.blocks).toMatchObject([{ block: 'hi', segment }]);
    },
  );

  test('takes parameters, and escapes them and what it reads', () => {
    const { html } = mail(`${front()}{% render 'button', label: traits.firstName, size: 3 %}`, {
      [`${B}/button.liquid`]: '<a>{{ label }}|{{ size }}|{{ traits.firstName }}</a>',
    });
    expect(html).toBe('<a>Helen &lt;b&gt;|3|Helen &lt;b&gt;</a>');
  });

  test('for texts is a .txt of its own, which escapes nothing', () => {
    const { text, blocks } = renderText({
      files: new Map([
        ['content/tip/sms.en.txt', "{% render 'hi', name: traits.firstName %}!"],
        [`${B}/hi.txt`, 'Hi {{ name }}'],
        [`${B}/hi.en.liquid`, 'not this'],
      ]),
      action: 'tip',
      channel: 'sms',
      locale: 'en',
      fallbackLocale: 'en',
      data: { traits: { firstName: 'A & B' } },
    });
    expect([text, blocks]).toEqual(['Hi A & B!', [{ block: 'hi', locale: null, segment: null }]]);
  });

  test('parameters end with the block', () => {
    const { html } = mail(`${front()}{% render 'a', x: 1 %}[{{ x }}]`, { [`${B}/a.liquid`]: '{{ x }}' });
    expect(html).toBe('1[]');
  });
});

test('a layout prints the mail once, unescaped once, and the preheader goes into its body', () => {
  const { html, text } = mail(`${front('\npreheader: P\nlayout: page')}<p>{{ traits.firstName }}</p>`, {
    [`${B}/page.liquid`]: '<html lang="{{ locale }}"><body><h1>Brand</h1>{% content %}</body></html>',
  });
  expect(html).toBe(
    '<html lang="en"><body><div data-preheader style="display:none;max-height:0;overflow:hidden">P</div><h1>Brand</h1><p>Helen &lt;b&gt;</p></body></html>',
  );
  expect(text).toBe('Brand\n\nHelen <b>');
});

test.each([
  ['a block that is not there', "{% render 'gone' %}", 'no block: content/_blocks/gone.en.liquid'],
  ['a file of the machine', "{% render '/etc/passwd' %}", 'no block: content/_blocks//etc/passwd.en.liquid'],
  ['a file above', "{% render '../tip/email' %}", 'no block: content/_blocks/../tip/email.en.liquid'],
  ['no name', '{% render block %}', 'render needs the name of a block in quotes'],
  ['the content of no layout', '{% content %}', 'content is for layouts only'],
  ['itself', "{% render 'self' %}", 'blocks are nested more than 10 deep'],
  ['a broken block', "{% render 'broken' %}", 'block broken: Liquid: undefined filter: nope, line:1'],
])('bad input: a template that renders %s', (_, body, message) => {
  const files = { [`${B}/self.liquid`]: "{% render 'self' %}", [`${B}/broken.liquid`]: '{{ 1 | nope }}' };
  expect(() => mail(front() + body, files)).toThrow(message);
});
