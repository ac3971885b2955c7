import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findGuardedStatement, withholdUnproven } from '../../src/domain/browser-key.ts';
import { type Consent, resolveConsent } from '../../src/domain/customer/consent.ts';
import { mergeTraits } from '../../src/domain/customer/fold-traits.ts';
import { emptyProfile, foldProfile } from '../../src/domain/customer/profile.ts';
import type { JourneyEvent } from '../../src/domain/event.ts';
import { PLAIN_WORKSPACE } from '../support/bundle-builders.ts';

const NOW = Date.UTC(2026, 10, 28);
const CHANNELS = {
  sms: { via: 'webhook', address: 'phone' },
  chat: { via: 'webhook', address: 'chat_id' },
} as const;
const WORKSPACE = { ...PLAIN_WORKSPACE, channels: CHANNELS };
const KNOWN = { email: 'ada@example.com', phone: '+491701234567', chat_id: 'ada' };

function knownProfile() {
  const profile = emptyProfile();
  const event = { type: 'identify', name: 'Identify', at: NOW, seq: 1, source: 'shop', traits: KNOWN };
  foldProfile(profile, { ...event, type: 'identify', properties: {}, context: {} }, 'EUR');
  return profile;
}

const withdrawal: Consent = {
  purpose: 'marketing',
  channel: '*',
  topic: '*',
  status: 'withdrawn',
  source: 'preference_page',
  at: NOW,
  seq: 2,
};

const values = fc.dictionary(
  fc.constantFrom('email', 'phone', 'chat_id', 'plan'),
  fc.oneof(fc.constantFrom('x@example.com', '+491709999999', 'ADA@example.com', '', null), fc.anything()),
);
const yes = fc.constantFrom(true, 'granted', 1, 'yes');
const events = fc.record({
  type: fc.constantFrom('identify', 'track', 'page', 'alias'),
  name: fc.constantFrom('Consent Changed', 'Product Viewed', 'Ticket Opened', 'Order Completed'),
  at: fc.constantFrom(NOW - 1e9, NOW, NOW + 1e9),
  traits: values,
  properties: fc.record({ purpose: fc.constantFrom('marketing', 'all', '*', 'Marketing '), status: yes }),
  context: fc.record(
    {
      traits: values,
      consent: fc.record({
        categoryPreferences: fc.dictionary(fc.constantFrom('marketing', 'all', 'x'), yes),
      }),
      groupId: fc.constant('acme'),
    },
    { requiredKeys: [] },
  ),
});

describe('an event of a browser key', () => {
  test('changes no known address and lifts no withdrawal, whatever it says and when', () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 4 }), (sent) => {
        const profile = knownProfile();
        const consents = [withdrawal];
        for (const [n, raw] of sent.entries()) {
          const event = {
            ...raw,
            source: 'website',
            seq: n + 3,
            anonymousId: 'device',
          } as unknown as JourneyEvent;
          const known = {
            profile,
            consents,
            workspace: WORKSPACE,
            attributes: {},
            foreign: [],
            isAddressOnly: false,
          };
          const { event: proven, unproven } = withholdUnproven(event, known);
          const folded = foldProfile(profile, { ...proven, unproven }, 'EUR');
          consents.push(...folded.consents);
          expect(proven.context.groupId).toBeUndefined();
        }
        for (const [name, value] of Object.entries(KNOWN)) expect(profile.traits[name]?.value).toBe(value);
        expect(resolveConsent(consents, 'marketing', 'email', '*')?.status).toBe('withdrawn');
      }),
    );
  });

  test('keeps what it withholds, each value with a note at its path', () => {
    const event = {
      type: 'identify' as const,
      name: 'Identify',
      at: NOW,
      source: 'website',
      properties: {},
      traits: { email: 'x@example.com', plan: 'gold' },
      context: { groupId: 'acme' },
    };
    const known = {
      profile: knownProfile(),
      consents: [],
      workspace: WORKSPACE,
      attributes: {},
      foreign: [],
      isAddressOnly: false,
    };
    const { withheld, notes, event: proven } = withholdUnproven(event, known);
    expect(withheld).toEqual({ 'traits.email': 'x@example.com', 'context.groupId': 'acme' });
    expect(notes.map(({ field }) => field)).toEqual(['traits.email', 'context.groupId']);
    expect(proven.traits).toEqual({ plan: 'gold' });
    const open = { ...WORKSPACE, browserKeys: ['addresses' as const, 'groups' as const] };
    expect(withholdUnproven(event, { ...known, workspace: open }).withheld).toEqual({});
  });
});

test('facts of a shop and of a help desk are guarded by name, in any case', () => {
  const guarded = (name: string) => findGuardedStatement({ type: 'track', name });
  expect(['Ticket Closed', ' order completed', 'PAYMENT FAILED', 'Refund Issued'].map(guarded)).toEqual([
    'tickets',
    'orders',
    'payments',
    'payments',
  ]);
  expect(['Orders Viewed', 'Payment Info Entered', 'Checkout Started', 'Product Added'].map(guarded)).toEqual(
    [null, null, null, null],
  );
  expect(findGuardedStatement({ type: 'page', name: 'Order Completed' })).toBeNull();
});

test('in a merge an address that a server has stated goes before a newer one of a browser', () => {
  const proven = { value: 'ada@example.com', at: NOW, seq: 1, source: 'shop' };
  const unproven = {
    value: 'x@example.com',
    at: NOW + 1,
    seq: 1,
    source: 'website',
    unproven: true as const,
  };
  expect(mergeTraits({ email: proven }, { email: unproven }).traits.email?.value).toBe(proven.value);
  expect(mergeTraits({ email: unproven }, { email: proven }).traits.email?.value).toBe(proven.value);
});
