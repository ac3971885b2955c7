import type { Database } from '../../db/client.ts';
import { encodeRecord } from '../../db/decisions/record/decision-record.ts';
import type { Bundle, GuardrailDef, JourneyDef } from '../../src/domain/definition.ts';
import { DAY } from '../../src/domain/time/time.ts';
import {
  buildAction,
  buildBundle,
  buildJourney,
  decideStep,
  entryByEvent,
  trigger,
} from './bundle-builders.ts';

const NO_RECORD = encodeRecord({
  context: null,
  arbitrations: null,
  actions: [],
  changes: [],
  candidates: [],
});

/** Returns a generator of numbers from 0 to 1, the same for the same seed. */
export function createDraws(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // The low bits of such a generator are poor.
    let mixed = state ^ (state >>> 15);
    mixed = Math.imul(mixed, 0x2c1b3c6d);
    mixed ^= mixed >>> 12;
    return ((mixed >>> 0) % 1_000_000) / 1_000_000;
  };
}

/** Stores a compiled bundle, and activates it. */
export async function installBundle({ sql }: Database, bundle: Bundle, activatedAt = 0): Promise<void> {
  const { version, workspace } = bundle;
  await sql`
    insert into workspaces (id, config_version) values (${workspace.id}, ${version})
    on conflict (id) do update set config_version = excluded.config_version`;
  await sql`
    insert into bundles (workspace, version, hash, files, compiled, activated_at)
    values (${workspace.id}, ${version}, ${String(version)}, '[]', ${JSON.stringify(bundle)}::text::jsonb,
            to_timestamp(${activatedAt}::bigint / 1000.0))`;
}

/** Builds a bundle with one marketing journey, `tips`, whose step offers the action `tip`. */
export function buildShop(
  id: string,
  rest: {
    holdout?: number;
    global?: number;
    guardrails?: GuardrailDef | null;
    version?: number;
    journeys?: JourneyDef[];
    tip?: Parameters<typeof buildAction>[1];
  } = {},
): Bundle {
  const { holdout = 2_000, global = 0, guardrails = null, version = 1, journeys = [], tip = {} } = rest;
  return buildBundle({
    version,
    workspace: {
      id,
      holdout: global,
      guardrails,
      worth: { ...buildBundle({}).workspace.worth, margin: 0.5 },
    },
    actions: [
      buildAction('tip', { class: 'marketing', channels: ['email', 'sms'], about: null, ...tip }),
      buildAction('receipt', { class: 'transactional', about: null }),
    ],
    journeys: [buildTipsJourney(holdout), ...journeys],
  });
}

export function buildTipsJourney(holdout: number, id = 'tips'): JourneyDef {
  return buildJourney(id, [entryByEvent('Signed Up')], [decideStep('tell', ['tip'])], {
    class: 'marketing',
    stage: 'adoption',
    holdout,
    goal: { ...trigger('Order Completed'), within: 30 * DAY, kpi: 'repeat_rate', exit: false },
  });
}

export interface LifeRows {
  customers: { id: string; createdAt: number }[];
  enrollments: {
    id: string;
    customer: string;
    journey: string;
    arm: 'treated' | 'control';
    enteredAt: number;
    goalAt?: number | null;
    excluded?: boolean;
    version?: number;
  }[];
  deliveries: {
    customer: string;
    enrollment: string;
    at: number;
    action?: string;
    state?: string;
    cost?: number;
    variant?: string | null;
    channel?: string;
  }[];
  events: { customer: string; name: string; at: number; properties?: object; source?: string }[];
  tickets: { customer: string; at: number }[];
  consents: {
    customer: string;
    at: number;
    status?: string;
    purpose?: string;
    speaker?: string;
    source?: string;
  }[];
  exposures: { customer: string; enrollment: string; step: string; arm: string; at: number }[];
}

export function emptyRows(): LifeRows {
  return {
    customers: [],
    enrollments: [],
    deliveries: [],
    events: [],
    tickets: [],
    consents: [],
    exposures: [],
  };
}

/** Stores customers with their history as rows. The workspace makes the ids unique. */
export async function saveRows({ sql }: Database, workspace: string, rows: LifeRows): Promise<void> {
  const of = (list: object[]) => JSON.stringify(list.map((row, n) => ({ n, ...row })));
  await sql`
    insert into customers (id, workspace, profile, created_at)
    select ${workspace} || '/' || id, ${workspace}, '{}', to_timestamp("createdAt" / 1000.0)
    from json_to_recordset(${of(rows.customers)}::text::json) as t(id text, "createdAt" bigint)`;
  await sql`
    insert into enrollments (id, customer_id, workspace, journey, version, arm, entered_at, goal_at, excluded)
    select ${workspace} || '/' || id, ${workspace} || '/' || customer, ${workspace}, journey, coalesce(version, 1), arm,
      "enteredAt", "goalAt", coalesce(excluded, false)
    from json_to_recordset(${of(rows.enrollments)}::text::json) as t(id text, customer text, journey text, version int,
      arm text, "enteredAt" bigint, "goalAt" bigint, excluded boolean)`;
  await sql`
    insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, channel,
      bundle_version, state, at, not_after, entry, cost, variant)
    select ${workspace} || '/dlv/' || n, ${workspace} || '/' || customer, ${workspace}, 'dec',
      ${workspace} || '/' || enrollment, coalesce(action, 'tip'), 'marketing', coalesce(channel, 'email'), 1,
      coalesce(state, 'sent'), at, at, '{}', coalesce(cost, 0), variant
    from json_to_recordset(${of(rows.deliveries)}::text::json) as t(n int, customer text, enrollment text, action text,
      state text, at bigint, cost bigint, variant text, channel text)`;
  await sql`
    insert into events (customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body)
    select ${workspace} || '/' || customer, n + 1, ${workspace}, ${workspace} || '/evt/' || n, n::text, 'track', name,
      to_timestamp(at / 1000.0), to_timestamp(at / 1000.0), false, coalesce(source, 'test'),
      jsonb_build_object('properties', coalesce(properties, '{}'))
    from json_to_recordset(${of(rows.events)}::text::json) as t(n int, customer text, name text, at bigint,
      properties jsonb, source text)`;
  await sql`
    insert into tickets (customer_id, id, workspace, source, status, raw_status, severity, subject, version, seq, opened_at)
    select ${workspace} || '/' || customer, 'T' || n, ${workspace}, 'desk', 'closed', 'closed', 'low', '', 1, 1, at
    from json_to_recordset(${of(rows.tickets)}::text::json) as t(n int, customer text, at bigint)`;
  await sql`
    insert into consents (customer_id, seq, purpose, channel, topic, status, source, at, speaker)
    select ${workspace} || '/' || customer, n, coalesce(purpose, 'marketing'), 'email', '*',
      coalesce(status, 'withdrawn'), coalesce(source, 'test'), at, speaker
    from json_to_recordset(${of(rows.consents)}::text::json) as t(n int, customer text, at bigint, status text,
      purpose text, speaker text, source text)`;
  await sql`
    insert into decisions (id, customer_id, workspace, epoch, ordinal, at, from_seq, to_seq, bundle_version, outcome,
      changed, moves, replayable, record)
    select ${workspace} || '/dec/' || n, ${workspace} || '/' || customer, ${workspace}, 1, n, at, 0, 0, 1, 'moved',
      true, jsonb_build_array(jsonb_build_array(${workspace} || '/' || enrollment, 'start', 'split'),
        jsonb_build_array(${workspace} || '/' || enrollment, step, arm, 'exposed')), false, ${NO_RECORD}
    from json_to_recordset(${of(rows.exposures)}::text::json) as t(n int, customer text, enrollment text, step text,
      arm text, at bigint)`;
}
