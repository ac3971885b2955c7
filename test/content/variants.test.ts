import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentPath, readContentName } from '../../src/content/content-name.ts';
import { createEmailRenderer } from '../../src/content/render-email.ts';
import { createTextRenderer } from '../../src/content/render-text.ts';

const renderEmail = createEmailRenderer();
const renderText = createTextRenderer();

/** Each file's text is its own name. */
function files(...names: string[]): Map<string, string> {
  return new Map(
    names.map((name) => {
      const path = `content/tip/${name}`;
      return [path, name.endsWith('.liquid') ? `---\nsubject: ${name}\n---\n${name}` : name];
    }),
  );
}
const base = { action: 'tip', locale: 'de-AT', fallbackLocale: 'en', data: {} };

describe('a file name', () => {
  const id = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
  const locale = fc.constantFrom('en', 'de', 'de-AT', 'zh-Hant', 'zh-Hant-TW', 'es-419');

  test('is read back from the path that was built, with and without a variant', () => {
    fc.assert(
      fc.property(
        id,
        fc.constantFrom('email', 'sms', 'in_app'),
        locale,
        fc.constantFrom<'liquid' | 'txt'>('liquid', 'txt'),
        fc.option(
          id.filter((variant) => variant !== 'default'),
          { nil: null },
        ),
        (action, channel, locale, extension, variant) => {
          const path = contentPath(action, channel, locale, extension, variant);
          expect(readContentName(path)).toEqual({ action, channel, locale, variant, extension });
        },
      ),
    );
  });

  test('of the variant default is the plain file', () => {
    expect(contentPath('tip', 'email', 'en', 'liquid', 'default')).toBe('content/tip/email.en.liquid');
  });
});

describe('C-5, A-2: a variant is rendered', () => {
  const all = files(
    'email.en.liquid',
    'email.de.liquid',
    'email.en.b.liquid',
    'email.en.b.txt',
    'email.de-AT.c.liquid',
    'email.en.c.liquid',
    'sms.en.txt',
    'sms.de.b.txt',
    'sms.en.b.txt',
  );

  test.each([
    [null, 'email.de.liquid', 'de', null],
    ['default', 'email.de.liquid', 'de', 'default'],
    // Never the German plain file: the customer stays in the test.
    ['b', 'email.en.b.liquid', 'en', 'b'],
    ['c', 'email.de-AT.c.liquid', 'de-AT', 'c'],
    // An older version of the bundle may not have this variant.
    ['gone', 'email.de.liquid', 'de', null],
  ])('%s', (variant, subject, locale, used) => {
    const mail = renderEmail({ ...base, files: all, variant });
    expect(mail).toMatchObject({ subject, locale, variant: used });
    expect(mail.text).toBe(subject === 'email.en.b.liquid' ? 'email.en.b.txt' : subject);
  });

  test('for text channels as well', () => {
    const text = (variant: string | null) => renderText({ ...base, channel: 'sms', files: all, variant });
    expect(text('b')).toMatchObject({ text: 'sms.de.b.txt', locale: 'de', variant: 'b' });
    expect(text(null)).toMatchObject({ text: 'sms.en.txt', locale: 'en', variant: null });
    expect(text('gone')).toMatchObject({ text: 'sms.en.txt', locale: 'en', variant: null });
  });

  test('and missing content throws an error that names the file', () => {
    expect(() => renderEmail({ ...base, files: files(), variant: 'b' })).toThrow(
      'no content: content/tip/email.en.liquid',
    );
  });
});
