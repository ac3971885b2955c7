import { parseLenientJson } from '../parse-json.ts';
import { isJsonType, isTextType } from './media-type.ts';

/** Base64 in either alphabet, perhaps in lines. */
const BASE64 = /^[\w+/\s-]*={0,2}$/;

/**
 * The data of a CloudEvent: JSON as its value, other text as text, and binary data as base64 text. What should be base64
 * and is not stays as it was sent.
 */
export function decodeData(event: Record<string, unknown>): unknown {
  const { data, data_base64: base64, datacontentencoding, datacontenttype } = event;
  const encoded = base64 ?? (datacontentencoding === 'base64' ? data : undefined);
  if (typeof encoded === 'string' && BASE64.test(encoded.trimEnd()))
    return decodeBytes(Buffer.from(encoded, 'base64'), datacontenttype);
  // Some senders write their JSON into a text. Text that is no JSON stays text.
  const value = data ?? base64;
  return typeof value === 'string' && isJsonType(datacontenttype) ? (parseJson(value) ?? value) : value;
}

/** Reads bytes as their media type says. Without one they are JSON, as the specification assumes, or else text. */
export function decodeBytes(bytes: Buffer, type: unknown): unknown {
  if (bytes.length === 0) return undefined;
  const text = readUtf8(bytes);
  if (text === undefined) return bytes.toString('base64');
  const value = type === undefined || isJsonType(type) ? parseJson(text) : undefined;
  if (value !== undefined) return value;
  return type === undefined || isJsonType(type) || isTextType(type) ? text : bytes.toString('base64');
}

function readUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return parseLenientJson(text);
  } catch {
    return undefined;
  }
}
