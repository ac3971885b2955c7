import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findChannel, readAddress } from '../../../src/domain/customer/address.ts';
import {
  emptyProfile,
  foldAccountTraits,
  foldProfile,
  type Profile,
  readAccountId,
} from '../../../src/domain/customer/profile.ts';
import type { AttributeDef } from '../../../src/domain/definition.ts';
import { ACCOUNT_SOURCE, EVENT, type JourneyEvent } from '../../../src/domain/event.ts';
import { wakesJourney } from '../../../src/domain/interest.ts';
import { DAY, iso } from '../../../src/domain/time/time.ts';
import { attribute, NOW, workspace } from '../../engine/support.ts';

type Given = Partial<JourneyEvent> & { name: string };

function event(given: Given): JourneyEvent {
  return {
    id: 'evt_1',
    seq: 1,
    type: 'track',
    at: NOW,
    acceptedAt: NOW,
    historical: false,
    source: 'web',
    messageId: 'm1',
    properties: {},
    traits: {},
    context: {},
    origin: null,
    ...given,
  };
}

function folded(events: Given[], attributes: Record<string, AttributeDef> = {}): Profile {
  const profile = emptyProfile();
  for (const [n, one] of events.entries())
    foldProfile(profile, event({ seq: n + 1, ...one }), 'EUR', attributes);
  return profile;
}

test('E-7: an event of another member of the account wakes the journey but changes neither profile nor account', () => {
  const echo = event({
    name: 'Order Completed',
    type: 'identify',
    source: ACCOUNT_SOURCE,
    traits: { city: 'Ulm' },
    properties: { order_id: 'o-1', total: 10 },
    context: {
      traits: { city: 'Ulm' },
      groupId: 'acme',
      consent: { categoryPreferences: { marketing: true } },
    },
  });
  expect(folded([echo])).toEqual(emptyProfile());
  const snoozed = {
    ...echo,
    type: 'track' as const,
    name: EVENT.snoozed,
    properties: { until: iso(NOW + DAY) },
  };
  expect(folded([snoozed])).toEqual(emptyProfile());
  expect(readAccountId(echo)).toBeUndefined();
  const interest = { events: [], traits: [], accountEvents: [], windows: {} };
  expect(wakesJourney(interest, echo, {}, emptyProfile(), false)).toBe(true);
  expect(wakesJourney(interest, { ...echo, historical: true }, {}, emptyProfile(), false)).toBe(false);
  expect(wakesJourney(interest, { ...echo, source: 'web' }, {}, emptyProfile(), false)).toBe(false);
});

test('E-5: a snooze, its end and the personalisation level wake the journey even if no definition refers to them', () => {
  const interest = { events: [], traits: [], accountEvents: [], windows: {} };
  for (const name of [
    EVENT.snoozed,
    EVENT.preferencesChanged,
    EVENT.entryDue,
    EVENT.enrollmentRequested,
    EVENT.merged,
  ])
    expect(wakesJourney(interest, event({ name }), {}, emptyProfile(), false)).toBe(true);
});

test('E-5: the latest snooze wins in any order of arrival, and until: null ends it', () => {
  const snooze = fc.record({
    at: fc.integer({ min: 0, max: 20 }).map((n) => NOW + n * DAY),
    until: fc.constantFrom(null, NOW + 5 * DAY, NOW + 30 * DAY),
    topics: fc.constantFrom<string[] | undefined>(undefined, ['tips'], []),
  });
  const said = (s: { at: number; until: number | null; topics?: string[] | undefined }) => ({
    name: EVENT.snoozed,
    at: s.at,
    properties: { until: s.until === null ? null : iso(s.until), topics: s.topics },
  });
  fc.assert(
    fc.property(fc.uniqueArray(snooze, { selector: (s) => s.at, minLength: 1 }), (snoozes) => {
      const last = [...snoozes].sort((a, b) => a.at - b.at).at(-1) as (typeof snoozes)[0];
      const profile = folded(snoozes.map(said));
      expect(profile.snoozed).toEqual({
        until: last.until ?? last.at,
        topics: last.topics?.length ? last.topics : null,
        at: last.at,
      });
    }),
  );
  expect(folded([{ name: EVENT.snoozed, properties: { until: 'soon' } }]).snoozed).toBeNull();
});

test('E-5: the latest personalisation level wins, and an invalid level changes nothing', () => {
  const said = (personalisation: unknown, at = NOW) => ({
    name: EVENT.preferencesChanged,
    at,
    properties: { personalisation },
  });
  expect(folded([said(2), said(0, NOW + 1), said(3, NOW - 1)]).personalisation).toEqual({
    level: 0,
    at: NOW + 1,
  });
  for (const wrong of [4, -1, 1.5, '1', null, undefined, Number.NaN])
    expect(folded([said(1), said(wrong, NOW + 1)]).personalisation?.level).toBe(1);
});

test('E-7: a group call assigns the account and sets its traits; any other call may name the account in its context', () => {
  const call = event({
    type: 'group',
    name: 'Group Joined',
    properties: { groupId: 'acme' },
    traits: { plan: 'team', renewal_date: '2026-09-01' },
  });
  expect(readAccountId(call)).toBe('acme');
  expect(readAccountId(event({ name: 'Seat Added', context: { groupId: 42 } }))).toBe('42');
  expect(readAccountId(event({ name: 'Seat Added', properties: { groupId: 'acme' } }))).toBeUndefined();
  const declared = { plan: attribute({ source: 'billing' }) };
  const previous = { city: { value: 'Ulm', at: NOW, seq: 1, source: 'crm' } };
  const { traits } = foldAccountTraits(previous, call, 'cus_a', declared);
  expect(Object.keys(traits)).toEqual(['city', 'renewal_date']);
  expect(previous).toEqual({ city: { value: 'Ulm', at: NOW, seq: 1, source: 'crm' } });
  expect(
    foldAccountTraits(
      traits,
      event({ name: 'Customer Identified', type: 'identify', traits: { plan: 'x' } }),
      'cus_a',
    ),
  ).toEqual({ traits, dropped: [] });
  expect(folded([call]).traits).toEqual({});
});

test('a trait of an account names the member who alone has stated its value', () => {
  const call = (at: number, seats: number) =>
    event({
      name: 'Group Joined',
      type: 'group',
      at: NOW + at,
      traits: { seats },
      properties: { groupId: 'a' },
    });
  const byOf = (calls: [string, number][]) => {
    let traits = {};
    for (const [n, [member, seats]] of calls.entries())
      traits = foldAccountTraits(traits, call(n, seats), member).traits;
    return (traits as Record<string, { by?: string }>).seats?.by;
  };
  expect(byOf([['ada', 5]])).toBe('ada');
  expect(
    byOf([
      ['ada', 5],
      ['ada', 5],
    ]),
  ).toBe('ada');
  expect(
    byOf([
      ['ada', 5],
      ['bob', 5],
    ]),
  ).toBeUndefined();
  expect(
    byOf([
      ['ada', 5],
      ['bob', 5],
      ['ada', 5],
    ]),
  ).toBeUndefined();
  expect(
    byOf([
      ['ada', 5],
      ['bob', 6],
    ]),
  ).toBe('bob');
});

test('D-19: a trait set by a journey has the journey as its source', () => {
  const set = {
    type: 'identify' as const,
    name: 'Customer Identified',
    source: 'journey:onboarding',
    traits: { tier: 'a' },
  };
  expect(folded([set]).traits.tier?.source).toBe('journey:onboarding');
});

test('D-1: an order keeps its products, categories and channel', () => {
  const order = {
    order_id: 'o-1',
    total: 10,
    products: [{ product_id: 'grinder' }, { product_id: 7 }, 'junk'],
  };
  expect(folded([{ name: 'Order Completed', properties: order }]).orders[0]?.products).toEqual([
    'grinder',
    '7',
  ]);
});

test('E-10: an address is read from the trait of its channel, in canonical form', () => {
  const shop = workspace({
    channels: { ...workspace().channels, esp: { via: 'webhook', address: 'workEmail' } },
  });
  const traits = {
    email: ' Ada@Example.com ',
    workEmail: 'ADA@work.example',
    phone: '+49 (170) 123-45 67',
    pushToken: 'aB:c',
  };
  const profile = folded([{ type: 'identify', name: 'Customer Identified', traits }]);
  const of = (channel: string, customer = profile) =>
    readAddress(customer, findChannel(shop, channel) as never);
  expect(['email', 'esp', 'sms', 'push', 'inbox', 'agent_desk'].map((c) => of(c))).toEqual([
    'ada@example.com',
    'ada@work.example',
    '+491701234567',
    'aB:c',
    'customer',
    'customer',
  ]);
  for (const channel of ['email', 'esp', 'sms', 'push']) expect(of(channel, emptyProfile())).toBeUndefined();
  const wrong = folded([
    {
      type: 'identify',
      name: 'Customer Identified',
      traits: { email: 'a@b@c', phone: 'call me', pushToken: ' ' },
    },
  ]);
  for (const channel of ['email', 'sms', 'push']) expect(of(channel, wrong)).toBeUndefined();
  expect(findChannel(shop, 'constructor')).toBeUndefined();
});
