import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPayloadEvaluator } from '../../../src/definitions/cel/payload.ts';
import type { SourceDef } from '../../../src/domain/definition.ts';
import { DAY, MINUTE } from '../../../src/domain/time/time.ts';
import { findWebhookKind, WEBHOOK_KIND_IDS } from '../../../src/sources/webhooks/kinds.ts';
import type {
  SourceSettings,
  Verification,
  WebhookKind,
  WebhookRequest,
} from '../../../src/sources/webhooks/webhook-kind.ts';
import { compileWith } from '../../definitions/bundle-files.ts';
import type { KindVectors } from './kind-vectors.ts';
import { loadVectors } from './load-vectors.ts';

const NOW = Date.UTC(2026, 10, 12, 10, 15);

/** Two signatures that differ in one character, of the same length. */
function changeOne(text: string): string {
  const last = text.length - 2;
  return `${text.slice(0, last)}${text[last] === 'A' ? 'B' : 'A'}${text.slice(last + 1)}`;
}

const all = await loadVectors();

test('every kind has vectors, and each file of vectors a kind', () => {
  expect(all.map(({ kind }) => kind).sort()).toEqual([...WEBHOOK_KIND_IDS].sort());
});

describe.each(all.map((vectors) => [vectors.kind, vectors] as const))('%s', (id, vectors: KindVectors) => {
  const kind = findWebhookKind(id) as WebhookKind;
  const body = Buffer.from(vectors.body);
  const [secret, other] = vectors.secrets;
  const source: SourceSettings = { ...compileSource(id, vectors.yaml), evaluate: createPayloadEvaluator() };
  const verify = (request: WebhookRequest, secrets: readonly string[]): Verification =>
    kind.verify(request, secrets, source);
  const signed = (at = NOW) => vectors.sign(body, secret, at);
  const withSignature = (signature: string | undefined): WebhookRequest => {
    const request = signed();
    return { ...request, headers: { ...request.headers, [vectors.signatureHeader]: signature } };
  };
  const signature = String(signed().headers[vectors.signatureHeader]);
  const refused = expect.objectContaining({ kind: 'refused', code: 'webhook_signature' });

  test('a signed request is genuine under its secret, alone or beside another one', () => {
    expect(verify(signed(), [secret])).toEqual({ kind: 'genuine' });
    expect(verify(signed(), [other, secret])).toEqual({ kind: 'genuine' });
    expect(verify(signed(), [secret, other])).toEqual({ kind: 'genuine' });
  });

  test('it is forged under another secret, and without any', () => {
    expect(verify(signed(), [other])).toEqual(refused);
    expect(verify(signed(), [])).toEqual(refused);
  });

  test.each([
    ['none', undefined],
    ['an empty one', ''],
    ['a shorter one', signature.slice(0, -5)],
    ['a longer one', `${signature}AAAA`],
    ['one character changed', changeOne(signature)],
    ['another alphabet', '🦊'.repeat(20)],
    ['only the prefix', signature.slice(0, 3)],
    ['hex for base64 and the reverse', Buffer.from(signature).toString('hex')],
    ['a thousand of them', 'v1,AAAA '.repeat(1_000)],
  ])('a signature that is wrong is refused and never throws: %s', (_, wrong) => {
    expect(verify(withSignature(wrong), [secret, other])).toEqual(refused);
  });

  test.runIf(vectors.signsBody)('one changed byte of the body is a forgery', () => {
    for (const position of [0, Math.floor(body.length / 2), body.length - 1]) {
      const changed = Buffer.from(body);
      changed.writeUInt8(changed.readUInt8(position) ^ 1, position);
      expect(verify({ ...signed(), body: changed }, [secret])).toEqual(refused);
    }
    expect(verify({ ...signed(), body: body.subarray(0, -1) }, [secret])).toEqual(refused);
    expect(verify({ ...signed(), body: Buffer.concat([body, Buffer.from(' ')]) }, [secret])).toEqual(refused);
  });

  test.runIf(vectors.signsTime)('a request that was signed too long ago, or ahead, has expired', () => {
    const expired = expect.objectContaining({ kind: 'refused', code: 'webhook_expired' });
    const receive = (signedAt: number) => verify({ ...signed(signedAt), receivedAt: NOW }, [secret]);
    expect(receive(NOW - 4 * MINUTE)).toEqual({ kind: 'genuine' });
    expect(receive(NOW - 6 * MINUTE)).toEqual(expired);
    expect(receive(NOW - 30 * DAY)).toEqual(expired);
    expect(receive(NOW + 6 * MINUTE)).toEqual(expired);
  });

  test.runIf(vectors.documented)('the documented vector is genuine', () => {
    const { request, secret: documented } = vectors.documented as NonNullable<KindVectors['documented']>;
    expect(verify(request, [documented])).toEqual({ kind: 'genuine' });
    expect(verify(request, [other])).toEqual(refused);
  });

  test('its example becomes messages with ids of their own, the same each time', () => {
    const reading = kind.read(signed(), source);
    expect(reading).toEqual(kind.read(signed(), source));
    if (reading.kind !== 'messages') throw new Error(`the example is ${reading.kind}: ${reading.reason}`);
    const ids = reading.messages.map((message) =>
      message.kind === 'call' ? message.call.messageId : message.receipt.id,
    );
    expect(ids.every((messageId) => typeof messageId === 'string' && messageId !== '')).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a retry, which has only the kept headers, reads the same', () => {
    const request = signed();
    const kept = Object.fromEntries(
      Object.entries(request.headers).filter(
        ([name]) => kind.keptHeaders.includes(name) || kind.keepsHeader?.(name, source),
      ),
    );
    expect(kind.keptHeaders).not.toContain(vectors.signatureHeader);
    expect(kind.read({ ...request, headers: kept }, source)).toEqual(kind.read(request, source));
  });

  test('no body makes reading throw, and what cannot be read says why', () => {
    const bodies = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .constantFrom('', '{}', '[]', 'null', '"text"', '{"__proto__": 1}', '['.repeat(5_000))
        .map(Buffer.from),
      mutatedJson(body),
    );
    fc.assert(
      fc.property(bodies, (hostile) => {
        const reading = kind.read({ ...signed(), body: hostile }, source);
        if (reading.kind === 'messages') return;
        expect(reading.reason).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });
});

/** The source as sources.yaml compiles to it. */
function compileSource(kind: string, yaml: string | undefined): SourceDef {
  const more = yaml === undefined ? '' : `, ${yaml}`;
  const result = compileWith({ 'sources.yaml': `- { id: source, kind: ${kind}${more} }` });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.bundle.sources?.[0] as SourceDef;
}

/** The example with one field missing, or of another type: at any depth. */
function mutatedJson(example: Buffer): fc.Arbitrary<Buffer> {
  let value: unknown;
  try {
    value = JSON.parse(example.toString());
  } catch {
    return fc.constant(example);
  }
  const paths = listPaths(value);
  const replacement = fc.oneof(
    fc.constant(undefined),
    fc.constantFrom<unknown>(null, {}, [], '', true, -1, { id: {} }, [null], '\u0000', '2026-99-99'),
    fc.jsonValue(),
  );
  return fc
    .tuple(fc.constantFrom(...paths), replacement)
    .map(([path, other]) => Buffer.from(JSON.stringify(replaceAt(value, path, other))));
}

function listPaths(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  return Object.entries(value).flatMap(([key, item]) => [
    [key],
    ...listPaths(item).map((path) => [key, ...path]),
  ]);
}

function replaceAt(value: unknown, [key, ...rest]: string[], other: unknown): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return other;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = replaceAt(copy[key], rest, other);
  return copy;
}
