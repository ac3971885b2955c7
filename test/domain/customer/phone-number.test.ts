import { expect, test } from 'vitest';
import { readPhoneKey, readPhoneNumber } from '../../../src/domain/customer/phone-number.ts';

test.each<[unknown, string | undefined, string]>([
  ['+49 (0)170 1234567', undefined, '+491701234567'],
  ['+44 (0)20 7946 0958', undefined, '+442079460958'],
  ['+39 06 1234567', undefined, '+39061234567'],
  ['0049 170 1234567', undefined, '+491701234567'],
  ['0049 (0)170 1234567', 'US', '+491701234567'],
  ['011 49 170 1234567', 'US', '+491701234567'],
  ['0170/123 45 67', 'DE', '+491701234567'],
  ['(212) 555-0123', 'US', '+12125550123'],
  ['8 (495) 123-45-67', 'RU', '+74951234567'],
  ['06 12 34 56 78', 'FR', '+33612345678'],
  ['tel:+49-170-1234567', undefined, '+491701234567'],
  ['\u202a+49 170 1234567\u202c', undefined, '+491701234567'],
  ['＋４９ １７０ １２３４５６７', undefined, '+491701234567'],
  ['+٤٩١٧٠١٢٣٤٥٦٧', undefined, '+491701234567'],
  ['+४९१७०१२३४५६७', undefined, '+491701234567'],
  [4917012345678, 'DE', '+4917012345678'],
  [1701234567, 'DE', '+491701234567'],
  ['+49 30 1', undefined, '+49301'],
  ['(+49) 170 1234567', undefined, '+491701234567'],
  ['(+49)1701234567', undefined, '+491701234567'],
  ['49 170 1234567', 'DE', '+491701234567'],
  ['49-170-1234567', 'DE', '+491701234567'],
  ['1 212 555 0123', 'US', '+12125550123'],
  ['4917012345678.0', 'DE', '+4917012345678'],
  ['(0049) 170/1234567', undefined, '+491701234567'],
  ['[ +49 ] 170 1234567', undefined, '+491701234567'],
  ['+0049 170 1234567', undefined, '+491701234567'],
  ['+ + 49 170 1234567', undefined, '+491701234567'],
  ['49–170–1234567', 'DE', '+491701234567'],
  ['“+491701234567”;', undefined, '+491701234567'],
  ['callto:+491701234567', undefined, '+491701234567'],
  ['tel:0170-1234567;phone-context=+49', undefined, '+491701234567'],
  ["'+491701234567", undefined, '+491701234567'],
  ['="+491701234567"', undefined, '+491701234567'],
  ['Tel.: 0170 1234567', 'DE', '+491701234567'],
  ['Mobil: +49 170 1234567', undefined, '+491701234567'],
  ['whatsapp:+491701234567', undefined, '+491701234567'],
  ['+49\t170\t1234567', undefined, '+491701234567'],
  ['+49_170_1234567', undefined, '+491701234567'],
])('%j in country %s is %s', (sent, country, number) => {
  expect(readPhoneNumber(sent, country)).toBe(number);
  expect(readPhoneKey(sent, country)).toBe(number);
});

test.each<[unknown, string?]>([
  ['0000000000', 'DE'],
  ['+0000000000'],
  ['1111111111', 'US'],
  ['call me'],
  ['phone'],
  ['Fax: 030 1234567', 'DE'],
  ['0000', 'DE'],
  [-491701234567, 'DE'],
  ['-491701234567', 'DE'],
  ['sms:+491701234567;body=hello'],
  ["'"],
  ['0170 1234567 (home)', 'DE'],
  ['+49 30 1234 ext. 5'],
  ['+49170123456789012'],
  [1701234567.5, 'DE'],
  ['tel:0170-1234567;phone-context=aroma.example', 'DE'],
  ['0170 1234567;phone-context=+49;ext=5', 'DE'],
  ['+49 170 1234567 / +49 170 7654321'],
  ['+49 170 12345678901234'],
  ['+999 123456789'],
  ['110', 'DE'],
  [''],
  [1.5e30],
  [true],
  [null],
])('%j in country %s is no number', (sent, country) => {
  expect(readPhoneNumber(sent, country)).toBeUndefined();
  expect(readPhoneKey(sent, country)).toBeUndefined();
});

test('without a country a national number is no address, and still tells its owner apart', () => {
  expect(readPhoneNumber('0170 / 1234567')).toBeUndefined();
  expect(readPhoneKey('0170 / 1234567')).toBe('01701234567');
});

test('the number that counts from 1 is nobody’s', () => {
  for (const sent of ['1234567890', '123456789', '+49 123456789', '+1 123 456 7890'])
    expect(readPhoneNumber(sent, 'DE')).toBeUndefined();
  expect(readPhoneNumber('+49 30 12345678', 'DE')).toBe('+493012345678');
});

test('the same text is always the same number', () => {
  // libphonenumber reads a context with a regular expression that keeps a state from call to call.
  const texts = ['tel:0170-1234567;phone-context=+49', 'tel:0170-1234567;phone-context=aroma.example'];
  for (const text of texts) expect(new Set([1, 2, 3, 4].map(() => readPhoneNumber(text, 'DE'))).size).toBe(1);
});
