import { describe, expect, test } from 'vitest';
import { readAccountId } from '../../src/domain/customer/profile.ts';
import { isPlaceholder } from '../../src/domain/values/placeholder.ts';
import { parseCall } from '../../src/sources/segment.ts';
import { readEventRules } from '../support/events-page.ts';

const envelope = {
  workspace: 'w',
  receivedAt: Date.UTC(2026, 10, 28),
  sentAt: undefined,
  historical: false,
  source: 'web',
};

function parse(call: Record<string, unknown>) {
  return parseCall(
    { event: 'X', anonymousId: 'a-1', ...call },
    'track',
    envelope as never,
  ) as unknown as Record<string, unknown> & { notes?: { code: string; field: string }[] };
}

/** The parsed event, after a check that it has a note about this field. */
function noted(call: Record<string, unknown>, field: string) {
  const event = parse(call);
  expect(event.notes).toContainEqual(expect.objectContaining({ code: 'placeholder_id', field }));
  return event;
}

const NOBODY: Record<string, unknown[]> = {
  '`undefined`, `null`, `None`, `NaN`, `(null)`, `<nil>`': [
    'undefined',
    'UNDEFINED',
    ' null ',
    '"null"',
    'None',
    'NaN',
    '(null)',
    '<nil>',
    "'undefined'",
    'Nil',
    'N/A',
    '#N/A',
    '\\N',
    'DBNull',
  ],
  '`[object Object]`, `User@6d06d69c`, `%!s(<nil>)`': [
    '[object Object]',
    '[OBJECT OBJECT]',
    '%5Bobject%20Object%5D',
    '[object Promise]',
    'User@6d06d69c',
    'com.shop.model.User@1b2c3d',
    '%!s(<nil>)',
    '%!d(string=)',
    '<User object at 0x7f3a2c>',
    '#<User:0x000055>',
    'function () { [native code] }',
    '() => user.id',
    '[Function: getId]',
    'System.Object',
    'Symbol()',
    'Optional(nil)',
  ],
  '`anonymous`, `guest`, `unknown`, `not set`': [
    'anonymous',
    'Anonymous',
    'ANON',
    'guest',
    'Guest User',
    'unknown',
    '(not set)',
    'not-logged-in',
    'nobody',
    'placeholder',
    'string',
    'unbekannt',
  ],
  '`user_id`, `YOUR-USER-ID`, `customerId`': [
    'user_id',
    'userId',
    'YOUR-USER-ID',
    'customerId',
    'distinct_id',
    'your user id here',
    'id',
    'uuid',
    'email',
    'user',
  ],
  '`{{user.id}}`, `${userId}`, `%USER_ID%`, `<user id>`': [
    '{{user.id}}',
    '{{ user.id | default: "" }}',
    '$'.concat('{userId}'),
    '%USER_ID%',
    '%%user_id%%',
    '<user id>',
    '<%= user.id %>',
    '*|USER_ID|*',
    '{user_id}',
    '__USER_ID__',
    '$user_id',
  ],
  '`null null`, `user_undefined`, `id=null`': [
    'null null',
    'undefined undefined',
    'undefinedundefined',
    'user_undefined',
    'customer-null',
    'id=null',
    'null:null',
  ],
  '`auth0\\|undefined`, `acme_undefined`, `unknown-user`': [
    'auth0|undefined',
    'auth0|null',
    'acme_undefined',
    'shop-undefined',
    'GA1.2.undefined.undefined',
    'gid://shop/Customer/null',
    'sess_null',
    'unknown-user',
    'Unknown Customer',
    'unknown_device_id',
    'anonymous-user-id',
    'customer_0',
    'noreply@shop.example',
    'undefined@undefined.com',
    'неизвестно',
    'ゲスト',
  ],
  'spaces, `-`, `""`, `{}`': [' ', '\t\n', '\u200b', '-', '--', '""', '{}', '[]', '.', '?'],
  '`0`, `-1`, `000000`, an UUID or a hardware address of zeros': [
    0,
    '0',
    -1,
    '-1',
    '000000',
    '0.0',
    '0x0',
    '00000000-0000-0000-0000-000000000000',
    '{00000000-0000-0000-0000-000000000000}',
    '00:00:00:00:00:00',
    '02:00:00:00:00:00',
    '٠٠٠',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ],
  '`true`, an object, a list': [true, false, { id: 1 }, ['u'], [], {}],
};

const CASES: Record<string, () => void> = {
  '`u-1042`, `0042`, `007`, `nullmann`, `🦊`, `{3F2504E0-4F89}`': () => {
    const real = [
      'u-1042',
      '0042',
      '007',
      'nullmann',
      'hans-null',
      '1042-undefined',
      'undefined-1042',
      'default-42',
      'guestbook',
      'ada@example.com',
      '🦊',
      '{3F2504E0-4F89}',
      'u',
      'x',
      'a',
      'Ada',
      'theandroid',
    ];
    const more = [
      'bob@example.com',
      'auth0|5f7c8ec7c33c6c004bbafe82',
      '李',
      'user-1',
      'guest-42',
      'e621e1f8',
      'nan.y',
    ];
    for (const userId of [...real, ...more, 'y'.repeat(500)]) {
      const event = parse({ userId });
      expect(event).toMatchObject({ userId });
      expect(event.notes).toBeUndefined();
    }
    expect(parse({ userId: 42 })).toMatchObject({ userId: '42' });
  },
  'a phone number of zeros, or that counts from 1 to 9': () => {
    for (const phone of ['0000000000', '+49 000 0000000', '1234567890', '0123456789', '111111111'])
      expect(parse({ context: { traits: { phone } } }).phone).toBeUndefined();
    expect(parse({ context: { traits: { phone: '+49 170 1234567' } } }).phone).toBe('+491701234567');
  },
  '`null@null`, `undefined@example.com`, `noemail@x.example`': () => {
    for (const email of [
      'null@null',
      'undefined@example.com',
      'noemail@x.example',
      'None@none.com',
      'nan@nan.com',
    ])
      expect(noted({ context: { traits: { email } } }, 'email').email).toBeUndefined();
    for (const email of ['nan@example.com', 'joe@null.com', 'user@example.com'])
      expect(parse({ context: { traits: { email } } }).email).toBe(email);
  },
  'an external id, a previous id or an account of these': () => {
    const externalIds = [
      { type: 'crm', id: 'undefined' },
      { type: 'ios.idfa', id: '00000000-0000-0000-0000-000000000000' },
      { type: 'crm', id: 'c-1' },
    ];
    const field = 'context.externalIds[].id';
    expect(noted({ context: { externalIds } }, field).externalIds).toEqual(['crm:c-1']);
    const alias = { type: 'alias', userId: 'u-1', previousId: 'null' };
    expect(parseCall(alias, 'alias', envelope as never)).toMatchObject({ notes: [{ field: 'previousId' }] });
    expect('previousId' in parseCall(alias, 'alias', envelope as never)).toBe(false);
    const group = parseCall({ userId: 'u-1', groupId: 'N/A' }, 'group', envelope as never) as never;
    expect(readAccountId(group)).toBeUndefined();
    expect(readAccountId({ ...(group as object), context: { groupId: 'none' } } as never)).toBeUndefined();
  },
  'a message id of these': () => {
    const ids = [1, 2].map(() => noted({ messageId: 'undefined' }, 'messageId').messageId);
    expect(new Set(ids).size).toBe(2);
    expect(ids).not.toContain('undefined');
  },
  'an event with no other id': () => {
    expect(parse({ userId: 'undefined', anonymousId: ' ' })).toEqual({
      code: 'no_identity',
      reason: 'userId or anonymousId is needed: userId "undefined", anonymousId " " identifies nobody',
    });
  },
};

/** These need a database: test/app/identity/shared-ids.test.ts. */
const ELSEWHERE = [
  'a user id with more than 100 other ids',
  'a device with which more than 20 other users identify',
];

describe('docs/events.md, Ids', () => {
  const rules = readEventRules('Ids').filter(({ sent }) => !ELSEWHERE.includes(sent));

  test('each row has a case', () => {
    const known = new Set([...Object.keys(NOBODY), ...Object.keys(CASES)]);
    expect(rules.filter(({ sent }) => !known.has(sent))).toEqual([]);
    expect(rules).toHaveLength(known.size);
  });

  test.each(rules)('$sent: $understood', ({ sent }) => {
    for (const userId of NOBODY[sent] ?? []) {
      expect(noted({ userId }, 'userId').userId, JSON.stringify(userId)).toBeUndefined();
      const email = { context: { traits: { email: 'a@example.com' } } };
      const device = noted({ userId: 'u-1', anonymousId: userId, ...email }, 'anonymousId');
      expect(device.anonymousId).toBeUndefined();
    }
    CASES[sent]?.();
  });
});

test('no id of the usual generators is taken for a placeholder', () => {
  for (let n = 0; n < 2_000; n++) expect(isPlaceholder(crypto.randomUUID())).toBe(false);
  for (let n = 1; n < 2_000; n++) expect(isPlaceholder(String(n))).toBe(false);
});
