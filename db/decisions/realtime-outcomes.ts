import { REALTIME } from '../../src/domain/candidate.ts';
import type { ActionDef } from '../../src/domain/definition.ts';
import type { Tx } from '../client.ts';

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
  const [row] = await tx<RealtimeOffer[]>`
    select id, workspace, customer_id as "customerId", placement, bundle_version as "bundleVersion",
           (extract(epoch from committed_at) * 1000)::bigint as "committedAt",
           (extract(epoch from expires_at) * 1000)::bigint as "expiresAt",
           (select coalesce(json_agg(a ->> 'action' order by n), '[]')
            from jsonb_array_elements(actions) with ordinality as t(a, n)) as actions,
           (select coalesce(json_agg(json_build_object('variant', a -> 'variant', 'cost', coalesce((a ->> 'cost')::float, 0))
              order by n), '[]') from jsonb_array_elements(actions) with ordinality as t(a, n)) as treatments
    from decisions where id = ${id} and workspace = ${workspace} and kind = 'realtime'`;
  return row ?? null;
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

/** Saves a shown action once, however many outcomes are reported for it. */
export async function saveShownAction(tx: Tx, shown: ShownAction): Promise<void> {
  const { action } = shown;
  await tx`
    insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, purpose, topic,
                            channel, account_id, person_key, claimed_at, bundle_version, variant, cost, state, at, not_after,
                            entry)
    values (${shown.id}, ${shown.customerId}, ${shown.workspace}, ${shown.decisionId}, ${REALTIME}, ${action.id},
            ${action.class}, ${action.purpose}, ${action.topic}, ${shown.channel}, ${shown.accountId},
            ${shown.personKey}, to_timestamp(${shown.shownAt}::bigint / 1000.0), ${shown.bundleVersion}, ${shown.variant},
            ${shown.cost}, 'sent', ${shown.at}, ${shown.at}, '{"id":"","name":"","at":0,"seq":0,"properties":{}}')
    on conflict do nothing`;
}
