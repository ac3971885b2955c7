import { Liquid } from 'liquidjs';
import { describe, expect, test } from 'vitest';
import { registerDateFilters } from '../../src/content/date-filters.ts';
import { findNearest } from '../../src/content/nearest-name.ts';
import { toPlainText } from '../../src/content/plain-text.ts';
import { normaliseEmailAddress } from '../../src/domain/customer/email-address.ts';
import { readPhoneKey, readPhoneNumber } from '../../src/domain/customer/phone-number.ts';
import { readTime } from '../../src/domain/time/read-time.ts';
import { readZoneName } from '../../src/domain/time/zone-name.ts';
import { readCurrency } from '../../src/domain/values/currency.ts';
import { readLocale } from '../../src/domain/values/locale.ts';
import { isPlaceholder, isPlaceholderOfFact } from '../../src/domain/values/placeholder.ts';
import { readNumber } from '../../src/domain/values/read-number.ts';
import { foldWord } from '../../src/domain/values/word.ts';
import { decodeData } from '../../src/sources/cloudevents/decode-data.ts';

/** What senders and authors write is read in time proportional to its length, whatever it is made of. */

const engine = new Liquid();
registerDateFilters(engine);
const date = engine.parse("{{ value | date: '%d %B %Y' }}");

const READERS: Record<string, (text: string) => unknown> = {
  'a phone number': (text) => readPhoneNumber(text, 'DE'),
  'a key of a phone number': (text) => readPhoneKey(text, 'DE'),
  'an e-mail address': normaliseEmailAddress,
  'a time zone': readZoneName,
  'a language': readLocale,
  'a currency': (text) => readCurrency(text, 'EUR'),
  'a number': readNumber,
  'a time': readTime,
  'an id': isPlaceholder,
  'an id of a fact': isPlaceholderOfFact,
  'a word': foldWord,
  'a misspelt name': (text) => findNearest(text, ['orders', 'tickets']),
  'data in base64': (text) => decodeData({ data_base64: text }),
  'a date of a template': (text) => engine.renderSync(date, { value: text }),
  'the plain text of a mail': toPlainText,
  'the plain text of spaces that stay': (text) => toPlainText(`<p>${text.replaceAll(' ', '&nbsp;')}x</p>`),
};

const PARTS = [
  ...[
    ' ',
    '\t',
    '\n',
    '1',
    '0',
    'a',
    'A',
    '-',
    '_',
    '.',
    '@',
    '+',
    '(',
    '[',
    '"',
    "'",
    '/',
    '=',
    ';',
    '&#32;',
  ],
  ...['a.', 'a@', '1a', ' \n', '" ', '+ ', '=1', '[a', '(a', 'id', 'user', '\u00a0', '\u200b'],
  ...['<a href="x" ', '<p>', '<!--', '<', '<b>x</b>', '{{', 'tel:', 'object ', '%2F', '&nbsp;'],
];
const SHORT = 8_000;
/** Four times the length takes four times the time; sixteen times if it is quadratic. */
const FACTOR = 10;
/** Less says nothing, and holds up nobody. */
const IRRELEVANT_MS = 60;

function measure(read: (text: string) => unknown, text: string): number {
  const began = process.cpuUsage();
  read(text);
  return process.cpuUsage(began).user / 1_000;
}

describe.each(Object.entries(READERS))('security 12: %s', (_, read) => {
  test('is read in linear time', () => {
    const slow = PARTS.filter((part) =>
      ['', '!', 'x\u0001'].some((end) => {
        const write = (length: number) => part.repeat(Math.ceil(length / part.length)) + end;
        const least = (length: number) => Math.min(...[1, 2, 3].map(() => measure(read, write(length))));
        if (measure(read, write(SHORT * 4)) < IRRELEVANT_MS) return false;
        return least(SHORT * 4) > FACTOR * least(SHORT);
      }),
    );
    expect(slow).toEqual([]);
  });
});
