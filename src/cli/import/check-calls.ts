import { hash } from 'node:crypto';
import { MAX_EVENT_BYTES } from '../../domain/event-limits.ts';
import { findFlaw } from '../../sources/parse-all.ts';
import { isParseRefusal, parseCall } from '../../sources/segment.ts';
import { type CallBuilder, RowProblem } from './build-calls.ts';
import type { BadRow } from './row.ts';
import type { Unit, Values } from './unit.ts';

/** A unit that can be imported. */
export interface CheckedUnit {
  line: number;
  calls: Values[];
  /** Of its calls as JSON. */
  bytes: number;
}

/**
 * Makes the calls of a unit, and checks each by the parser of intake: what it refuses is found before it is sent. A
 * unit is imported whole, or not at all.
 */
export function checkUnit(unit: Unit, build: CallBuilder): CheckedUnit | BadRow {
  const refuse = (reason: string) => ({
    line: unit.line,
    reason,
    row: unit.rows.length === 1 ? unit.rows[0] : unit.rows,
  });
  let calls: Values[];
  try {
    calls = build(unit);
  } catch (error) {
    if (error instanceof RowProblem) return refuse(error.message);
    throw error;
  }
  let bytes = 0;
  const named: Values[] = [];
  for (const [n, call] of calls.entries()) {
    const text = JSON.stringify(call);
    const size = Buffer.byteLength(text);
    if (size > MAX_EVENT_BYTES)
      return refuse(`becomes an event of ${Math.ceil(size / 1024)} KB: at most 32 KB`);
    const complete: Values = { messageId: nameMessage(unit.line, n, text), ...call };
    const flaw = findFlaw(complete);
    if (flaw) return refuse(flaw.reason);
    const event = parseCall(complete, null, ENVELOPE);
    if (isParseRefusal(event)) return refuse(`${event.reason} (${event.code})`);
    bytes += size;
    named.push(complete);
  }
  return { line: unit.line, calls: named, bytes };
}

const ENVELOPE = {
  workspace: '',
  receivedAt: Date.now(),
  sentAt: undefined,
  historical: true,
  source: 'import',
};

/**
 * Line and content name a message. So a row counts once, however often the file is sent, and two equal rows are two; a
 * row that was mended is another message.
 */
function nameMessage(line: number, n: number, text: string): string {
  return `import:${line}:${n}:${hash('sha256', text, 'base64url').slice(0, 22)}`;
}
