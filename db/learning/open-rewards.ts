import type { ArbitrationRecord, AwaitedReward, JudgedCandidate } from '../../src/domain/candidate.ts';
import type { Tx } from '../client.ts';
import { insertRows, type NewRow } from '../columns.ts';
import { rewards } from '../schema.ts';

export const REWARD_COLUMNS = [
  'id',
  'workspace',
  'customerId',
  'decisionId',
  'arm',
  'action',
  'channel',
  'enrollmentId',
  'key',
  'bundleVersion',
  'featureSchema',
  'features',
  'propensity',
  'explored',
  'expected',
  'at',
  'within',
  'dueAt',
] as const;

export type OpenReward = NewRow<typeof rewards, (typeof REWARD_COLUMNS)[number]>;

export interface RewardedDecision {
  id: string;
  workspace: string;
  customerId: string;
  bundleVersion: number;
  /** Journey time. */
  at: number;
  candidates: JudgedCandidate[];
}

/** One row per arm that learns from a decision. The ids follow from the decision, so a repeated write adds nothing. */
export function toOpenRewards(decision: RewardedDecision, arbitrations: ArbitrationRecord[]): OpenReward[] {
  const { id, workspace, customerId, bundleVersion, at, candidates } = decision;
  return arbitrations
    .flatMap(({ rewards: awaited, featureSchema, features, propensity, policy }) =>
      awaited.map((reward) => ({
        ...reward,
        featureSchema,
        features,
        propensity,
        explored: policy === 'random',
      })),
    )
    .map((reward, n) => ({
      ...reward,
      id: `${id}/${n}`,
      workspace,
      customerId,
      decisionId: id,
      bundleVersion,
      expected: findExpected(candidates, reward),
      at,
      dueAt: at + reward.within,
    }));
}

/** The reward that the model expected of the chosen candidate; null for doing nothing, and where rules decided. */
function findExpected(candidates: JudgedCandidate[], awaited: AwaitedReward): number | null {
  const chosen = candidates.find(
    ({ enrollmentId, action, channel, verdict, scoreParts }) =>
      enrollmentId === awaited.enrollmentId &&
      action === awaited.action &&
      channel === awaited.channel &&
      verdict === 'chosen' &&
      scoreParts !== undefined,
  );
  return chosen?.scoreParts?.expected ?? null;
}

/** Writes the rewards that a decision waits for, in its transaction. */
export async function saveOpenRewards(
  tx: Tx,
  decision: RewardedDecision,
  arbitrations: ArbitrationRecord[],
): Promise<void> {
  const rows = toOpenRewards(decision, arbitrations);
  if (rows.length > 0) await tx`${insertRows(tx, rewards, REWARD_COLUMNS, rows)} on conflict do nothing`;
}
