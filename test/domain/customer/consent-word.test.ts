import { expect, test } from 'vitest';
import { readConsents } from '../../../src/domain/customer/consent.ts';
import { MAX_PURPOSES, noteConsents } from '../../../src/domain/customer/consent-word.ts';

const event = (properties: Record<string, unknown>, preferences?: unknown) => ({
  name: preferences === undefined ? 'Consent Changed' : 'Page Viewed',
  at: 1,
  seq: 1,
  source: 'shop',
  properties,
  context: preferences === undefined ? {} : { consent: { categoryPreferences: preferences } },
});
const statusOf = (status: unknown) => readConsents(event({ purpose: 'marketing', status }))[0]?.status;

test.each([
  'granted',
  ' Granted',
  'GRANTED',
  true,
  'true',
  'yes',
  'opt-in',
  'opted_in',
  'Subscribed',
  'allowed',
])('the word %j grants', (word) => {
  expect(statusOf(word)).toBe('granted');
  expect(noteConsents(event({ purpose: 'marketing', status: word }))).toEqual([]);
});

test.each([
  'withdrawn',
  'Revoked',
  'denied',
  false,
  'false',
  'NO',
  'opt-out',
  'opted out',
  'unsubscribed',
  'abgelehnt',
])('the word %j withdraws', (word) => expect(statusOf(word)).toBe('withdrawn'));

test.each(['pending', 'unknown', 'maybe', '', 7, 1, {}, null, undefined])(
  'the word %j is no statement, and is noted',
  (word) => {
    const said = event({ purpose: 'marketing', status: word });
    expect(readConsents(said)).toEqual([]);
    expect(noteConsents(said)).toMatchObject([{ code: 'unknown_consent_word', field: 'properties.status' }]);
  },
);

test('a consent object is read by the same words, and by 1 and 0', () => {
  const said = event({}, { marketing: 'granted', analytics: 0, News: 'true', ads: 'later', social: null });
  expect(readConsents(said).map(({ purpose, status }) => [purpose, status])).toEqual([
    ['marketing', 'granted'],
    ['analytics', 'withdrawn'],
    ['news', 'granted'],
  ]);
  expect(noteConsents(said)).toEqual([
    {
      code: 'unknown_consent_word',
      field: 'context.consent.categoryPreferences',
      value: 'ads: later',
    },
  ]);
});

test('of more purposes than are read, those that are withdrawn are read first, and a note says so', () => {
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`p${n}`, n < 140]));
  const said = event({}, many);
  const read = readConsents(said);
  expect(read).toHaveLength(MAX_PURPOSES);
  expect(read.filter(({ status }) => status === 'withdrawn')).toHaveLength(10);
  expect(noteConsents(said)).toMatchObject([{ code: 'too_many_purposes', value: '150' }]);
});

test.each([{ marketing: false }, ['marketing'], 'denied', false])(
  'a consent object of another shape states nothing and is noted: %j',
  (consent) => {
    const said = { ...event({}, {}), context: { consent } };
    expect(readConsents(said)).toEqual([]);
    expect(noteConsents(said)).toMatchObject([{ code: 'unknown_consent_word', field: 'context.consent' }]);
  },
);

test('of two spellings of a purpose the one that withdraws applies', () => {
  for (const preferences of [
    { Marketing: true, marketing: false },
    { marketing: false, Marketing: true },
  ])
    expect(readConsents(event({}, preferences))).toMatchObject([
      { purpose: 'marketing', status: 'withdrawn' },
    ]);
});

test('purpose, channel and topic are read in any case; e-mail is a channel however it is written', () => {
  const said = event({ purpose: ' Marketing', channel: 'E-Mail', topic: 'Tips ', status: 'denied' });
  expect(readConsents(said)).toMatchObject([{ purpose: 'marketing', channel: 'email', topic: 'tips' }]);
});

test('a statement without a purpose is noted', () => {
  const said = event({ status: 'denied' });
  expect(readConsents(said)).toEqual([]);
  expect(noteConsents(said)).toEqual([
    { code: 'consent_without_purpose', field: 'properties.purpose', value: null },
  ]);
});
