import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isUnreadableLocale,
  LOCALE_PATTERN,
  listLocales,
  readLocale,
} from '../../../src/domain/values/locale.ts';

test.each([
  ['EN', 'en'],
  ['zh_Hans_CN', 'zh-Hans-CN'],
  ['zh-cmn-Hans-CN', 'zh-Hans-CN'],
  ['zh_TW_#Hant', 'zh-Hant-TW'],
  ['sr_RS@latin', 'sr-Latn-RS'],
  ['es-419', 'es-419'],
  ['en-UK', 'en-GB'],
  ['iw_IL', 'he-IL'],
  ['in', 'id'],
  ['ger', 'de'],
  ['fil-PH', 'fil-PH'],
  ['ca-ES-valencia', 'ca-ES'],
  ['en-u-ca-gregory-nu-latn', 'en'],
  ['de-x-twain', 'de'],
  ['de__POSIX', 'de'],
  ['de_AT:de:en', 'de-AT'],
  [' fr-CH, fr;q=0.9, *;q=0.5', 'fr-CH'],
  ['*, de;q=0.1', 'de'],
  ['de;q=0, en', 'en'],
  ['xx, de', 'de'],
  ['English (US)', 'en-US'],
  ['German (Germany)', 'de'],
  ['Chinese (Traditional)', 'zh-Hant'],
  ['Português', 'pt'],
  ['日本語', 'ja'],
])('%j is %s', (sent, tag) => {
  expect(readLocale(sent)).toBe(tag);
  expect(isUnreadableLocale(sent)).toBe(false);
});

test.each(['C', 'C.UTF-8', 'posix', 'und', 'root', '*', '', ' ', null, undefined])(
  '%j is no language',
  (sent) => {
    expect(readLocale(sent)).toBeUndefined();
    expect(isUnreadableLocale(sent)).toBe(false);
  },
);

test.each(['null', 'n/a', 'xx-YY', 'us', 'x-klingon', 'de-§', '[object Object]', true, 7, {}, ['xx']])(
  'bad input: %j is not read',
  (sent) => {
    expect(readLocale(sent)).toBeUndefined();
    expect(isUnreadableLocale(sent)).toBe(true);
  },
);

test.each([
  ['de-AT', ['de-AT', 'de']],
  ['zh', ['zh']],
  ['zh-SG', ['zh-SG', 'zh-Hans', 'zh-CN', 'zh']],
  ['zh-Hant-TW', ['zh-Hant-TW', 'zh-Hant', 'zh-TW', 'zh']],
  ['zh-Hant-HK', ['zh-Hant-HK', 'zh-Hant', 'zh-HK', 'zh-TW', 'zh']],
  ['nn-NO', ['nn-NO', 'nn', 'no']],
  ['sr-Latn', ['sr-Latn', 'sr']],
  ['sr-Latn-RS', ['sr-Latn-RS', 'sr-Latn', 'sr-RS', 'sr']],
  ['pt-BR', ['pt-BR', 'pt']],
  ['pt-AO', ['pt-AO', 'pt-PT', 'pt']],
  ['es-MX', ['es-MX', 'es-419', 'es']],
])('content for %s: %j', (tag, locales) => {
  expect(listLocales(tag)).toEqual(locales);
});

test('a chain goes from the whole tag to its language, in tags that content may be named by', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{2}([-_][a-zA-Z]{4})?([-_]([a-zA-Z]{2}|[0-9]{3}))?$/), (text) => {
      const tag = readLocale(text);
      if (tag === undefined) return;
      const chain = listLocales(tag);
      const [language = ''] = tag.split('-');
      expect(chain[0]).toBe(tag);
      expect(chain).toContain(language);
      expect(new Set(chain).size).toBe(chain.length);
      for (const locale of chain) expect(locale).toMatch(new RegExp(`^${LOCALE_PATTERN}$`));
    }),
  );
});

test('a tag is read as itself, whatever it was read from', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{1,4}){0,3}$/)),
      (text) => {
        const tag = readLocale(text);
        if (tag === undefined) return;
        expect(tag).toMatch(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/);
        expect(readLocale(tag)).toBe(tag);
      },
    ),
  );
});
