import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  listUsedAttributes,
  listWithheldAttributes,
  readAccountTraits,
  readTraits,
} from '../../../src/domain/customer/attribute.ts';
import { emptyProfile, foldProfile, type Trait } from '../../../src/domain/customer/profile.ts';
import type { AttributeDef } from '../../../src/domain/definition.ts';
import type { Facts } from '../../../src/domain/facts.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { attribute, facts, NOW } from '../../engine/support.ts';

const buildTrait = (value: unknown, changes: Partial<Trait> = {}): Trait => ({
  value,
  at: NOW - DAY,
  seq: 1,
  source: 'web',
  ...changes,
});

function knowing(
  traits: Record<string, Trait>,
  attributes: Record<string, AttributeDef> = {},
  changes: Partial<Facts> = {},
): Facts {
  return facts({ profile: { ...emptyProfile(), traits }, attributes, ...changes });
}

const granted = (purpose: string) => ({
  purpose,
  channel: '*',
  topic: '*',
  status: 'granted' as const,
  source: 'web',
  at: NOW - DAY,
  seq: 3,
});

test('C-1: an attribute with a declared source is read only from that source, even if another wrote later or earlier', () => {
  const declared = { plan: attribute({ source: 'billing' }) };
  const profile = emptyProfile();
  const identify = (seq: number, source: string, at: number, traits: Record<string, unknown>) =>
    ({
      type: 'identify',
      name: 'Customer Identified',
      at,
      seq,
      source,
      traits,
      properties: {},
      context: {},
    }) as const;
  foldProfile(profile, identify(1, 'web', NOW - 5, { plan: 'guess' }), 'EUR');
  expect(readTraits(facts({ profile, attributes: declared }), 'marketing', NOW).has('plan')).toBe(false);
  foldProfile(profile, identify(2, 'billing', NOW - 9, { plan: 'gold' }), 'EUR', declared);
  foldProfile(profile, identify(3, 'web', NOW - 1, { plan: 'other', city: 'Ulm' }), 'EUR', declared);
  const read = readTraits(facts({ profile, attributes: declared }), 'marketing', NOW);
  expect(read.get('plan')).toMatchObject({ value: 'gold', source: 'billing' });
  expect(read.get('city')?.value).toBe('Ulm');
});

test('C-1: a stale attribute reads as its fallback, marked stale, or as missing, and the record tells which', () => {
  const traits = {
    size: buildTrait(42, { at: NOW - 31 * DAY }),
    shoe: buildTrait(43, { at: NOW - 31 * DAY }),
  };
  const of = knowing(traits, {
    size: attribute({ fresh: 30 * DAY, fallback: 40 }),
    shoe: attribute({ fresh: 30 * DAY }),
  });
  const read = readTraits(of, 'marketing', NOW);
  expect(read.get('size')).toMatchObject({ value: 40, stale: true });
  expect(read.has('shoe')).toBe(false);
  expect(listUsedAttributes(of, ['size', 'shoe'], 'marketing', NOW)).toEqual([
    {
      attribute: 'traits.size',
      permission: 'declared:marketing',
      source: 'web',
      party: 'first',
      at: NOW - 31 * DAY,
      stale: true,
    },
  ]);
  expect(listWithheldAttributes(of, ['size', 'shoe'], 'marketing', NOW)).toEqual([
    { attribute: 'traits.shoe', reason: 'stale' },
  ]);
  expect(readTraits(of, 'marketing', NOW - DAY).get('size')).toMatchObject({ value: 42, stale: false });
});

test('C-2: an attribute bound to a consent is read only while the consent is granted, not while it is unknown', () => {
  const declared = { birthday: attribute({ consent: 'personalisation' }) };
  const traits = { birthday: buildTrait('1990-02-28') };
  const none = knowing(traits, declared, { consents: [] });
  const yes = knowing(traits, declared, { consents: [granted('personalisation')] });
  const withdrawn = { ...granted('personalisation'), status: 'withdrawn' as const, at: NOW };
  const no = knowing(traits, declared, { consents: [granted('personalisation'), withdrawn] });
  expect(readTraits(none, 'marketing', NOW).size).toBe(0);
  expect(readTraits(yes, 'marketing', NOW).get('birthday')?.permission).toBe('consent:personalisation');
  expect(readTraits(no, 'marketing', NOW).size).toBe(0);
  expect(listWithheldAttributes(no, ['birthday'], 'marketing', NOW)[0]?.reason).toBe('consent');
});

test('C-2: an attribute declared for service is not read for marketing', () => {
  const of = knowing({ fault: buildTrait('E4') }, { fault: attribute({ uses: ['service'] }) });
  expect(readTraits(of, 'marketing', NOW).size).toBe(0);
  expect(readTraits(of, 'service', NOW).get('fault')?.permission).toBe('declared:service');
});

test('D-2: attributes above the personalisation level are not read; the customer’s choice overrides the workspace’s level', () => {
  const declared = Object.fromEntries([0, 1, 2, 3].map((n) => [`a${n}`, attribute({ sensitivity: n })]));
  const traits = Object.fromEntries([0, 1, 2, 3].map((n) => [`a${n}`, buildTrait(n)]));
  for (const chosen of [null, 0, 1, 2, 3]) {
    for (const ofWorkspace of [0, 1, 2, 3]) {
      const of = knowing(traits, declared, { personalisation: ofWorkspace });
      of.profile.personalisation = chosen === null ? null : { level: chosen, at: NOW };
      const level = chosen ?? ofWorkspace;
      expect([...readTraits(of, 'service', NOW).keys()]).toEqual(
        [0, 1, 2, 3].filter((n) => n <= level).map((n) => `a${n}`),
      );
    }
  }
});

test('D-19: each attribute keeps its source and party, and a value set by a journey is first-party', () => {
  const of = knowing(
    {
      income: buildTrait('high', { source: 'databroker' }),
      segment: buildTrait('a', { source: 'journey:onboarding' }),
      city: buildTrait('Ulm'),
    },
    { income: attribute({ party: 'third' }), segment: attribute({ party: 'second' }) },
    { account: { id: 'acme', traits: { size: buildTrait(500, { source: 'crm' }) } } },
  );
  const read = readTraits(of, 'marketing', NOW);
  expect(read.get('income')).toMatchObject({ source: 'databroker', party: 'third' });
  expect(read.get('segment')).toMatchObject({ source: 'journey:onboarding', party: 'first' });
  expect(read.get('city')).toMatchObject({ source: 'web', party: 'first', permission: 'undeclared' });
  expect(readAccountTraits(of, 'marketing', NOW).get('size')).toMatchObject({ value: 500, source: 'crm' });
});

test('B-10: the used data lists every attribute read from customer and account, with its source and permission', () => {
  const of = knowing(
    { city: buildTrait('Ulm'), birthday: buildTrait('1990-02-28'), fault: buildTrait('E4') },
    { birthday: attribute({ consent: 'personalisation' }), fault: attribute({ uses: ['service'] }) },
    {
      consents: [granted('personalisation')],
      account: { id: 'acme', traits: { renewal_date: buildTrait('2026-09-01', { source: 'crm' }) } },
    },
  );
  const reads = ['birthday', 'city', 'fault', 'unknown', 'account.renewal_date'];
  expect(
    listUsedAttributes(of, reads, 'marketing', NOW).map((d) => [d.attribute, d.permission, d.source]),
  ).toEqual([
    ['account.renewal_date', 'undeclared', 'crm'],
    ['traits.birthday', 'consent:personalisation', 'web'],
    ['traits.city', 'undeclared', 'web'],
  ]);
  const computed = listUsedAttributes(of, ['*'], 'marketing', NOW).map((d) => d.attribute);
  expect(computed).toEqual(['traits.birthday', 'traits.city']);
  const ofAccount = listUsedAttributes(of, ['account.*', 'city'], 'marketing', NOW).map((d) => d.attribute);
  expect(ofAccount).toEqual(['account.renewal_date', 'traits.city']);
});

test('C-2, D-2: for any declarations and choices, exactly the permitted attributes are read, and the used data equals them', () => {
  const name = fc.constantFrom('a', 'b', 'constructor', '__proto__x');
  const declaration = fc.record({
    source: fc.constantFrom(null, 'web', 'crm'),
    party: fc.constantFrom('first', 'second', 'third'),
    sensitivity: fc.integer({ min: 0, max: 3 }),
    uses: fc.constantFrom(null, ['marketing'], ['service'], ['marketing', 'service']),
    consent: fc.constantFrom(null, 'ads', 'research'),
    fresh: fc.constantFrom(null, DAY),
    fallback: fc.constantFrom(null, 'fallback'),
  }) as fc.Arbitrary<AttributeDef>;
  const trait = fc.record({
    value: fc.constant('value'),
    at: fc.constantFrom(NOW - 3 * DAY, NOW),
    seq: fc.constant(1),
    source: fc.constantFrom('web', 'crm'),
  });
  fc.assert(
    fc.property(
      fc.dictionary(name, declaration),
      fc.dictionary(name, trait),
      fc.constantFrom('marketing' as const, 'service' as const),
      fc.option(fc.integer({ min: 0, max: 3 })),
      fc.boolean(),
      (attributes, traits, use, level, consented) => {
        const of = knowing(traits, attributes, { consents: consented ? [granted('ads')] : [] });
        of.profile.personalisation = level === null ? null : { level, at: NOW };
        const read = readTraits(of, use, NOW);
        for (const [key, { source, at }] of Object.entries(traits)) {
          const d = Object.hasOwn(attributes, key) ? attributes[key] : undefined;
          const old = d?.fresh === DAY && at < NOW - DAY;
          const may =
            !d ||
            ((d.source === null || d.source === source) &&
              (d.uses === null || d.uses.includes(use)) &&
              d.sensitivity <= (level ?? 3) &&
              (d.consent === null || (d.consent === 'ads' && consented)) &&
              (!old || d.fallback !== null));
          expect(read.has(key)).toBe(may);
          if (may) expect(read.get(key)?.value).toBe(old ? 'fallback' : 'value');
        }
        expect(listUsedAttributes(of, ['*'], use, NOW).map((d) => d.attribute)).toEqual(
          [...read.keys()].sort().map((key) => `traits.${key}`),
        );
        const withheld = listWithheldAttributes(of, ['*'], use, NOW);
        expect(withheld.length + read.size).toBe(Object.keys(traits).length);
      },
    ),
  );
});
