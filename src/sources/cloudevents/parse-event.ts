import { createHash } from 'node:crypto';
import type { IncomingEvent } from '../../app/intake/incoming-event.ts';
import { toText } from '../../domain/event.ts';
import type { Note } from '../../domain/note.ts';
import { isObject, readObject } from '../../domain/values/json-object.ts';
import { findFlaw } from '../parse-all.ts';
import { readCallFields, readCallType } from '../read-call-fields.ts';
import { readId } from '../read-ids.ts';
import { type Envelope, isParseRefusal, type ParseRefusal, parseCall } from '../segment.ts';
import { decodeData } from './decode-data.ts';

const MAX_MESSAGE_ID = 255;

/** Specification 1.0 (as a number of JSON it is 1), and 0.3, which differs only in how it writes binary data. */
const VERSIONS = /^(1|1\.\d+|0\.3)(\.\d+)?$/;

/** Attributes that hold the data, and do not describe it. */
const DATA_KEYS = ['data', 'data_base64', 'datacontentencoding'] as const;

type Fields = Record<string, unknown>;

/**
 * Parses an event of the CloudEvents specification. The SDK of the specification is not used: it invents an id where
 * there is none, so that a repeated event would count twice, and one bad event makes it refuse the whole batch.
 *
 * `type` names the event, or one of Segment's calls. `data` holds the properties, or the fields of a call.
 */
export function parseCloudEvent(raw: unknown, envelope: Envelope): IncomingEvent | ParseRefusal {
  if (!isObject(raw)) return refuse('not_an_object', 'a CloudEvent must be a JSON object');
  if (!VERSIONS.test(toText(raw.specversion) ?? ''))
    return refuse('unknown_specversion', 'specversion must be 1.0');
  const { id, source, type } = readIdentity(raw);
  if (id === undefined || source === undefined || type === undefined)
    return refuse('missing_attribute', 'a CloudEvent needs id, source and type');

  const call = readCallType(type);
  const data = decodeData(raw);
  // What was text or base64 until now has not been inspected yet.
  const flaw = data === raw.data ? null : findFlaw(data);
  if (flaw !== null) return flaw;
  const fields: Fields = { ...readCallFields(data, type) };
  fields.messageId = readCloudEventId(raw);
  const notes: Note[] = [];
  fields.userId = readFirstId(
    { 'data.userId': fields.userId, userid: raw.userid, userId: raw.userId },
    notes,
  );
  fields.anonymousId = readFirstId(
    { 'data.anonymousId': fields.anonymousId, anonymousid: raw.anonymousid, anonymousId: raw.anonymousId },
    notes,
  );
  fields.timestamp = raw.time ?? fields.timestamp;
  fields.context = { ...readObject(fields.context), cloudEvent: describe(raw) };

  const noted = { ...envelope, notes };
  const parsed = parseCall(fields, call, noted);
  // The subject may be an order or a file as well, so it names the customer only if nothing else does.
  const subject = toText(raw.subject);
  const isNobody = isParseRefusal(parsed) && parsed.code === 'no_identity' && subject !== undefined;
  return isNobody ? parseCall({ ...fields, userId: subject }, call, noted) : parsed;
}

/** The first of these that identifies somebody; the fields before it are noted. Extensions should be in lower case. */
function readFirstId(candidates: Record<string, unknown>, notes: Note[]): string | undefined {
  for (const [field, value] of Object.entries(candidates)) {
    const id = readId(value, field, notes);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** The message id: an event is unique by source and id together. Undefined if one of them is missing. */
export function readCloudEventId(raw: unknown): string | undefined {
  if (!isObject(raw)) return undefined;
  const { id, source } = readIdentity(raw);
  if (id === undefined || source === undefined) return undefined;
  const name = `ce:${source} ${id}`;
  // A source is a URI reference, which has no space. If it has one, the text could be another pair's.
  if (name.length <= MAX_MESSAGE_ID && !source.includes(' ')) return name;
  return `ce:${createHash('sha256')
    .update(JSON.stringify([source, id]))
    .digest('base64url')}`;
}

function readIdentity(raw: Fields) {
  return { id: toText(raw.id), source: toText(raw.source), type: toText(raw.type) };
}

/** The attributes and extensions, without the data. */
function describe(raw: Fields): Fields {
  const attributes = { ...raw };
  for (const key of DATA_KEYS) delete attributes[key];
  return attributes;
}

function refuse(code: string, reason: string): ParseRefusal {
  return { code, reason };
}
