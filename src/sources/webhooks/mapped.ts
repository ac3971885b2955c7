import { hash } from 'node:crypto';
import type { Cel, MappingDef, MessageMapping, SourceCustomer } from '../../domain/definition.ts';
import { toText } from '../../domain/event.ts';
import type { StepBudget } from '../../domain/facts.ts';
import type { PayloadScope } from '../../domain/payload-evaluator.ts';
import { readTime } from '../../domain/time/read-time.ts';
import { isObject } from '../../domain/values/json-object.ts';
import { hasHmac, isLiveSecret, readHeader } from './hmac.ts';
import { describeFound, expectField, parseJsonBody } from './json-body.ts';
import { toTextHeaders } from './name-customer.ts';
import { checkSignedTime } from './replay-window.ts';
import { verifyStandardWebhook } from './standard-webhooks.ts';
import {
  GENUINE,
  refuse,
  type SourceSettings,
  type Verification,
  type WebhookKind,
  type WebhookMessage,
  type WebhookReading,
  type WebhookRequest,
} from './webhook-kind.ts';

export const MAPPED = 'mapped';

/** Payloads in one body. */
const MAX_PAYLOADS = 500;
/** Of all expressions of one request together: some 100 ms. */
const MAX_STEPS_OF_REQUEST = 2_500_000;

/** Any sender: sources.yaml says by CEL which field of its payload is what, and how its requests are verified. */
export const mapped: WebhookKind = {
  id: MAPPED,
  name: 'Mapped',
  keptHeaders: [],
  keepsHeader,
  verify,
  read,
};

function verify(
  request: WebhookRequest,
  secrets: readonly string[],
  { mapping }: SourceSettings,
): Verification {
  const scheme = mapping?.verify;
  if (scheme === undefined) return refuse('sources.yaml does not say how this source is verified');
  if (scheme.scheme === 'standard-webhooks') return verifyStandardWebhook(request, secrets);
  const { header, prefix } = scheme;
  const sent = readHeader(request.headers, header);
  const value = sent?.startsWith(prefix) ? sent.slice(prefix.length) : undefined;
  if (scheme.scheme === 'token')
    return isLiveSecret(value, secrets) ? GENUINE : refuse(`${header} holds no secret of this source`);
  const { timestamp, separator } = scheme;
  const time = timestamp === null ? '' : (readHeader(request.headers, timestamp) ?? '');
  const signed = timestamp === null ? [request.body] : [`${time}${separator}`, request.body];
  if (!hasHmac(scheme, signed, [value ?? ''], secrets))
    return refuse(`${header} is not the signature of this body under a secret of this source`);
  return timestamp === null ? GENUINE : checkSignedTime(readTime(toNumber(time)) ?? 0, request.receivedAt);
}

const SECRET_HEADERS = ['authorization', 'cookie', 'proxy-authorization'];

/** The headers that an expression names. */
function keepsHeader(name: string, { mapping, customer }: SourceSettings): boolean {
  if (mapping === undefined || SECRET_HEADERS.includes(name)) return false;
  if ('header' in mapping.verify && mapping.verify.header === name) return false;
  const { each, messages } = mapping;
  return JSON.stringify({ each, messages, customer }).includes(name);
}

/** Seconds and milliseconds come as digits, which are a number and no text. */
function toNumber(text: string): string | number {
  return /^\d{1,16}$/.test(text) ? Number(text) : text;
}

function read(request: WebhookRequest, source: SourceSettings): WebhookReading {
  const { mapping } = source;
  if (mapping === undefined)
    return { kind: 'unreadable', code: 'no_mapping', reason: 'sources.yaml has no mapping for this source' };
  const body = parseJsonBody(request.body);
  if (body === undefined) return expectField('the body', 'JSON', undefined);
  const reader = new PayloadReader(request, source);
  const payloads = mapping.each === null ? body : reader.evaluate(mapping.each, body);
  if (mapping.each !== null && !Array.isArray(payloads))
    return expectField(`each (${mapping.each})`, 'a list', payloads);
  const list: unknown[] = Array.isArray(payloads) ? payloads : [payloads];
  if (list.length > MAX_PAYLOADS)
    return {
      kind: 'unreadable',
      code: 'too_many_payloads',
      reason: `a body may have ${MAX_PAYLOADS} payloads`,
    };
  const messages: WebhookMessage[] = [];
  for (const payload of list) {
    const mappingOfPayload = reader.choose(payload, mapping);
    if (mappingOfPayload === undefined) {
      if (mapping.otherwise === 'ignored') continue;
      return unmatched(payload);
    }
    const call = reader.readCall(payload, mappingOfPayload);
    if (!('call' in call)) return call;
    messages.push({ kind: 'call', ...call, payload });
  }
  if (messages.length > 0) return { kind: 'messages', messages };
  return { kind: 'ignored', reason: 'no message of sources.yaml fits the payload' };
}

function unmatched(payload: unknown): WebhookReading {
  const found = isObject(payload)
    ? `an object with ${Object.keys(payload).slice(0, 10).join(', ')}`
    : describeFound(payload);
  return {
    kind: 'unreadable',
    code: 'no_mapping',
    reason: `expected a payload that fits one of the messages of sources.yaml, found ${found}`,
  };
}

/** Evaluates the expressions of one request. */
class PayloadReader {
  private readonly source: SourceSettings;
  private readonly headers: PayloadScope['headers'];
  private readonly budget: StepBudget = { left: MAX_STEPS_OF_REQUEST };

  constructor({ headers }: WebhookRequest, source: SourceSettings) {
    this.source = source;
    this.headers = toTextHeaders(headers);
  }

  /** The value of an expression; undefined where it fails, as for a missing field. */
  evaluate(expression: Cel, payload: unknown): unknown {
    const result = this.source.evaluate(expression, { payload, headers: this.headers }, this.budget);
    return result.ok && result.value !== null ? result.value : undefined;
  }

  /** The first mapping whose condition holds. */
  choose(payload: unknown, { messages }: MappingDef): MessageMapping | undefined {
    return messages.find(({ when }) => when === null || this.evaluate(when, payload) === true);
  }

  readCall(payload: unknown, mapping: MessageMapping): { call: Record<string, unknown> } | WebhookReading {
    const { type, event, messageId, timestamp, groupId, previousId, customer, properties, traits } = mapping;
    const read = (expression: Cel | null | undefined) =>
      expression == null ? undefined : this.evaluate(expression, payload);
    const id = messageId === null ? digest(payload) : toText(read(messageId));
    if (messageId !== null && id === undefined)
      return expectField(`messageId (${messageId})`, 'text or a number', read(messageId));
    const name =
      typeof event === 'object' && event !== null ? toText(read(event.from)) : (event ?? undefined);
    if (typeof event === 'object' && event !== null && name === undefined)
      return expectField(`event (${event.from})`, 'text', read(event.from), id);
    const call = {
      type,
      event: name,
      messageId: id,
      timestamp: read(timestamp),
      groupId: read(groupId),
      previousId: read(previousId),
      userId: read(customer.userId),
      anonymousId: read(customer.anonymousId),
      properties: this.readFields(properties, payload),
      traits: this.readFields(traits, payload),
      context: this.readContext(customer, payload),
    };
    return { call: Object.fromEntries(Object.entries(call).filter(([, value]) => value !== undefined)) };
  }

  private readFields(fields: MessageMapping['properties'], payload: unknown): unknown {
    if (typeof fields === 'string') return this.evaluate(fields, payload);
    const entries = Object.entries(fields).map(([name, expression]) => [
      name,
      this.evaluate(expression, payload),
    ]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }

  private readContext({ email, phone, externalIds = {} }: SourceCustomer, payload: unknown): unknown {
    const traits = this.readFields(
      { ...(email ? { email } : {}), ...(phone ? { phone } : {}) },
      payload,
    ) as object;
    const ids = Object.entries(externalIds).flatMap(([type, expression]) => {
      const id = toText(this.evaluate(expression, payload));
      return id === undefined ? [] : [{ type, id }];
    });
    return {
      ...(Object.keys(traits).length === 0 ? {} : { traits }),
      ...(ids.length === 0 ? {} : { externalIds: ids }),
    };
  }
}

/** The same payload again is the same message. */
function digest(payload: unknown): string {
  return hash('sha256', JSON.stringify(payload) ?? '', 'base64url');
}
