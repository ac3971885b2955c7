import type { JudgedCandidate } from '../../src/domain/candidate.ts';
import type { Tx } from '../client.ts';
import { type DecisionRecord, decodeRecord, encodeRecord } from '../decisions/record/decision-record.ts';
import { toHex } from '../decisions/record/stored-columns.ts';
import type { Echo } from './erase-from-members.ts';

/** Ids of all decisions about a customer. */
export async function readDecisionIds(tx: Tx, customerId: string): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`select id from decisions where customer_id = ${customerId}`;
  return rows.map(({ id }) => id);
}

export interface RecordErasure {
  /** Who was erased, and the echoes of what they had stated in the customer's log. */
  customerIds: string[];
  echoes: Echo[];
  /** Ids of the tickets that are still there: `readKeptTickets`. */
  keptTickets: string[];
}

/**
 * Takes erased customers out of the records of these decisions about another, in the caller's transaction. Tickets that
 * are gone are taken out of the verdicts: that a ticket was open is kept. Inputs that hold what the erased have stated,
 * as traits of the account or as echoes, are forgotten: what was decided and why is kept; it cannot be repeated any more.
 */
export async function eraseFromRecords(
  tx: Tx,
  decisionIds: string[],
  { customerIds, echoes, keptTickets }: RecordErasure,
): Promise<void> {
  const traces = [...customerIds.map((id) => `"by":"${id}"`), ...echoes.map(({ id }) => `"${id}"`)];
  const kept = new Set(keptTickets);
  const rows = await tx<{ id: string; record: Uint8Array }[]>`
    select id, record from decisions where id = any(${decisionIds}) order by id for update`;
  const changed = rows.flatMap(({ id, record }) => {
    const before = decodeRecord(record);
    const inputs = JSON.stringify(before.context);
    const after: DecisionRecord = {
      ...before,
      context: traces.some((trace) => inputs.includes(trace)) ? null : before.context,
      candidates: before.candidates.map((candidate) => withoutGoneTickets(candidate, kept)),
    };
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    return [{ id, record: toHex(encodeRecord(after)), replayable: after.context !== null }];
  });
  if (changed.length === 0) return;
  await tx`
    update decisions d set record = t.record, replayable = t.replayable
    from json_to_recordset(${JSON.stringify(changed)}::text::json) as t(id text, record bytea, replayable boolean)
    where d.id = t.id`;
}

/** The candidate in whose verdicts suppression names no other tickets than these. */
function withoutGoneTickets(candidate: JudgedCandidate, kept: ReadonlySet<string>): JudgedCandidate {
  const gates = candidate.gates.map((verdict) =>
    verdict.gate === 'suppression' && Array.isArray(verdict.observed)
      ? { ...verdict, observed: verdict.observed.filter((ticket) => kept.has(String(ticket))) }
      : verdict,
  );
  return { ...candidate, gates };
}
