import type { ArbitrationRecord } from '../../src/domain/candidate.ts';
import type { Tx } from '../client.ts';

/** Writes what a decision waits for: a part of its transaction. */
export async function saveOpenRewards(
  tx: Tx,
  decision: { id: string; workspace: string; customerId: string; bundleVersion: number; at: number },
  arbitrated: ArbitrationRecord[],
): Promise<void> {
  const rows = arbitrated
    .flatMap((one) =>
      one.rewards.map((reward) => ({
        ...reward,
        featureSchema: one.featureSchema,
        features: one.features,
        propensity: one.propensity,
      })),
    )
    .map((row, n) => ({ ...row, id: `${decision.id}/${n}`, dueAt: decision.at + row.within }));
  if (rows.length === 0) return;
  await tx`
    insert into rewards (id, workspace, customer_id, decision_id, arm, action, channel, enrollment_id, key, bundle_version,
                         feature_schema, features, propensity, at, within, due_at)
    select id, ${decision.workspace}, ${decision.customerId}, ${decision.id}, arm, action, channel, "enrollmentId", key,
           ${decision.bundleVersion}, "featureSchema", features, propensity, ${decision.at}, within, "dueAt"
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as t(
      id text, arm text, action text, channel text, "enrollmentId" text, key text, "featureSchema" text, features jsonb,
      propensity double precision, within bigint, "dueAt" bigint)
    on conflict do nothing`;
}
