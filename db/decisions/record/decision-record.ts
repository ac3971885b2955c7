import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ArbitrationRecord, JudgedCandidate } from '../../../src/domain/candidate.ts';
import type { JourneyChange } from '../../../src/engine/journey/journey-change.ts';
import type { DecidedAction } from '../../schema/json.ts';
import { DICTIONARY_1 } from './dictionary-1.ts';

/** What a decision rested on and came to, as `decisions.record` holds it. */
export interface DecisionRecord {
  /** The inputs of the decision (`DecisionContext` or `RealtimeContext`); null if no choice was due. */
  context: unknown;
  /** Each arbitration among marketing actions; null if there was none. */
  arbitrations: ArbitrationRecord[] | null;
  actions: DecidedAction[];
  /** Changes of enrollments: entered, moved, ended, failed. */
  changes: JourneyChange[];
  candidates: JudgedCandidate[];
}

export type RecordPart = keyof DecisionRecord;

/** In the order of format 1. */
const PARTS = ['context', 'arbitrations', 'actions', 'changes', 'candidates'] as const satisfies RecordPart[];

const FORMAT_1 = 1;
const DICTIONARY = Buffer.from(DICTIONARY_1);
/** A window that holds the dictionary and most records. */
const DEFLATE = { level: 7, windowBits: 15, memLevel: 6 };

/**
 * Encodes a record: one byte for the format, then the JSON texts of the parts, one a line, deflated with the format's
 * dictionary. Nothing is lost that JSON can say.
 */
export function encodeRecord(record: DecisionRecord): Buffer {
  return encodeTexts(
    PARTS.map((part) => (part === 'context' ? writeContext(record.context) : JSON.stringify(record[part]))),
  );
}

const contextTexts = new WeakMap<object, string>();

/** The JSON text of a context. It is kept with the context, since it is asked for twice: its size, and to be stored. */
export function writeContext(context: unknown): string {
  if (typeof context !== 'object' || context === null) return JSON.stringify(context);
  const text = contextTexts.get(context) ?? JSON.stringify(context);
  contextTexts.set(context, text);
  return text;
}

function encodeTexts(texts: string[]): Buffer {
  const deflated = deflateRawSync(texts.join('\n'), { ...DEFLATE, dictionary: DICTIONARY });
  return Buffer.concat([Buffer.of(FORMAT_1), deflated]);
}

/** The parts of an encoded record as JSON texts. @throws Error for a format of a later build, or damaged bytes */
export function decodeTexts(bytes: Uint8Array): Record<RecordPart, string> {
  if (bytes[0] !== FORMAT_1)
    throw new Error(`the record of a decision has format ${bytes[0]}, which this build cannot read`);
  const texts = inflateRawSync(bytes.subarray(1), { dictionary: DICTIONARY }).toString().split('\n');
  if (texts.length !== PARTS.length) throw new Error('the record of a decision is damaged');
  return Object.fromEntries(PARTS.map((part, n) => [part, texts[n]])) as Record<RecordPart, string>;
}

/** Decodes a record, or only those parts of it. */
export function decodeRecord<Part extends RecordPart = RecordPart>(
  bytes: Uint8Array,
  ...parts: Part[]
): Pick<DecisionRecord, Part> {
  const texts = decodeTexts(bytes);
  const wanted: readonly RecordPart[] = parts.length > 0 ? parts : PARTS;
  return Object.fromEntries(wanted.map((part) => [part, JSON.parse(texts[part])])) as Pick<
    DecisionRecord,
    Part
  >;
}
