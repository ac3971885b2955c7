import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createPayloadEvaluator } from '../../../src/definitions/cel/payload.ts';
import type { MappingDef } from '../../../src/domain/definition.ts';
import { mapped } from '../../../src/sources/webhooks/mapped.ts';
import type { WebhookRequest } from '../../../src/sources/webhooks/webhook-kind.ts';
import { compileWith } from '../../definitions/bundle-files.ts';

const NOW = Date.UTC(2026, 10, 12, 10, 15);

/** The mapping that sources.yaml compiles to. */
function compileMapping(yaml: string): MappingDef {
  const result = compileWith({ 'sources.yaml': `- { id: loyalty, kind: mapped, ${yaml} }` });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.bundle.sources?.[0]?.mapping as MappingDef;
}

function read(yaml: string, payload: unknown, headers: WebhookRequest['headers'] = {}) {
  const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const source = {
    id: 'loyalty',
    kind: 'mapped',
    customer: {},
    settings: {},
    mapping: compileMapping(`verify: { token: { header: X-Api-Key } }, ${yaml}`),
    evaluate: createPayloadEvaluator(),
  };
  return mapped.read({ url: 'https://journeys.example', headers, body, receivedAt: NOW }, source);
}

/** The calls that a payload becomes. */
function callsOf(yaml: string, payload: unknown, headers?: WebhookRequest['headers']) {
  const reading = read(yaml, payload, headers);
  if (reading.kind !== 'messages') throw new Error(`${reading.kind}: ${reading.reason}`);
  return reading.messages.map((message) => (message.kind === 'call' ? message.call : message));
}

const POINTS = 'event: Points Earned, messageId: payload.id, userId: payload.member';

test('each field is what its expression gives', () => {
  const yaml = `messages: [{ ${POINTS}, timestamp: payload.at, anonymousId: payload.device, email: payload.mail,
    phone: payload.phone, externalIds: { loyalty: payload.card.number },
    properties: { points: payload.points, double: "payload.points * 2.0", vip: "payload.tier == 'gold'",
      tags: "payload.tags.filter(t, t != 'x')", none: payload.nothing.at.all } }]`;
  const payload = {
    id: 17,
    member: 'helen',
    at: '2026-11-12T10:14:58Z',
    device: 'd-1',
    mail: 'helen@example.com',
    phone: '+491701234567',
    card: { number: 99 },
    points: 120,
    tier: 'gold',
    tags: ['a', 'x'],
  };
  expect(callsOf(yaml, payload)).toEqual([
    {
      type: 'track',
      event: 'Points Earned',
      messageId: '17',
      timestamp: '2026-11-12T10:14:58Z',
      userId: 'helen',
      anonymousId: 'd-1',
      properties: { points: 120, double: 240, vip: true, tags: ['a'] },
      traits: {},
      context: {
        traits: { email: 'helen@example.com', phone: '+491701234567' },
        externalIds: [{ type: 'loyalty', id: '99' }],
      },
    },
  ]);
});

test('one expression may give all properties, and null reads as missing', () => {
  const yaml = `messages: [{ ${POINTS}, properties: payload.data, traits: payload.none }]`;
  const payload = { id: 'a', member: 'helen', data: { a: 1, b: null, c: [null, { d: null }] } };
  expect(callsOf(yaml, payload)).toEqual([expect.objectContaining({ properties: { a: 1, c: [null, {}] } })]);
});

test('an event may be named by the payload, a call may be an identify, and a header may decide', () => {
  const yaml = `messages: [
    { when: "headers['x-topic'] == 'member'", type: identify, messageId: payload.id, userId: payload.member,
      traits: { tier: payload.tier } },
    { event: { from: "'Loyalty ' + payload.kind" }, messageId: payload.id, userId: payload.member }]`;
  const payload = { id: 'a', member: 'helen', tier: 'gold', kind: 'Renewed' };
  expect(callsOf(yaml, payload, { 'x-topic': 'member' })).toEqual([
    expect.objectContaining({ type: 'identify', traits: { tier: 'gold' } }),
  ]);
  expect(callsOf(yaml, payload)).toEqual([
    expect.objectContaining({ type: 'track', event: 'Loyalty Renewed' }),
  ]);
});

test('the first message whose condition holds is used; a condition that fails does not hold', () => {
  const yaml = `messages: [
    { when: payload.missing.deep == 1, event: Never, userId: payload.member },
    { when: "payload.points > 100", event: Many, userId: payload.member },
    { event: Few, userId: payload.member }]`;
  expect(callsOf(yaml, { points: 120, member: 'h' })).toEqual([expect.objectContaining({ event: 'Many' })]);
  expect(callsOf(yaml, { points: 20, member: 'h' })).toEqual([expect.objectContaining({ event: 'Few' })]);
});

test('a list in the body, or where each says, is one payload per item', () => {
  const items = [
    { id: 1, member: 'helen' },
    { id: 2, member: 'ada' },
  ];
  const ids = [expect.objectContaining({ messageId: '1' }), expect.objectContaining({ messageId: '2' })];
  expect(callsOf(`messages: [{ ${POINTS} }]`, items)).toEqual(ids);
  expect(callsOf(`each: payload.items, messages: [{ ${POINTS} }]`, { items })).toEqual(ids);
  expect(read(`each: payload.items, messages: [{ ${POINTS} }]`, { items: 'x' })).toEqual({
    kind: 'unreadable',
    code: 'unexpected_payload',
    reason: 'expected each (payload.items) to be a list, found a text',
  });
});

test('without a message id the same payload is the same message', () => {
  const yaml = 'messages: [{ event: Points Earned, userId: payload.member }]';
  const [first] = callsOf(yaml, { member: 'helen', points: 1 });
  const [again] = callsOf(yaml, '{ "member": "helen", "points": 1 }');
  const [other] = callsOf(yaml, { member: 'helen', points: 2 });
  expect(first).toEqual(again);
  expect(first).not.toEqual(other);
});

test.each([
  ['{}', 'expected messageId (payload.id) to be text or a number, found nothing'],
  ['{"id": {"a": 1}}', 'expected messageId (payload.id) to be text or a number, found an object'],
  ['', 'expected the body to be JSON, found nothing'],
])('what cannot be read says what was expected: %s', (body, reason) => {
  expect(read(`messages: [{ ${POINTS} }]`, body)).toEqual(
    expect.objectContaining({ kind: 'unreadable', code: 'unexpected_payload', reason }),
  );
});

test('a payload that no message fits is unreadable, or ignored where sources.yaml says so', () => {
  const yaml = `messages: [{ when: payload.type == 'points', ${POINTS} }]`;
  expect(read(yaml, { type: 'other', id: 1 })).toEqual({
    kind: 'unreadable',
    code: 'no_mapping',
    reason: 'expected a payload that fits one of the messages of sources.yaml, found an object with type, id',
  });
  expect(read(`otherwise: ignored, ${yaml}`, { type: 'other', id: 1 })).toEqual(
    expect.objectContaining({ kind: 'ignored' }),
  );
});

test('the expressions of one request are limited together', () => {
  const heavy = 'payload.items.all(a, payload.items.all(b, a + b >= 0.0))';
  const yaml = `each: payload.each, messages: [{ when: "${heavy}", ${POINTS} }]`;
  const items = Array.from({ length: 200 }, (_, index) => index);
  const each = Array.from({ length: 500 }, (_, id) => ({ id, member: 'helen', items }));
  const startedAt = performance.now();
  expect(read(yaml, { each })).toEqual(expect.objectContaining({ kind: 'unreadable' }));
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect(read(yaml, { each: Array.from({ length: 501 }, () => ({})) })).toEqual(
    expect.objectContaining({ code: 'too_many_payloads' }),
  );
});

describe('verification', () => {
  const body = Buffer.from('{"a": 1}');
  const verify = (yaml: string, headers: WebhookRequest['headers'], receivedAt = NOW) =>
    mapped.verify({ url: 'https://journeys.example', headers, body, receivedAt }, ['s3cret'], {
      id: 'loyalty',
      kind: 'mapped',
      customer: {},
      settings: {},
      mapping: compileMapping(`verify: ${yaml}, messages: [{ event: A }]`),
      evaluate: createPayloadEvaluator(),
    }).kind;
  const sign = (algorithm: string, encoding: 'hex' | 'base64', text: string | Buffer = body) =>
    createHmac(algorithm, 's3cret').update(text).digest(encoding);

  test.each([
    ['{ token: { header: X-Api-Key } }', { 'x-api-key': 's3cret' }],
    ['{ token: { header: Authorization, prefix: "Bearer " } }', { authorization: 'Bearer s3cret' }],
    ['{ hmac: { header: X-Sig } }', { 'x-sig': sign('sha256', 'hex') }],
    ['{ hmac: { header: X-Sig, encoding: base64 } }', { 'x-sig': sign('sha256', 'base64') }],
    [
      '{ hmac: { header: X-Sig, algorithm: sha1, prefix: "sha1=" } }',
      { 'x-sig': `sha1=${sign('sha1', 'hex')}` },
    ],
    [
      '{ hmac: { header: X-Sig, timestamp: X-Time, separator: ":" } }',
      { 'x-time': String(NOW), 'x-sig': sign('sha256', 'hex', `${NOW}:${body}`) },
    ],
  ])('%s', (yaml, headers) => {
    expect(verify(yaml, headers)).toBe('genuine');
    const [name, value] = Object.entries(headers).at(-1) as [string, string];
    expect(verify(yaml, { ...headers, [name]: `${value}x` })).toBe('refused');
    expect(verify(yaml, { ...headers, [name]: value.replace(/^(sha1=|Bearer )/, '').slice(1) })).toBe(
      'refused',
    );
    expect(verify(yaml, {})).toBe('refused');
  });

  test('a signed time that is old, or none, is refused', () => {
    const yaml = '{ hmac: { header: X-Sig, timestamp: X-Time } }';
    const at = (time: string, receivedAt = NOW) =>
      verify(yaml, { 'x-time': time, 'x-sig': sign('sha256', 'hex', `${time}.${body}`) }, receivedAt);
    expect(at(String(NOW / 1_000))).toBe('genuine');
    expect(at('2026-11-12T10:15:00Z')).toBe('genuine');
    expect(at(String(NOW / 1_000 - 400))).toBe('refused');
    expect(at('yesterday')).toBe('refused');
    expect(at('')).toBe('refused');
  });
});
