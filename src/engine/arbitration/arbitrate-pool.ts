import type { ArbitrationRecord, ScoreParts } from '../../domain/candidate.ts';
import { type Autonomy, FACTORS } from '../../domain/definition.ts';
import type { DecisionRequest } from '../../domain/facts.ts';
import type { FeatureSchema } from '../../learning/model/features.ts';
import type { ServedModel } from '../../learning/model/served-model.ts';
import { arbitrate } from '../../learning/policy/arbitrate.ts';
import { type ArbitrationSettings, DEFAULT_SETTINGS } from '../../learning/policy/arbitration.ts';
import type { EnabledFactors } from '../../learning/policy/score.ts';
import { isInExploration } from '../../statistics/experiments/assignment.ts';
import { findMostCautious, listArms, type PoolArm } from './arms.ts';
import { listAwaitedRewards } from './awaited-rewards.ts';
import { buildContestant, type Omission } from './contestant.ts';
import { computeFeatures, countRecentContacts } from './customer-features.ts';
import { type PolicyOutcome, rulesPolicy, uniformPolicy } from './policies.ts';
import type { RankedCandidate } from './rank.ts';

/** How one arm came out. */
export interface ArmResult {
  probability: number;
  /** Expected money in minor units; null where no model was asked. */
  score: number | null;
  parts: ScoreParts | null;
}

/** One arbitration, with who takes what. */
export interface PoolChoice {
  arbitrated: ArbitrationRecord;
  /** Null: nothing is done. */
  winner: RankedCandidate | null;
  /** By the candidate that stands for the arm. */
  armResults: Map<RankedCandidate, ArmResult>;
}

/**
 * Lets allowed marketing candidates compete, with doing nothing among them where autonomy is `ai_auto`. By rules where
 * autonomy says so, and where there is no model of this bundle's features.
 * @param pool not empty
 * @param byRules whom the rules choose; null: nobody
 */
export function arbitratePool(
  pool: RankedCandidate[],
  situation: DecisionRequest,
  { model, byRules }: { model: ServedModel | null; byRules: RankedCandidate | null },
): PoolChoice {
  const autonomy = findMostCautious(pool);
  const arms = listArms(pool, autonomy);
  const { shape, x, refused: unknown } = computeFeatures(situation);
  const refused: Omission[] = [...unknown];
  const served = autonomy === 'rules_only' ? null : servedFor(model, arms, shape, refused);
  const random = autonomy !== 'rules_only' && isExploring(situation);
  const drawn = served || random ? drawFrom(arms, served, { situation, autonomy, random, x, refused }) : null;
  const result = drawn && (random || drawn.policy !== 'rules') ? drawn : rulesPolicy(arms, byRules);
  const { policy, distribution, scores, chosen, propensity } = result;
  const byId = new Map(arms.map((arm) => [arm.id, arm]));
  const standings = new Map(
    result.arms.flatMap((id, i): [RankedCandidate, ArmResult][] => {
      const arm = byId.get(id);
      if (!arm) return [];
      const standing = {
        probability: distribution[i] as number,
        score: scores[i] ?? null,
        parts: result.parts[i] ?? null,
      };
      return [[arm.representative, standing]];
    }),
  );
  return {
    arbitrated: {
      policy,
      autonomy,
      modelVersion: result.modelVersion,
      featureSchema: shape.fingerprint,
      features: x,
      arms: result.arms,
      distribution,
      scores,
      chosen,
      propensity,
      rewards: listAwaitedRewards(arms, chosen),
      exclusions: refused,
    },
    winner: byId.get(chosen)?.representative ?? null,
    armResults: standings,
  };
}

/**
 * The model, if it was learned from features such as these, and has learned of one of these arms: until then rules
 * decide, and what they chose teaches it.
 */
function servedFor(
  model: ServedModel | null,
  arms: PoolArm[],
  shape: FeatureSchema,
  refused: Omission[],
): ServedModel | null {
  if (!model) return null;
  if (model.featureSchema !== shape.fingerprint) {
    refused.push({ code: 'other_shape', subject: `model ${model.version}` });
    return null;
  }
  return arms.some(({ id }) => (model.arms.get(id)?.evidence ?? 0) > 0) ? model : null;
}

function isExploring({ bundle, facts, experimentSubject: subject, now }: DecisionRequest): boolean {
  return isInExploration(facts.workspace, subject, now, bundle.workspace.arbitration.explore);
}

interface Draw {
  situation: DecisionRequest;
  autonomy: Autonomy;
  /** All alike, whatever the model says. */
  random: boolean;
  x: number[];
  refused: Omission[];
}

function drawFrom(
  arms: PoolArm[],
  model: ServedModel | null,
  { situation, autonomy, random, x, refused }: Draw,
): PolicyOutcome {
  const { seed } = situation;
  const worn = countRecentContacts(situation);
  const contestants = arms.map((arm) =>
    buildContestant(arm, { model, situation, recentContacts: worn, omissions: refused }),
  );
  const settings = settingsOf(situation, autonomy);
  const result = arbitrate({ model, features: x, contestants, settings, seed });
  refused.push(...result.refusals);
  return random ? uniformPolicy(result, autonomy, seed) : result;
}

function settingsOf({ bundle }: DecisionRequest, autonomy: Autonomy): ArbitrationSettings {
  const { mode, off, fatigue: fatigueWeight } = bundle.workspace.arbitration;
  const factors = Object.fromEntries(
    FACTORS.map((name) => [name, !off.includes(name)]),
  ) as unknown as EnabledFactors;
  return { ...DEFAULT_SETTINGS, autonomy, mode, factors, fatigueWeight };
}
