import { type ArbitrationRecord, DO_NOTHING } from '../../../src/domain/candidate.ts';
import type { PolicySummary } from '../../schema/json.ts';
import { type DecisionRecord, encodeRecord } from './decision-record.ts';
import { toMoves } from './moves.ts';

/** The columns of `decisions` that follow from a record: itself, and what statements select or count by. */
export function toStoredColumns(customerId: string, record: DecisionRecord) {
  const { context, arbitrations, actions, changes } = record;
  return {
    chosen: orNull(actions.map(({ action }) => action)),
    changed: changes.length > 0,
    moves: orNull(toMoves(customerId, changes)),
    policies: orNull((arbitrations ?? []).map(summarize)),
    replayable: context !== null,
    record: toHex(encodeRecord(record)),
  };
}

/** Bytes as Postgres reads them in a text. */
export function toHex(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}

/** A null takes no room in a row. */
function orNull<T>(items: T[]): T[] | null {
  return items.length > 0 ? items : null;
}

function summarize(record: ArbitrationRecord): PolicySummary {
  const { policy, autonomy, modelVersion: model, propensity, chosen, exclusions } = record;
  return {
    policy,
    autonomy,
    ...(propensity === 1 ? {} : { propensity }),
    ...(model === null ? {} : { model }),
    ...(chosen === DO_NOTHING ? { nothing: true } : {}),
    ...(exclusions.length > 0 ? { refused: true } : {}),
  };
}
