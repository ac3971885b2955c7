import type { IncomingHttpHeaders } from 'node:http';
import { MAX_BATCH_BYTES, MAX_BATCH_EVENTS, MAX_EVENT_BYTES } from '../../domain/event-limits.ts';
import { type EventFormat, type ParsedBody, parseAll } from '../parse-all.ts';
import { parseLenientJson } from '../parse-json.ts';
import { scanJson, UNKNOWN_SCAN } from '../scan-json.ts';
import type { Envelope, ParseRefusal } from '../segment.ts';
import { decodeBytes } from './decode-data.ts';
import { isJsonType, readMediaType } from './media-type.ts';
import { parseCloudEvent, readCloudEventId } from './parse-event.ts';

const STRUCTURED = 'application/cloudevents+json';
const BATCHED = 'application/cloudevents-batch+json';

const BYTE_ORDER_MARK = /^\ufeff/;

export const CLOUD_EVENT_FORMAT: EventFormat = {
  form: { format: 'cloudevents', call: null },
  parse: parseCloudEvent,
  readMessageId: readCloudEventId,
};

/**
 * Parses a request of the HTTP binding of CloudEvents, in one of its three modes. Structured: the body is the event.
 * Batched: the body is an array of events. Binary: the body is the data, and headers that begin with `ce-` are the
 * attributes. Plain JSON that holds an event or an array of them is read, too, and an array where one event belongs.
 */
export function parseCloudEvents(
  headers: IncomingHttpHeaders,
  body: Buffer,
  envelope: Omit<Envelope, 'sentAt'>,
): ParsedBody | ParseRefusal {
  const shared: Envelope = { ...envelope, sentAt: undefined };
  const type = readMediaType(headers['content-type']);
  const isEvent = type === STRUCTURED || type === BATCHED;
  if (!isEvent && (headers['ce-specversion'] !== undefined || headers['ce-id'] !== undefined)) {
    if (body.length > MAX_EVENT_BYTES) return TOO_LARGE;
    return parseAll([readBinary(headers, body)], CLOUD_EVENT_FORMAT, UNKNOWN_SCAN, shared, false);
  }
  if (!isEvent && type !== undefined && !isJsonType(type)) return NOT_AN_EVENT;
  let value: unknown;
  try {
    value = parseLenientJson(body.toString().replace(BYTE_ORDER_MARK, ''));
  } catch {
    return { code: 'invalid_json', reason: 'the body must be JSON' };
  }
  const scan = scanJson(body);
  if (type === BATCHED || Array.isArray(value)) {
    if (!Array.isArray(value)) return { code: 'invalid_batch', reason: 'a batch must be an array of events' };
    if (body.length > MAX_BATCH_BYTES) return { code: 'batch_too_large', reason: 'a batch may have 500 KB' };
    if (value.length > MAX_BATCH_EVENTS)
      return { code: 'batch_too_long', reason: `a batch may have ${MAX_BATCH_EVENTS} events` };
    return parseAll(value, CLOUD_EVENT_FORMAT, { ...scan, largest: body.length }, shared, true);
  }
  if (!isEvent && !hasSpecVersion(value)) return NOT_AN_EVENT;
  if (body.length > MAX_EVENT_BYTES) return TOO_LARGE;
  return parseAll([value], CLOUD_EVENT_FORMAT, scan, shared, false);
}

const TOO_LARGE: ParseRefusal = { code: 'event_too_large', reason: 'an event may have 32 KB' };
const NOT_AN_EVENT: ParseRefusal = {
  code: 'no_cloud_event',
  reason: `the content type must be ${STRUCTURED} or ${BATCHED}, or the headers must hold ce-specversion, ce-id, ce-source and ce-type`,
};

function hasSpecVersion(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'specversion' in value;
}

function readBinary(headers: IncomingHttpHeaders, body: Buffer): Record<string, unknown> {
  const attributes = Object.entries(headers)
    .filter(([name]) => name.startsWith('ce-') && name !== 'ce-data')
    .map(([name, value]) => [name.slice('ce-'.length), readHeader(String(value))] as const);
  const type = headers['content-type'];
  const data = decodeBytes(body, type);
  return {
    ...Object.fromEntries(attributes),
    ...(type === undefined ? {} : { datacontenttype: type }),
    ...(data === undefined ? {} : { data }),
  };
}

/**
 * The text of a header: perhaps quoted, with characters outside ASCII as percent codes of UTF-8. Some senders write
 * UTF-8 itself, which Node reads as Latin-1.
 */
function readHeader(value: string): string {
  const quoted = /^"(.*)"$/s.exec(value);
  const text = quoted ? (quoted[1] as string).replaceAll(/\\(.)/g, '$1') : value;
  const bytes = Buffer.from(text, 'latin1');
  const decoded = bytes.toString();
  const utf8 = decoded.includes('\ufffd') ? text : decoded;
  return utf8.replaceAll(/(%[0-9a-f]{2})+/gi, (codes) => {
    try {
      return decodeURIComponent(codes);
    } catch {
      return codes;
    }
  });
}
