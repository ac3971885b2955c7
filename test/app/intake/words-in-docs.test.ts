import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNotes } from '../../../src/app/intake/read-notes.ts';
import { lookUpZone } from '../../../src/app/time-zones.ts';
import { findContent } from '../../../src/content/find-content.ts';
import { mergeProfiles } from '../../../src/domain/customer/merge-profile.ts';
import {
  emptyProfile,
  foldProfile,
  type Profile,
  readCustomerLocale,
  readCustomerZone,
} from '../../../src/domain/customer/profile.ts';
import { NOW } from '../../engine/support.ts';
import { buildBundle } from '../../support/bundle-builders.ts';
import { readDocTable } from '../../support/events-page.ts';

interface Part {
  type?: 'track' | 'identify';
  name?: string;
  at?: number;
  seq?: number;
  properties?: Record<string, unknown>;
  traits?: Record<string, unknown>;
  context?: Record<string, unknown>;
}

function buildEvent(part: Part) {
  const defaults = {
    type: 'track' as const,
    name: 'Page Viewed',
    at: NOW,
    properties: {},
    traits: {},
    context: {},
  };
  return {
    workspace: 'shop',
    messageId: 'm',
    source: 'web',
    historical: false,
    seq: 1,
    ...defaults,
    ...part,
  };
}

/** Folds one event, and lists its notes as `code field`. */
function accept(part: Part, currency = 'EUR', profile: Profile = emptyProfile()) {
  const event = buildEvent(part);
  const { consents } = foldProfile(profile, event, currency);
  const notes = readNotes(event, buildBundle({ workspace: { currency } }));
  return { profile, consents, notes: notes.map(({ code, field }) => `${code} ${field}`) };
}

/** The text in backticks of a cell, and whether the cell promises a note. */
function readShown(cell: string) {
  return { shown: /^`?([^`,]+)`?/.exec(cell)?.[1] ?? '', isNoted: cell.endsWith('and a note') };
}

describe.each(readDocTable('Words', 'Sent as a consent'))('the consent %s', (sent = '', _, cell = '') => {
  test(`shows ${cell}`, () => {
    const { shown, isNoted } = readShown(cell);
    const status = JSON.parse(sent) as unknown;
    const { consents, notes } = accept({
      name: 'Consent Changed',
      properties: { purpose: 'marketing', status },
    });
    expect(consents.map((consent) => consent.status)).toEqual(isNoted ? [] : [shown]);
    expect(notes).toEqual(isNoted ? ['unknown_consent_word properties.status'] : []);
  });
});

const currencies = [
  ...readDocTable('Words', 'Sent as a currency').map(([sent = '', , cell = '']) => [sent, 'EUR', cell]),
  ...readDocTable('Words', 'Sent in a workspace of').map(([sent = '', , cell = '']) => {
    const [word = '', own = ''] = sent.split('`, ');
    return [word.replace(/^`/, ''), own, cell];
  }),
];

test.each(currencies)('the currency %s in a workspace of %s shows %s', (sent = '', own = '', cell = '') => {
  const { shown, isNoted } = readShown(cell);
  const currency = JSON.parse(sent) as unknown;
  const properties = { order_id: 'o', total: 10, value: 10, currency };
  const { profile, notes } = accept({ name: 'Order Completed', properties }, own);
  expect(profile.orders[0]?.currency).toBe(shown);
  expect(Object.keys(profile.spend)).toEqual([shown]);
  accept({ name: 'Cart Viewed', properties, at: NOW + 1 }, own, profile);
  expect(profile.cart?.currency).toBe(shown);
  accept({ name: 'Payment Failed', properties }, own, profile);
  expect(profile.payments[0]?.currency).toBe(shown);
  expect(notes).toEqual(isNoted ? ['unknown_currency properties.currency'] : []);
});

const files = new Map(
  ['en', 'de', 'de-AT', 'zh-TW', 'no'].map((name) => [`content/tip/sms.${name}.txt`, name]),
);

describe.each(readDocTable('Words', 'Sent as a language'))(
  'the language %s',
  (sent = '', understood = '', cell = '') => {
    const { shown, isNoted } = readShown(cell);
    const value = JSON.parse(sent) as unknown;
    const tag = /^[a-z]{2}(-\w+)*(?=:|$)/.exec(understood)?.[0];

    test(`is ${understood}, and the content is ${shown}`, () => {
      const { profile, notes } = accept({ type: 'identify', traits: { locale: value } });
      expect(readCustomerLocale(profile)).toBe(tag);
      expect(profile.traits.locale?.value).toEqual(value);
      const query = { files, action: 'tip', locale: tag ?? 'en', fallbackLocale: 'en' };
      expect(findContent(query, 'sms', ['txt']).locale).toBe(shown);
      expect(notes).toEqual(isNoted ? ['unknown_locale traits.locale'] : []);
    });

    test('is read alike in the context of any event', () => {
      const { profile, notes } = accept({ context: { locale: value } });
      expect(readCustomerLocale(profile)).toBe(tag);
      expect(notes).toEqual(isNoted ? ['unknown_locale context.locale'] : []);
    });
  },
);

describe.each(readDocTable('Words', 'Sent as a time zone'))('the time zone %s', (sent = '', _, cell = '') => {
  const { shown, isNoted } = readShown(cell);
  const value = JSON.parse(sent) as unknown;

  test.each([
    ['traits', { type: 'identify' as const, traits: { timezone: value } }],
    ['context', { context: { timezone: value } }],
  ])(`of %s is shown as ${shown}`, (where, part) => {
    const { profile, notes } = accept(part);
    expect(lookUpZone(readCustomerZone(profile), 'Europe/Berlin', NOW).name).toBe(shown);
    expect(notes).toEqual(isNoted ? [`unknown_time_zone ${where}.timezone`] : []);
  });
});

type Said = { traits?: Record<string, unknown>; context?: Record<string, unknown> };

/** By the first column of the table: one or two profiles, each from what was sent. */
const ORIGINS: Record<string, Said[][]> = {
  '`traits.locale` `de-AT`, then `context.locale` `en-US`': [
    [{ traits: { locale: 'de-AT' } }, { context: { locale: 'en-US' } }],
  ],
  '`context.locale` `en-US`, then `traits.locale` `de-AT`': [
    [{ context: { locale: 'en-US' } }, { traits: { locale: 'de-AT' } }],
  ],
  '`context.traits.locale` `de-AT`, then `context.locale` `en-US`': [
    [{ context: { traits: { locale: 'de-AT' } } }, { context: { locale: 'en-US' } }],
  ],
  '`context.locale` `en-US`, then `context.locale` `fr`': [
    [{ context: { locale: 'en-US' } }, { context: { locale: 'fr' } }],
  ],
  '`context.locale` `en-US`, then `context.locale` `xx`': [
    [{ context: { locale: 'en-US' } }, { context: { locale: 'xx' } }],
  ],
  '`traits.locale` `de-AT`, then `null`, then `context.locale` `en-US`': [
    [{ traits: { locale: 'de-AT' } }, { traits: { locale: null } }, { context: { locale: 'en-US' } }],
  ],
  '`context.locale` `en-US`, then `traits.locale` `xx`': [
    [{ context: { locale: 'en-US' } }, { traits: { locale: 'xx' } }],
  ],
  'a merge of `traits.locale` `de-AT` with a newer `context.locale` `en-US`': [
    [{ traits: { locale: 'de-AT' } }],
    [{}, { context: { locale: 'en-US' } }],
  ],
  'a merge of two `context.locale`, `en-US` and later `fr`': [
    [{ context: { locale: 'en-US' } }],
    [{}, { context: { locale: 'fr' } }],
  ],
};

function toEvents(said: Said[]): Part[] {
  return said.map((part, n) => ({
    ...(part.traits ? { type: 'identify' as const } : {}),
    ...part,
    at: NOW + n,
    seq: n + 1,
  }));
}

function foldAll(parts: Part[]): Profile {
  const profile = emptyProfile();
  for (const part of parts) accept(part, 'EUR', profile);
  return profile;
}

describe('a row of docs/events.md about the language of customer and device', () => {
  test.each(readDocTable('Words', 'Sent one after the other'))('%s', (sent = '', _, cell = '') => {
    const [first = [], second] = (ORIGINS[sent] as Said[][]).map(toEvents);
    const [a, b] = [foldAll(first), second && foldAll(second)];
    for (const profile of b
      ? [mergeProfiles(a, b), mergeProfiles(b, a)]
      : [a, foldAll([...first].reverse())]) {
      expect(profile.traits.locale?.value).toBe(readShown(cell).shown);
      expect(profile.traits.locale?.device).toBe(cell.includes('of the device') ? true : undefined);
    }
  });

  test('has a case for every row', () => {
    expect(readDocTable('Words', 'Sent one after the other').map(([sent]) => sent)).toEqual(
      Object.keys(ORIGINS),
    );
  });
});

const said = fc.record({
  origin: fc.constantFrom('traits', 'context', 'both'),
  locale: fc.constantFrom('de', 'en-US', 'fr', 'xx', null, 'C'),
  timezone: fc.constantFrom('Europe/Berlin', '+02:00', 'PST', undefined),
});
const saidEvents = fc.array(said, { maxLength: 8 }).map((all) =>
  toEvents(
    all.map(({ origin, locale, timezone }) => {
      const values = { locale, ...(timezone === undefined ? {} : { timezone }) };
      return {
        ...(origin === 'context' ? {} : { traits: values }),
        ...(origin === 'traits' ? {} : { context: values }),
      };
    }),
  ),
);
/** Without sequence numbers: a merge sets those of the loser to 0. */
const withoutNumbers = (profile: Profile) =>
  JSON.parse(JSON.stringify(profile.traits, (key, value) => (key === 'seq' ? undefined : value)));

test('language and zone do not depend on the order of arrival', () => {
  fc.assert(
    fc.property(
      saidEvents,
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (events, order) => {
        const shuffled = events
          .map((event) => ({ event, place: order.next().value as number }))
          .sort((a, b) => a.place - b.place)
          .map(({ event }) => event);
        expect(foldAll(shuffled).traits).toEqual(foldAll(events).traits);
      },
    ),
  );
});

test('a merge gives the language and zone that one log of both would give', () => {
  fc.assert(
    fc.property(saidEvents, fc.nat(8), (events, at) => {
      const [a, b] = [foldAll(events.slice(0, at)), foldAll(events.slice(at))];
      expect(withoutNumbers(mergeProfiles(a, b))).toEqual(withoutNumbers(foldAll(events)));
      expect(withoutNumbers(mergeProfiles(b, a))).toEqual(withoutNumbers(foldAll(events)));
    }),
  );
});

describe.each(readDocTable('Words', 'Sent as the state of an order'))(
  'the state of an order %s',
  (sent = '', _, cell = '') => {
    test(`is shown as ${cell}`, () => {
      const { shown, isNoted } = readShown(cell);
      const { profile } = accept({ name: 'Order Completed', properties: { order_id: 'o', total: 10 } });
      const properties = { order_id: 'o', status: JSON.parse(sent) as unknown };
      const { notes } = accept({ name: 'Order Updated', properties, at: NOW + 1 }, 'EUR', profile);
      expect(profile.orders[0]?.status).toBe(shown);
      expect(notes).toEqual(isNoted ? ['unknown_order_status properties.status'] : []);
    });
  },
);
