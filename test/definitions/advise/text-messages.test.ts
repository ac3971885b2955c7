import { expect, test } from 'vitest';
import { adviseTextMessages } from '../../../src/definitions/advise/text-messages.ts';

const CHANNELS = {
  sms: { via: 'webhook', address: 'phone' },
  push: { via: 'webhook', address: 'device_token' },
} as const;

const advise = (text: string, channel = 'sms') =>
  adviseTextMessages([{ path: `content/tip/${channel}.en.txt`, text }], CHANNELS).map(
    ({ message }) => message,
  );

test.each<[text: string, warnings: string[]]>([
  ['Happy birthday{% if traits.firstName %}, {{ traits.firstName }}{% endif %}! Ä ö ü € [] are fine.', []],
  [
    'Grüße aus dem „Café“ ☕',
    ['„ “ ☕ are not in the alphabet of text messages, so a part has 70 characters and not 160'],
  ],
  ['Voilà ça', ['ç is not in the alphabet of text messages, so a part has 70 characters and not 160']],
  ['{{ "„never counted“" }}ok', []],
  ['x'.repeat(459), []],
  ['x'.repeat(460), ['its fixed text alone has 4 parts, each of which is billed']],
])('a text message %s is warned of: %j', (text, warnings) => {
  expect(advise(text)).toEqual(warnings);
});

test('other channels have no parts', () => {
  expect(advise('☕'.repeat(500), 'push')).toEqual([]);
  expect(advise('☕'.repeat(500), 'unknown')).toEqual([]);
});
