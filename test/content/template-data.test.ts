import { expect, test } from 'vitest';
import { renderEmail } from '../../src/content/render-email.ts';
import { readEventRules } from '../support/events-page.ts';

function render(body: string, data: Record<string, unknown>, subject = 'x') {
  const files = new Map([['content/tip/email.en.liquid', `---\nsubject: "${subject}"\n---\n${body}`]]);
  return renderEmail({ files, action: 'tip', locale: 'en', fallbackLocale: 'en', data });
}

test.each<[string, unknown, string]>([
  ['an object', { first: 'Ada' }, 'Hello there'],
  ['spaces', '   ', 'Hello there'],
  ['an invisible character', '\u200b', 'Hello there'],
  ['a no-break space', '\u00a0', 'Hello there'],
  ['null', null, 'Hello there'],
  ['a printed object', '[object Object]', 'Hello there'],
  ['a printed undefined', ' undefined ', 'Hello there'],
  ['a printed null', '(null)', 'Hello there'],
  ['the name Null', 'Null', 'Hello Null'],
  ['a word of a program', 'None', 'Hello None'],
  ['a name', 'Ada', 'Hello Ada'],
  ['a number', 7, 'Hello 7'],
])('a default takes the place of %s where a name belongs', (_, name, html) => {
  expect(render("Hello {{ traits.name | default: 'there' }}", { traits: { name } }).html).toBe(html);
  const branch = '{% if traits.name %}Hello {{ traits.name }}{% else %}Hello there{% endif %}';
  if (!html.includes('there')) expect(render(branch, { traits: { name } }).html).toBe(html);
  if (typeof name !== 'object') expect(render(branch, { traits: { name } }).html).toBe(html);
});

test.each([
  '{{ traits.name }}',
  '{{ traits.name | upcase }}',
  '{{ traits.name | append: "" }}',
  '{{ list }}',
])('an object prints nothing in %s', (output) => {
  expect(
    render(output, { traits: { name: { first: 'Ada' } }, list: [{ a: 1 }] }, 'a{{ traits.name }}'),
  ).toMatchObject({ html: '', subject: 'a' });
});

test.each([
  'toString',
  'valueOf',
  '__proto__',
  'constructor',
  'toJSON',
  'toLiquid',
  'then',
  'length',
  'size',
])('a trait and a field with the name %s keep no message from being rendered', (name) => {
  const data = JSON.parse(
    `{"traits": {"${name}": 1, "first": "Ada", "home": {"${name}": "x", "city": "Ulm"}}}`,
  );
  const template = `{{ traits.first }} {{ traits.home.city }}{{ traits.home }}{{ traits.home | upcase }}{% if traits.home == traits %}!{% endif %}`;
  expect(render(template, data).html).toBe('Ada Ulm');
  render(`{{ traits.${name} }}{{ traits.home.${name} | append: 'x' }}{{ traits | json }}`, data);
});

test('fields of an object can be read, and an object can replace another', () => {
  const template = '{% assign who = traits.main | default: traits.other %}{{ who.city }}';
  expect(render(template, { traits: { main: { city: 'Ulm' }, other: { city: 'Bonn' } } }).html).toBe('Ulm');
  expect(render(template, { traits: { main: null, other: { city: 'Bonn' } } }).html).toBe('Bonn');
});

const LINES = '{% for item in items %}<li>{{ item.name }}</li>{% else %}none{% endfor %}';

test.each<[unknown, string, string]>([
  ['beans', LINES, 'none'],
  [['beans', 'filter'], LINES, 'none'],
  [[{ name: 'beans' }], LINES, '<li>beans</li>'],
  [[], LINES, 'none'],
  ['beans', '{% for item in items %}<li>{{ item }}</li>{% endfor %}', '<li>beans</li>'],
  [['a', 'b'], '{% for item in items %}{{ item }}{{ item.size }}{% endfor %}', 'a1b1'],
  [{ a: 1 }, '{% for pair in items %}{{ pair[0] }}={{ pair[1] }}{% endfor %}', 'a=1'],
])('a list of %j', (items, template, html) => {
  expect(render(template, { items }).html).toBe(html);
});

test.each([0x202a, 0x202b, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068].map((code) => [code.toString(16), code]))(
  'a name with U+%s turns no text after it',
  (_, code) => {
    const name = `Ada${String.fromCodePoint(code as number)}gpj.exe`;
    const mail = render('{{ traits.name }}', { traits: { name } }, 'For {{ traits.name }}');
    expect(mail).toMatchObject({ subject: 'For Adagpj.exe', html: 'Adagpj.exe', text: 'Adagpj.exe' });
  },
);

test.each(['\u202e', '\u2066', '\u2067'])(
  'a subject turns no text, even if its template does: %j',
  (mark) => {
    expect(render('x', {}, `For ${mark}you`).subject).toBe('For you');
    const name = encodeURIComponent(`${mark}gpj`);
    expect(render('x', { traits: { name } }, 'a {{ traits.name | url_decode }}').subject).toBe('a gpj');
  },
);

test.each([
  'money',
  'date: "%d"',
  'join: ","',
  'strip',
  'capitalize',
  'prepend: "a"',
  'default: nothing',
  'truncate: 9',
])('an object prints no text through the filter %s', (filter) => {
  const { html } = render(`{{ traits.name | ${filter} }}`, { traits: { name: { first: 'Ada' } } });
  expect(html.replace('a', '')).toBe('');
});

test('letters that are written from right to left stay as they are', () => {
  const name = 'شادي \u200f(א)';
  expect(render('{{ traits.name }}', { traits: { name } }, '{{ traits.name }}').subject).toBe(name);
});

test.each<[string, unknown, string]>([
  ["date: '%-d %B'", '2027-03-01', '1 March'],
  ["date: '%-d %B', 'America/New_York'", '2027-03-01', '1 March'],
  ["date: '%-d %B'", '2027-03-01T00:00:00.000Z', '1 March'],
  ["date: '%-d %B'", '2027-03-01T00:00:00+01:00', '1 March'],
  ["date: '%-d %B'", '2027-02-28T23:30:00Z', '28 February'],
  ["date: '%-d %B %H:%M', 'Europe/Berlin'", '2027-02-28T23:30:00Z', '1 March 00:30'],
  ["date: '%-d %B %H:%M', 'America/New_York'", '2027-03-01T00:00:00Z', '28 February 19:00'],
  ['date_to_string', '2027-03-01T00:00:00+01:00', '01 Mar 2027'],
])('the filter %s prints %j as %s', (filter, date, printed) => {
  expect(render(`{{ traits.end | ${filter} }}`, { traits: { end: date } }).html).toBe(printed);
});

test.each(readEventRules('Texts in messages'))(
  'a row of docs/events.md, Texts in messages: $sent',
  (rule) => {
    const sent = JSON.parse(rule.sent.slice(1, -1)) as Record<string, unknown>;
    if ('items' in sent) return expect(render(LINES, sent).html).toBe('none');
    const shown = /^`(.+)`$/.exec(rule.shown)?.[1];
    expect(render("{{ traits.name | default: 'there' }}", { traits: sent }).html).toBe(shown ?? 'there');
    expect(render('{{ traits.name }}', { traits: sent }).html).toBe(shown ?? '');
  },
);
