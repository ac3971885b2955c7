import { expect, test } from 'vitest';
import { renderEmail } from '../../src/content/render-email.ts';

const AT = '2026-12-06T23:30:00Z';

function print(template: string, locale = 'en', data: Record<string, unknown> = {}): string {
  const text = `---\nsubject: x\n---\n${template}`;
  const files = new Map(['en', 'de', 'fr'].map((name) => [`content/tip/email.${name}.liquid`, text]));
  const workspace = { currency: 'EUR', timezone: 'Europe/Berlin' };
  const all = { at: AT, workspace, ...data };
  return renderEmail({ files, action: 'tip', locale, fallbackLocale: 'en', data: all }).text;
}

test.each([
  ['en', 'Sunday, 06 December'],
  ['de', 'Sonntag, 06 Dezember'],
  ['de-AT', 'Sonntag, 06 Dezember'],
  ['fr', 'dimanche, 06 décembre'],
  ['es', 'Sunday, 06 December'],
])('names of months and days are in the language of the content: %s', (locale, text) => {
  expect(print("{{ at | date: '%A, %d %B' }}", locale)).toBe(text);
});

test('a date for machines is in English, and `locale` is that of the content', () => {
  expect(print('{{ at | date_to_rfc822 }}', 'de')).toBe('Sun, 06 Dec 2026 23:30:00 +0000');
  expect(print('{{ at | date_to_long_string }}', 'de')).toBe('06 Dezember 2026');
  expect(print('{{ locale }}', 'de-AT')).toBe('de');
});

test.each([
  ['UTC without a zone', "{{ at | date: '%d %H:%M' }}", {}, '06 23:30'],
  ['the zone that is named', "{{ at | date: '%d %H:%M', zone }}", { zone: 'america/new_york' }, '06 18:30'],
  ['an offset', "{{ at | date: '%d %H:%M', zone }}", { zone: '+05:30' }, '07 05:00'],
  ['minutes west of UTC', "{{ at | date: '%d %H:%M', 360 }}", {}, '06 17:30'],
  ['the workspace for an unknown zone', "{{ at | date: '%d %H:%M', zone }}", { zone: 'Mars' }, '07 00:30'],
  ['the workspace for a missing zone', "{{ at | date: '%d %H:%M', zone }}", {}, '07 00:30'],
])('a time prints in %s', (_, template, data, text) => {
  expect(print(template, 'en', data)).toBe(text);
});

test('a plain date is that day in every zone, and a style stays', () => {
  const data = { day: '2026-12-06', zone: 'Asia/Tokyo' };
  expect(print("{{ day | date: '%d %H:%M', zone }}", 'en', data)).toBe('06 00:00');
  expect(print("{{ day | date_to_string: 'ordinal', 'US' }}", 'en', data)).toBe('Dec 6th, 2026');
});
