import { REALTIME } from '../../src/domain/candidate.ts';
import type { ActionDef } from '../../src/domain/definition.ts';
import { NO_ENTRY } from '../../src/domain/state.ts';
import { iso } from '../../src/domain/time/time.ts';
import type { Tx } from '../client.ts';
import { insertRows } from '../columns.ts';
import { deliveries } from '../schema.ts';
import { decodeRecord } from './record/decision-record.ts';

/** A real-time decision, as far as its outcomes need it. */
export interface RealtimeOffer {
  id: string;
  workspace: string;
  customerId: string;
  placement: string;
  bundleVersion: number;
  /** Wall clock. */
  committedAt: number;
  expiresAt: number;
  /** Ids of the actions, in order of rank. */
  actions: string[];
  /** Test variant and cost in minor units, in the order of the actions. */
  treatments: { variant: string | null; cost: number }[];
}

export async function readRealtimeOffer(
  tx: Tx,
  workspace: string,
  id: string,
): Promise<RealtimeOffer | null> {
  const [row] = await tx<(Omit<RealtimeOffer, 'actions' | 'treatments'> & { record: Uint8Array })[]>`
    select id, workspace, customer_id as "customerId", placement, bundle_version as "bundleVersion",
           (extract(epoch from committed_at) * 1000)::bigint as "committedAt",
           (extract(epoch from expires_at) * 1000)::bigint as "expiresAt", record
    from decisions where id = ${id} and workspace = ${workspace} and kind = 'realtime'`;
  if (!row) return null;
  const { record, ...offer } = row;
  const { actions } = decodeRecord(record, 'actions');
  return {
    ...offer,
    actions: actions.map(({ action }) => action),
    treatments: actions.map(({ variant = null, cost = 0 }) => ({ variant, cost })),
  };
}

/** An action that was shown. It counts as a contact, like a delivery. */
export interface ShownAction {
  id: string;
  decisionId: string;
  workspace: string;
  customerId: string;
  accountId: string | null;
  personKey: string | null;
  action: ActionDef;
  channel: string;
  bundleVersion: number;
  variant: string | null;
  /** Minor units. */
  cost: number;
  /** Journey time. */
  at: number;
  /** Wall clock: the windows of shared caps use it. */
  shownAt: number;
}

const COLUMNS = [
  'id',
  'customerId',
  'workspace',
  'decisionId',
  'enrollmentId',
  'action',
  'class',
  'purpose',
  'topic',
  'channel',
  'accountId',
  'personKey',
  'claimedAt',
  'bundleVersion',
  'variant',
  'cost',
  'state',
  'at',
  'notAfter',
  'entry',
] as const;

/** Saves a shown action once, however many outcomes are reported for it. */
export async function saveShownAction(tx: Tx, { action, shownAt, ...shown }: ShownAction): Promise<void> {
  const row = {
    ...shown,
    enrollmentId: REALTIME,
    action: action.id,
    class: action.class,
    purpose: action.purpose,
    topic: action.topic,
    claimedAt: iso(shownAt),
    state: 'sent' as const,
    notAfter: shown.at,
    entry: NO_ENTRY,
  };
  await tx`${insertRows(tx, deliveries, COLUMNS, [row])} on conflict do nothing`;
}
