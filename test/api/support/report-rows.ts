import type { Database } from '../../../db/client.ts';
import type { DecisionRecord } from '../../../db/decisions/record/decision-record.ts';
import { toStoredColumns } from '../../../db/decisions/record/stored-columns.ts';
import { emptyProfile } from '../../../src/domain/customer/profile.ts';
import { iso } from '../../../src/domain/time/time.ts';

/** Parts of a record, as far as the reports of these tests read them. */
type Recorded = { [Part in 'actions' | 'candidates' | 'changes' | 'arbitrations']?: object[] };

/** Rows by table, as the system writes them; missing columns get harmless defaults. */
export interface Rows {
  customers?: { id: string; profile?: object; merged_into?: string | null }[];
  events?: { customer_id: string; name: string; at: number; properties?: object; source?: string }[];
  deliveries?: {
    customer_id: string;
    action: string;
    channel: string;
    at: number;
    state?: string;
    enrollment_id?: string;
    decision_id?: string;
    decided_at?: number;
    variant?: string | null;
    cost?: number;
    verdict?: object | null;
  }[];
  tasks?: {
    customer_id: string;
    action: string;
    at: number;
    state: string;
    outcome?: string | null;
    cost?: number;
  }[];
  enrollments?: {
    id: string;
    customer_id: string;
    journey: string;
    arm: 'treated' | 'control';
    entered_at: number;
    goal_at?: number | null;
    ended_at?: number | null;
    reason?: string | null;
    excluded?: boolean;
  }[];
  decisions?: ({ id: string; customer_id: string; at: number; [column: string]: unknown } & Recorded)[];
}

let counter = 0;

/** Writes them into a workspace, in one statement per table. */
export async function seed({ sql }: Database, workspace: string, rows: Rows): Promise<void> {
  const write = async (table: string, all: Record<string, unknown>[]) => {
    const [first] = all;
    if (!first) return;
    const columns = Object.keys(first);
    await sql`
      insert into ${sql(table)} (${sql.unsafe(columns.join(', '))})
      select ${sql.unsafe(columns.join(', '))}
      from json_populate_recordset(null::${sql(table)}, ${JSON.stringify(all)}::text::json)`;
  };
  const now = iso(Date.now());
  await write(
    'customers',
    (rows.customers ?? []).map((row) => {
      const names = (rows.events ?? []).filter((e) => e.customer_id === row.id).map((e) => e.name);
      const counts = Object.fromEntries(names.map((name) => [name, { n: 1, first: 0, last: 0 }]));
      const profile = { ...emptyProfile(), counts, ...row.profile };
      return { seq: 0, merged_into: null, created_at: iso(0), ...row, workspace, profile };
    }),
  );
  await write(
    'events',
    (rows.events ?? []).map(({ at, properties = {}, ...row }) => {
      const id = `evt_${counter++}`;
      const body = { properties, traits: {}, context: {} };
      const kept = { seq: counter, id, message_id: id, type: 'track', at: iso(at), accepted_at: now };
      return { ...kept, historical: false, source: 'web', ...row, workspace, body };
    }),
  );
  await write(
    'deliveries',
    (rows.deliveries ?? []).map((row) => ({
      id: `dlv_${counter++}`,
      decision_id: 'dec_x',
      decided_at: row.at,
      class: 'marketing',
      purpose: 'marketing',
      bundle_version: 1,
      not_after: row.at,
      entry: {},
      fence: 0,
      attempts: 0,
      send_reason: 'now',
      created_at: now,
      updated_at: now,
      state: 'sent',
      enrollment_id: 'realtime',
      variant: null,
      cost: 0,
      verdict: null,
      ...row,
      workspace,
    })),
  );
  await write(
    'agent_tasks',
    (rows.tasks ?? []).map((row) => ({
      id: `tsk_${counter++}`,
      decision_id: 'dec_x',
      enrollment_id: 'enr_x',
      class: 'service',
      bundle_version: 1,
      queue: 'care',
      level: 0,
      acknowledge_by: row.at,
      resolve_by: row.at,
      definition: {},
      reasons: [],
      created_at: now,
      updated_at: now,
      outcome: null,
      cost: 0,
      ...row,
      workspace,
    })),
  );
  await write(
    'enrollments',
    (rows.enrollments ?? []).map((row) => ({
      version: 1,
      key: null,
      goal_at: null,
      ended_at: null,
      reason: null,
      excluded: false,
      ...row,
      workspace,
    })),
  );
  await write(
    'decisions',
    (rows.decisions ?? []).map(
      ({ actions = [], candidates = [], changes = [], arbitrations = null, ...row }) => ({
        epoch: 1,
        ordinal: counter++,
        kind: 'journey',
        committed_at: now,
        from_seq: 0,
        to_seq: 0,
        bundle_version: 1,
        outcome: 'acted',
        ...toStoredColumns(row.customer_id, {
          context: null,
          actions,
          candidates,
          changes,
          arbitrations,
        } as DecisionRecord),
        ...row,
        workspace,
      }),
    ),
  );
}

/** Deletes all customers and their records. */
export async function wipe({ sql }: Database): Promise<void> {
  await sql`truncate customers, events, deliveries, agent_tasks, enrollments, decisions, rewards, journeys, wakes`;
}
