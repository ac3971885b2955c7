import type { ArbitrationRecord, JudgedCandidate } from '../../src/domain/candidate.ts';
import type { Tx } from '../client.ts';
import type { Span } from '../reports/span.ts';
import { decodeRecord } from './record/decision-record.ts';

/** Ids of the newest decisions in which a choice was due, and the number of all of them. */
export async function findRecordedDecisions(
  tx: Tx,
  { workspace, from, to }: Span,
  limit: number,
): Promise<{ ids: string[]; all: number }> {
  const [row] = await tx<{ ids: string[]; all: number }[]>`
    with asked as (
      select id, at from decisions where workspace = ${workspace} and at >= ${from} and at < ${to}
        and replayable
    )
    select (select count(*) from asked) as all,
           array(select id from asked order by at desc, id desc limit ${limit}) as ids`;
  return row as { ids: string[]; all: number };
}

/** A recorded decision with its inputs. */
export interface RecordedDecision {
  id: string;
  customerId: string;
  kind: 'journey' | 'realtime';
  placement: string | null;
  at: number;
  bundleVersion: number;
  candidates: JudgedCandidate[];
  arbitrations: ArbitrationRecord[] | null;
  /** A `DecisionContext` or `RealtimeContext`, perhaps of an earlier build. */
  context: unknown;
  /** Version of the newest model when the decision was committed. */
  newestModel: number | null;
  rewards: { arm: string; state: string; reward: number | null }[];
}

type Decoded = 'candidates' | 'arbitrations' | 'context';

/** In the order of `ids`, without decisions that were erased. */
export async function readRecordedDecisions(
  tx: Tx,
  workspace: string,
  ids: string[],
): Promise<RecordedDecision[]> {
  const rows = await tx<(Omit<RecordedDecision, Decoded> & { record: Uint8Array })[]>`
    select d.id, d.customer_id as "customerId", d.kind, d.placement, d.at, d.bundle_version as "bundleVersion",
           d.record,
           (select max(m.version) from model_snapshots m
            where m.workspace = d.workspace and m.created_at <= d.committed_at) as "newestModel",
           (select coalesce(json_agg(json_build_object('arm', r.arm, 'state', r.state, 'reward', r.reward)
             order by r.id), '[]')
            from rewards r where d.policies is not null and r.decision_id = d.id) as rewards
    from unnest(${ids}::text[]) with ordinality as t(id, n) join decisions d on d.id = t.id
    where d.workspace = ${workspace} and d.replayable order by t.n`;
  return rows.map(({ record, ...row }) => ({
    ...row,
    ...decodeRecord(record, 'candidates', 'arbitrations', 'context'),
  }));
}
