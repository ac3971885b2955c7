import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileMjml } from '../../../src/content/mjml/compile.ts';
import { createEmailRenderer } from '../../../src/content/render-email.ts';
import { compileBundle } from '../../../src/definitions/compile/bundle.ts';
import type { BundleFile } from '../../../src/definitions/source/bundle-file.ts';
import { filesWith } from '../../definitions/bundle-files.ts';

const render = createEmailRenderer();

/** A mail of one column. */
function mail(column: string, subject = 'Hi {{ traits.name }}', head = ''): string {
  return `---\nsubject: "${subject}"\n---\n<mjml>${head}<mj-body><mj-section><mj-column>\n${column}\n</mj-column></mj-section></mj-body></mjml>\n`;
}

const HELLO = mail('<mj-text>Hello {{ traits.name }}</mj-text>');

/** The files as the content cache returns them: MJML in its compiled form. */
async function stored(files: Record<string, string>): Promise<Map<string, string>> {
  const compiledFiles = await compileMjml(
    Object.entries(files).map(([name, text]) => ({ path: `content/tip/${name}`, text })),
  );
  expect(compiledFiles.flatMap(({ problems = [] }) => problems)).toEqual([]);
  return new Map(compiledFiles.map(({ path, text, compiled }) => [path, compiled ?? text]));
}

const wanted = { action: 'tip', locale: 'en', fallbackLocale: 'en' };

async function sent(source: string, data: Record<string, unknown>) {
  return render({ ...wanted, files: await stored({ 'email.en.mjml': source }), data });
}

/** The problems of a bundle with this file. */
async function told(source: string): Promise<string[]> {
  const files = filesWith({ 'content/tip/email.en.liquid': null, 'content/tip/email.en.mjml': source });
  const compiled = compileBundle(await compileMjml(files), null, 0);
  if (compiled.ok) return [];
  return compiled.errors.map(({ file, path, message }) => `${file} | ${path} | ${message}`);
}

describe('C-5: an MJML file is rendered', () => {
  test('to HTML for all mail programs, with a readable plain part', async () => {
    const { subject, html, text } = await sent(
      mail(
        `<mj-text><h1>Hello {{ traits.name }}</h1></mj-text>
         <mj-image src="https://shop.example/cup.png" alt="A cup" />
         <mj-button href="https://shop.example/?a=1&amp;of={{ traits.name | url_encode }}">Buy {{ 12.5 | money: "EUR" }}</mj-button>
         <mj-text><a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text>`,
        'For {{ traits.name }}',
        '<mj-head><mj-preview>Seen in the list</mj-preview></mj-head>',
      ),
      { traits: { name: 'Ann & Co' }, unsubscribe_url: 'https://shop.example/unsubscribe/x' },
    );
    expect(subject).toBe('For Ann & Co');
    expect(html).toMatch(/^\s*<!doctype html>/i);
    expect(html).toContain('<!--[if mso');
    expect(html).toContain('<h1>Hello Ann &amp; Co</h1>');
    expect(html).not.toMatch(/<mj-|\{\{|LIQUID/);
    expect(text).toBe(
      'Hello Ann & Co\n\nBuy 12.50 EUR (https://shop.example/?a=1&of=Ann+%26+Co)\n\nUnsubscribe (https://shop.example/unsubscribe/x)',
    );
  });

  test('without style sheets or fonts of a third party', async () => {
    const { html } = await sent(HELLO, { traits: { name: 'Ann' } });
    expect(html).not.toMatch(/<link\b|@import|https?:\/\/(?!www\.w3\.org)/);
  });

  test('with loops and conditions around elements in mj-raw', async () => {
    const source = mail(
      `<mj-raw>{% for order in orders %}</mj-raw>
       <mj-text>{{ order.id }}{% if order.total > 9 and order.total < 99 %}: {{ order.total | money: "EUR" }}{% endif %}</mj-text>
       <mj-raw>{%- endfor -%}</mj-raw>
       <mj-raw>{% if traits.vip %}</mj-raw><mj-text>VIP</mj-text><mj-raw>{% endif %}</mj-raw>`,
    );
    const orders = [
      { id: 'o-1', total: 12 },
      { id: 'o-2', total: 3 },
    ];
    expect((await sent(source, { orders, traits: {} })).text).toBe('o-1: 12.00 EUR\n\no-2');
    expect((await sent(source, { orders: [], traits: { vip: true } })).text).toBe('VIP');
  });

  test('with its own text, variants and translations, like HTML', async () => {
    const files = await stored({
      'email.en.mjml': mail('<mj-text>plain</mj-text>', 'plain'),
      'email.de.mjml': mail('<mj-text>deutsch</mj-text>', 'deutsch'),
      'email.en.b.mjml': mail('<mj-text>b</mj-text>', 'b'),
      'email.en.b.txt': 'text of b',
      'email.fr.liquid': '---\nsubject: français\n---\n',
    });
    const as = (locale: string, variant: string | null) =>
      render({ ...wanted, files, data: {}, locale, variant });
    expect(as('de-AT', null)).toMatchObject({ subject: 'deutsch', text: 'deutsch', locale: 'de' });
    expect(as('de-AT', 'b')).toMatchObject({ subject: 'b', text: 'text of b', locale: 'en', variant: 'b' });
    expect(as('fr', null)).toMatchObject({ subject: 'français', locale: 'fr' });
    expect(as('es', null)).toMatchObject({ subject: 'plain', locale: 'en' });
  });
});

test('customer data can not break out of a text, an attribute, a style or a comment for Outlook', async () => {
  const files = await stored({
    'email.en.mjml': mail(
      `<mj-text>{{ traits.name }}</mj-text><mj-button href="{{ traits.name }}" title='{{ traits.name }}'>{{ traits.name }}</mj-button>
       <mj-image src="{{ traits.name }}" alt="{{ traits.name | append: "" }}" /><mj-raw><!-- {{ traits.name }} --></mj-raw></mj-column></mj-section>
       <mj-section background-url="{{ traits.name }}"><mj-column>`,
      'x',
      '<mj-head><mj-title>{{ traits.name }}</mj-title><mj-preview>{{ traits.name }}</mj-preview><mj-style>.a { color: {{ traits.name }} }</mj-style><mj-style inline="inline">p { color: red }</mj-style></mj-head>',
    ),
  });
  const htmlFor = (name: string) => render({ ...wanted, files, data: { traits: { name } } }).html;
  const harmless = htmlFor('HARMLESS').split('HARMLESS');
  expect(harmless.length).toBeGreaterThan(10);
  const nasty = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom(
      '-->',
      '<![endif]-->',
      '</style>',
      '"><script>',
      "' onload='x",
      '$&',
      '$1',
      '{{ traits }}',
      '{%',
    ),
  );
  fc.assert(
    fc.property(nasty, (name) => {
      const escaped = render({
        ...wanted,
        files: new Map([['content/tip/email.en.liquid', '---\nsubject: x\n---\n{{ traits.name }}']]),
        data: { traits: { name } },
      }).html;
      expect(escaped).not.toMatch(/[<>"']/);
      expect(htmlFor(name)).toBe(harmless.join(escaped));
    }),
  );
});

describe('C-5: compiling a bundle reports a mistake in MJML', () => {
  const F = 'content/tip/email.en.mjml | ';
  test.each([
    ['none', HELLO, []],
    [
      'none in a comment',
      mail(
        '<!-- <mj-text>{{ a }}</mj-text> --><mj-text>x</mj-text>',
        'x',
        '<mj-head><mj-attributes><!-- {{ b }} --><mj-all padding="0" /></mj-attributes></mj-head>',
      ),
      [],
    ],
    [
      'a file that is too long',
      mail(`<mj-text>${'x'.repeat(60_000)}</mj-text>`),
      [`${F} | MJML: longer than 60000 characters`],
    ],
    [
      'more HTML than a template can contain',
      mail('<mj-divider />'.repeat(450)),
      [`${F} | Liquid: parse length limit exceeded`],
    ],
    ['no front matter', '<mjml></mjml>', [`${F} | must begin with front matter: ---, subject: …, ---`]],
    [
      'Liquid',
      mail('<mj-text>{% if a %}</mj-text>'),
      [`${F} | Liquid: tag {% if a %} not closed, line:5, col:10`],
    ],
    [
      'an unknown element',
      mail('<mj-frog />'),
      [`${F} | MJML, line 5: <mj-frog>: Element mj-frog doesn't exist or is not registered`],
    ],
    [
      'attributes, after Liquid of several lines',
      mail(
        '<mj-text>{{ a\n}}</mj-text>\n<mj-text colour="red">x</mj-text>\n<mj-text color="{{ a }}">x</mj-text>',
      ),
      [
        `${F} | MJML, line 7: <mj-text>: Attribute colour is illegal`,
        `${F} | MJML, line 8: <mj-text>: Attribute color has invalid value: {{ a }} for type Color`,
      ],
    ],
    [
      'an element in the wrong place',
      mail('<mj-section></mj-section>'),
      [
        expect.stringContaining(
          `${F} | MJML, line 5: <mj-section>: mj-section cannot be used inside mj-column`,
        ),
      ],
    ],
    [
      'an element that is not closed',
      mail('<mj-text>Hello'),
      [`${F} | MJML, line 6: </mj-column> closes nothing: <mj-text> is open`],
    ],
    [
      'a comment that is not closed',
      mail('<mj-text>Hello</mj-text><!-- what now'),
      [`${F} | MJML, line 5: a comment is not closed: -->`],
    ],
    [
      'more elements than a mail has',
      mail(`${'<mj-text>Hello</mj-text>\n'.repeat(600)}`),
      [`${F} | MJML, line 501: more than 500 elements: use <mj-table> or HTML in <mj-text>`],
    ],
    [
      'the end of the file in an element',
      '---\nsubject: x\n---\n<mjml>\n<mj-body>',
      [`${F} | MJML, line 5: <mj-body> is not closed`],
    ],
    [
      'a mail without elements',
      '---\nsubject: x\n---\n',
      [`${F} | MJML, line 4: everything must be inside one <mjml>`],
    ],
    [
      'HTML',
      '---\nsubject: x\n---\n<p>Hello</p>',
      [`${F} | MJML, line 4: 'Hello' would be left out: move it into <mj-text> or <mj-raw>`],
    ],
    [
      'a body without mjml',
      '---\nsubject: x\n---\n<mj-body></mj-body>',
      [`${F} | MJML, line 4: everything must be inside one <mjml>`],
    ],
    [
      'an empty mjml',
      '---\nsubject: x\n---\n<mjml></mjml>',
      [`${F} | MJML: Malformed MJML. Check that your structure is correct and enclosed in <mjml> tags.`],
    ],
    [
      'a loop outside of mj-raw',
      mail('{% for a in b %}\n<mj-text>{{ a }}</mj-text>\n{% endfor %}'),
      [
        `${F} | MJML, line 5: '{% for a in b %}' would be left out of <mj-column>: move it into <mj-text> or <mj-raw>`,
      ],
    ],
    [
      'Liquid where MJML drops it',
      mail(
        '<mj-text>x</mj-text>',
        'x',
        '<mj-head><mj-attributes><mj-class name="a" align="left" css-class="{{ a }}" /></mj-attributes></mj-head>',
      ),
      [`${F} | MJML, line 4: {{ a }} would be left out`],
    ],
    [
      'an included file',
      mail('<mj-include path="/etc/passwd" type="html" />'),
      [`${F} | MJML, line 5: <mj-include> is not allowed: a template includes no other files`],
    ],
    [
      'an included file, in HTML',
      mail('<mj-raw><mj-include path="./package.json" /></mj-raw>'),
      [`${F} | MJML, line 5: <mj-include> is not allowed: a template includes no other files`],
    ],
  ])('%s', async (_name, source, errors) => {
    expect(await told(source)).toEqual(errors);
  });

  test('having both HTML and MJML for one mail', async () => {
    const files = filesWith({ 'content/tip/email.en.mjml': HELLO });
    expect(compileBundle(await compileMjml(files), null, 0)).toMatchObject({
      ok: false,
      errors: [{ message: 'content/tip/email.en.liquid exists too: keep one of them' }],
    });
  });
});

test('B-10: attributes that an MJML mail reads are listed', async () => {
  const source = mail(
    '<mj-button href="{{ traits.shop_url }}">{{ traits.name }}</mj-button>',
    '{{ account.plan }}',
  );
  const files = filesWith({ 'content/tip/email.en.liquid': null, 'content/tip/email.en.mjml': source });
  const compiled = compileBundle(await compileMjml(files), null, 0);
  const tip = compiled.ok ? compiled.bundle.actions.find(({ id }) => id === 'tip') : undefined;
  expect(tip?.reads).toEqual(expect.arrayContaining(['account.plan', 'name', 'shop_url']));
});

test('a compiled text that the caller passes is ignored', async () => {
  const forged = '---\nsubject: x\n---\nforged';
  const [file] = await compileMjml([
    { path: 'content/tip/email.en.mjml', text: HELLO, compiled: forged } as BundleFile,
  ]);
  expect(file?.compiled).toContain('Hello {{ traits.name }}');
  expect(file?.compiled).not.toContain('forged');
});

test('security 12: comments that never end are refused at once', async () => {
  const text = `---\nsubject: x\n---\n${'<!--'.repeat(14_000)}`;
  const begin = performance.now();
  const [file] = await compileMjml([{ path: 'content/a/email.en.mjml', text }]);
  expect(file?.problems).toEqual(['MJML, line 4: a comment is not closed: -->']);
  expect(performance.now() - begin).toBeLessThan(1_000);
});
