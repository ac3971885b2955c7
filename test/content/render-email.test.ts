import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEmailRenderer, renderEmail } from '../../src/content/render-email.ts';
import { TemplateError } from '../../src/content/template.ts';

function request(template: string, data: Record<string, unknown> = {}, more: Record<string, string> = {}) {
  const files = new Map([['content/tip/email.en.liquid', template], ...Object.entries(more)]);
  return { files, action: 'tip', locale: 'en', fallbackLocale: 'en', data };
}

const HELLO = '---\nsubject: "For {{ traits.name }}"\n---\n<p>Hello {{ traits.name }}</p>\n';

describe('escaping', () => {
  test('outputs are escaped in HTML, not in subject and text', () => {
    const mail = renderEmail(request(HELLO, { traits: { name: `<b>"Eva" & 'Co'</b>` } }));
    expect(mail.html).toBe('<p>Hello &lt;b&gt;&#34;Eva&#34; &amp; &#39;Co&#39;&lt;/b&gt;</p>\n');
    expect(mail.subject).toBe(`For <b>"Eva" & 'Co'</b>`);
    expect(mail.text).toBe(`Hello <b>"Eva" & 'Co'</b>`);
  });

  test('no name can insert markup into the HTML', () => {
    const render = createEmailRenderer();
    fc.assert(
      fc.property(fc.string(), (name) => {
        const { html } = render(request(HELLO, { traits: { name } }));
        expect(html.slice('<p>Hello '.length, -'</p>\n'.length)).not.toMatch(/[<>"']/);
      }),
    );
  });

  test('no name can insert a line break into the subject', () => {
    const render = createEmailRenderer();
    const nasty = fc.array(
      fc.oneof(
        fc.string(),
        fc.constantFrom('\r', '\n', '\u2028', '\u2029', '\u0085', '\0', '\v', 'Bcc: x@y.z'),
      ),
    );
    fc.assert(
      fc.property(nasty, (parts) => {
        const { subject } = render(request(HELLO, { traits: { name: parts.join('') } }));
        expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(subject.length).toBeLessThanOrEqual(250);
      }),
    );
  });

  test('prototypes and constructors can not be reached', () => {
    const template =
      '---\nsubject: "x{{ traits.constructor.name }}{{ traits.__proto__ }}"\n---\n{{ traits.toString }}';
    expect(renderEmail(request(template, { traits: {} }))).toMatchObject({ subject: 'x', html: '' });
  });
});

describe('parts', () => {
  test('the plain-text part is made from the HTML', () => {
    const html = `<html><head><title>T</title><style>p{}</style></head><body><h1>Hi</h1>
      <p>One &amp; two,<br>three &lt;tag&gt; &amp;lt;</p><ul><li>a</li><li><b>b</b></li></ul><a href="https://x.example/?a=1&amp;b=2">Go</a></body></html>`;
    expect(renderEmail(request(`---\nsubject: x\n---\n${html}`)).text).toBe(
      'Hi\n\nOne & two,\nthree <tag> &lt;\n\n- a\n- b\n\nGo (https://x.example/?a=1&b=2)',
    );
  });

  test('a .txt file is used for the plain-text part', () => {
    const mail = renderEmail(
      request(
        HELLO,
        { traits: { name: 'A & B' } },
        { 'content/tip/email.en.txt': 'Dear {{ traits.name }}\n' },
      ),
    );
    expect(mail.text).toBe('Dear A & B\n');
  });

  test('the preheader is hidden in the body and escaped', () => {
    const mail = renderEmail(
      request('---\nsubject: x\npreheader: "{{ a }}"\n---\n<body class="c"><p>y</p></body>', { a: '<i>' }),
    );
    expect(mail.html).toBe(
      '<body class="c"><div data-preheader style="display:none;max-height:0;overflow:hidden">&lt;i&gt;</div><p>y</p></body>',
    );
    expect(mail.text).toBe('y');
  });

  test.each([
    ['the workspace’s', '{{ a | money }}', {}, '12.50 EUR'],
    ['the event’s', '{{ a | money }}', { currency: 'CHF' }, '12.50 CHF'],
    ['the event’s, as a sender may write it', '{{ a | money }}', { currency: ' chf' }, '12.50 CHF'],
    ['the named one', "{{ a | money: 'USD' }}", { currency: 'CHF' }, '12.50 USD'],
    ['the event’s, by its number', '{{ a | money }}', { currency: 978 }, '12.50 EUR'],
    ['the event’s, by a sign', '{{ a | money }}', { currency: '¥' }, '12.50 ¥'],
    ['one that is not known, as it is written', "{{ a | money: 'Beans' }}", {}, '12.50 Beans'],
    ['a sign that the template names', "{{ a | money: '€' }}", {}, '12.50 €'],
    ['a sign with the decimals of its currency', "{{ a | money: '₩' }}", {}, '13 ₩'],
    ['the event’s when the named one is no text', '{{ a | money: event }}', { currency: 'CHF' }, '12.50 CHF'],
    ['the workspace’s for a missing one', '{{ a | money: event.properties.currency }}', {}, '12.50 EUR'],
    ['none without an amount', '{{ nothing | money }}', {}, 'x'],
  ])('money prints a currency: %s', (_name, template, properties, printed) => {
    const data = { a: 12.5, event: { properties }, workspace: { currency: 'EUR' } };
    const { subject } = renderEmail(request(`---\nsubject: "x ${template}"\n---\n`, data));
    expect(subject.replace(/^x /, '')).toBe(printed);
  });

  test.each([
    ['half a cent, as sums round it', 1.005, '1.01 EUR'],
    ['less than nothing by less than a cent', -0.001, '0.00 EUR'],
    ['digits with separators', '1,299.00', '1,299.00 EUR'],
    ['an amount with its currency', '12 CHF', '12 CHF'],
    ['a sign of a currency', '€12', '€12'],
    ['a word', 'free', 'free'],
    ['a truth', true, ''],
    ['a list', [5], ''],
    ['an object', { amount: 5 }, ''],
  ])('money prints an amount: %s', (_name, a, printed) => {
    const data = { a, workspace: { currency: 'EUR' } };
    const { subject } = renderEmail(request('---\nsubject: "x {{ a | money }}"\n---\n', data));
    expect(subject.replace(/^x ?/, '')).toBe(printed);
  });

  test('money prints two decimals', () => {
    const template =
      "---\nsubject: \"{{ a | money: 'EUR' }}, {{ b | money }}, {{ c | money: 'EUR' }}\"\n---\n";
    expect(renderEmail(request(template, { a: 12.5, b: '3' })).subject).toBe('12.50 EUR, 3.00,');
  });
});

describe('locales', () => {
  const german = { 'content/tip/email.de.liquid': '---\nsubject: Deutsch\n---\n' };
  test.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['fr', 'en'],
    ['', 'en'],
  ])('%s falls back to %s', (locale, served) => {
    expect(renderEmail({ ...request(HELLO, {}, german), locale }).locale).toBe(served);
  });
});

describe('problems', () => {
  test.each([
    ['no content', { ...request(HELLO), action: 'other' }, 'no content: content/other/email.en.liquid'],
    ['no front matter', request('<p>'), 'must begin with front matter: ---, subject: …, ---'],
    [
      'an unknown key',
      request('---\nsubject: x\nfrom: y\n---\n'),
      'front matter must have a subject, and may have a preheader and a layout, nothing else',
    ],
    ['an empty subject', request('---\nsubject: "{{ nope }}"\n---\n'), 'the subject is empty'],
    [
      'Liquid',
      request('---\nsubject: x\n---\n{{ a | }'),
      'Liquid: output "{{ a | }" not closed, line:4, col:1',
    ],
    [
      'Liquid below a preheader and other lines',
      request('---\n# a comment\nsubject: x\npreheader: y\n---\n<p>\n{% if a %}</p>'),
      'Liquid: tag {% if a %} not closed, line:7, col:1',
    ],
    [
      'Liquid in the subject',
      request('---\npreheader: y\nsubject: "a {{ b | nope }}"\n---\n'),
      'Liquid: undefined filter: nope, line:3, col:3',
    ],
    [
      'Liquid in a preheader of several lines',
      request('---\nsubject: x\npreheader: |\n  one\n  {{ b | nope }}\n---\n'),
      'Liquid: undefined filter: nope, line:5, col:1',
    ],
    [
      'Liquid in lines that end as on Windows',
      request('---\r\nsubject: x\r\n---\r\n\r\n{% bogus %}'),
      'Liquid: tag "bogus" not found, line:5, col:1',
    ],
    [
      'front matter that is not YAML',
      request('---\nsubject: x\nsubject: y\n---\n'),
      'front matter, line 3: Map keys must be unique',
    ],
  ])('%s', (_name, request, message) => {
    expect(() => renderEmail(request)).toThrow(new TemplateError(message));
  });

  test('a template that runs too long throws a TemplateError', () => {
    const template =
      '---\nsubject: x\n---\n{% for i in (1..100000) %}{% for j in (1..100000) %}{{ j }}{% endfor %}{% endfor %}';
    expect(() => renderEmail(request(template))).toThrow(TemplateError);
  });
});
