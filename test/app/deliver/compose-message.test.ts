import { expect, test } from 'vitest';
import type { Tx } from '../../../db/client.ts';
import type { DeliveryRow } from '../../../db/deliveries/deliveries.ts';
import { type ComposeDeps, composeMessage } from '../../../src/app/deliver/compose-message.ts';
import { readLinkToken } from '../../../src/content/link-token.ts';
import { createRenderer } from '../../../src/content/renderer.ts';
import { createEvaluator } from '../../../src/definitions/cel/evaluate.ts';
import { emptyProfile } from '../../../src/domain/customer/profile.ts';
import type { AttributeDef, Bundle } from '../../../src/domain/definition.ts';
import type { Facts } from '../../../src/domain/facts.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { facts as someone } from '../../engine/support.ts';
import { compileAroma } from '../../support/life.ts';

const NOW = Date.UTC(2026, 5, 1);
const SECRET = 'a secret for the tests only';

const declared = (rest: Partial<AttributeDef>): AttributeDef => ({
  source: null,
  party: 'first',
  sensitivity: 0,
  uses: null,
  consent: null,
  fresh: null,
  fallback: null,
  ...rest,
});
const attribute = (value: unknown, source = 'test') => ({ value, at: NOW, seq: 1, source });

function facts(traits: Record<string, unknown>, more: Partial<Facts> = {}): Facts {
  const profile = emptyProfile();
  for (const [name, value] of Object.entries(traits)) profile.traits[name] = attribute(value);
  return someone({ workspace: 'aroma', profile, consents: [], knownSince: 0, ...more });
}

const row = (more: Partial<DeliveryRow> = {}) =>
  ({
    id: 'dlv_1',
    workspace: 'aroma',
    action: 'note',
    class: 'marketing',
    channel: 'sms',
    bundleVersion: 1,
    entry: { id: 'evt', name: 'Account Created', at: NOW, seq: 1, properties: {} },
    ...more,
  }) as DeliveryRow;

async function compose(files: Record<string, string>, theFacts: Facts, delivery = row(), bundle?: Bundle) {
  const deps = {
    content: async () => new Map(Object.entries(files)),
    evaluate: createEvaluator(),
    renderer: createRenderer(),
    publicUrl: 'https://aroma.example',
    secret: SECRET,
  } as unknown as ComposeDeps;
  return composeMessage({} as Tx, deps, {
    row: delivery,
    facts: theFacts,
    scores: {},
    bundle: bundle ?? (await compileAroma()),
    now: NOW,
  });
}

const SMS = 'content/note/sms.en.txt';
const all =
  '{{ traits.free }}|{{ traits.care }}|{{ traits.secret }}|{{ traits.near }}|{{ account.tier }}|{{ account.id }}';
const attributes = {
  care: declared({ uses: ['service'] }),
  secret: declared({ consent: 'personalisation' }),
  near: declared({ sensitivity: 3 }),
  tier: declared({ source: 'crm' }),
};
const traits = { phone: '+491701', free: 'F', care: 'C', secret: 'S', near: 'N' };

test.each([
  ['marketing', 3, {}, 'F|||N||acme'],
  ['service', 3, {}, 'F|C||N||acme'],
  ['marketing', 2, {}, 'F|||||acme'],
  ['marketing', 3, { granted: true }, 'F||S|N||acme'],
  ['transactional', 0, { crm: true }, 'F|C|||gold|acme'],
] as const)(
  'C-2, D-2: a template never sees an attribute without permission for its use: %s, level %i, %o',
  async (actionClass, level, how, text) => {
    const consents =
      'granted' in how
        ? [
            {
              purpose: 'personalisation',
              channel: '*',
              topic: '*',
              status: 'granted' as const,
              source: 't',
              at: 1,
              seq: 1,
            },
          ]
        : [];
    const account = { id: 'acme', traits: { tier: attribute('gold', 'crm' in how ? 'crm' : 'guess') } };
    const composed = await compose(
      { [SMS]: all },
      facts(traits, { attributes, personalisation: level, consents, account }),
      row({ class: actionClass }),
    );
    expect(composed).toMatchObject({
      kind: 'message',
      outgoing: { text, to: '+491701', html: null, subject: null },
    });
  },
);

test('E-5: marketing carries links to unsubscribe and to the preferences, each for its purpose, its time and its address', async () => {
  const content = { [SMS]: '{{ unsubscribe_url }} {{ preferences_url }}' };
  const composed = await compose(content, facts({ phone: '+491701' }));
  if (composed.kind !== 'message') throw new Error(composed.reason);
  const [unsubscribe, preferences] = composed.outgoing.text.split(' ') as [string, string];
  expect(unsubscribe).toMatch(/^https:\/\/aroma\.example\/unsubscribe\//);
  expect(preferences).toMatch(/^https:\/\/aroma\.example\/preferences\//);
  expect(composed.outgoing.preferencesUrl).toBe(preferences);
  const read = (purpose: 'unsubscribe' | 'preferences', url: string, days: number) => {
    const now = Date.now() + days * DAY;
    const link = readLinkToken(purpose, url.split('/').at(-1) as string, { secret: SECRET, now });
    return link && [link.id, link.isExpired, link.wasSentTo(['+491701']), link.wasSentTo(['+491702'])];
  };
  expect(read('unsubscribe', unsubscribe, 399)).toEqual(['dlv_1', false, true, true]);
  expect(read('unsubscribe', unsubscribe, 401)).toEqual(['dlv_1', true, true, true]);
  expect(read('preferences', preferences, 89)).toEqual(['dlv_1', false, true, false]);
  expect(read('preferences', preferences, 91)).toEqual(['dlv_1', true, true, false]);
  expect([read('preferences', unsubscribe, 0), read('unsubscribe', preferences, 0)]).toEqual([null, null]);
  const service = await compose(
    { [SMS]: 'x{{ preferences_url }}' },
    facts(traits),
    row({ class: 'service' }),
  );
  expect(service).toMatchObject({ outgoing: { text: 'x', preferencesUrl: null, headers: {} } });
});

test('C-5: chooses the customer’s locale, then its language, then the workspace’s first locale', async () => {
  const files = { [SMS]: 'en', 'content/note/sms.de.liquid': 'de', 'content/note/sms.fr-CA.txt': 'fr' };
  const composeFor = async (locale: string) => compose(files, facts({ phone: '+491701', locale }));
  expect(await composeFor('de_at')).toMatchObject({
    locale: 'de',
    requestedLocale: 'de-AT',
    outgoing: { text: 'de' },
  });
  expect(await composeFor('fr-CA')).toMatchObject({ locale: 'fr-CA' });
  expect(await composeFor('fr-FR')).toMatchObject({ locale: 'en' });
});

test.each([
  ['no address', { [SMS]: 'x' }, {}, {}, 'the customer has no address for sms'],
  ['no content', {}, traits, {}, 'no content: content/note/sms.en.txt'],
  ['an empty text', { [SMS]: '{{ traits.missing }} ' }, traits, {}, 'the text is empty'],
  ['a template that fails', { [SMS]: '{% include "x" %}' }, traits, {}, 'Liquid'],
  ['a channel that is gone', { [SMS]: 'x' }, traits, { channel: 'telex' }, 'no address for telex'],
])('a message that can never be sent says why: %s', async (_, files, customerTraits, delivery, reason) => {
  const composed = await compose(files as Record<string, string>, facts(customerTraits), row(delivery));
  expect(composed).toMatchObject({ kind: 'unsendable', reason: expect.stringContaining(reason) });
});

test.each([
  ['email', 'not an address'],
  ['email', 'ada@example.com\r\nBcc: eve@example.com'],
  ['email', 'ada@example.com, eve@example.com'],
  ['email', 'Ada <ada@example.com>'],
  ['email', `${'a'.repeat(400)}@example.com`],
  ['email', 'ada@192.0.2.1'],
  ['email', 7],
])(
  'what is no address fails before any call, and the reason does not repeat it: %s %j',
  async (channel, value) => {
    const composed = await compose({ [SMS]: 'x' }, facts({ email: value }), row({ channel }));
    expect(composed).toEqual({
      kind: 'unsendable',
      reason: `the customer's email is not an address for ${channel}`,
    });
  },
);
