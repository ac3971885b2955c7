import type { ArbitrationRecord, ScoreParts } from '../../domain/candidate.ts';
import { type Autonomy, FACTORS } from '../../domain/definition.ts';
import type { FeatureSchema } from '../../learning/model/features.ts';
import type { ServedModel } from '../../learning/model/served-model.ts';
import { arbitrate } from '../../learning/policy/arbitrate.ts';
import { type ArbitrationSettings, DEFAULT_SETTINGS } from '../../learning/policy/arbitration.ts';
import type { EnabledFactors } from '../../learning/policy/score.ts';
import { isInExploration } from '../../statistics/experiments/assignment.ts';
import type { DecisionRequest } from '../request.ts';
import { findMostCautious, listArms, type PoolArm } from './arms.ts';
import { listAwaitedRewards } from './awaited-rewards.ts';
import { buildContestant, type Omission } from './contestant.ts';
import { computeFeatures, countRecentContacts } from './customer-features.ts';
import type { PolicyOutcome } from './policy-outcome.ts';
import type { RankedCandidate } from './rank.ts';
import { type RulesChoice, rulesPolicy } from './rules-policy.ts';
import { uniformPolicy } from './uniform-policy.ts';

/** How one arm came out. */
export interface ArmResult {
  probability: number;
  /** Expected money in minor units; null where no model was asked. */
  score: number | null;
  parts: ScoreParts | null;
}

/** One arbitration, with its winner. */
export interface PoolChoice {
  arbitration: ArbitrationRecord;
  /** Null: nothing is done. */
  winner: RankedCandidate | null;
  /** By the candidate that represents the arm. */
  armResults: Map<RankedCandidate, ArmResult>;
}

/**
 * Lets allowed marketing candidates compete, with doing nothing among them where autonomy is `ai_auto`. Rules decide
 * where autonomy says so, and where no model of this bundle's features has learned of an arm. A customer who explores
 * this month gets a uniform draw instead.
 * @param pool not empty
 * @param rules what rules make of the same pool
 */
export function arbitratePool(
  pool: RankedCandidate[],
  request: DecisionRequest,
  { model, rules }: { model: ServedModel | null; rules: RulesChoice },
): PoolChoice {
  const autonomy = findMostCautious(pool);
  const arms = listArms(pool, autonomy);
  const { schema, features, refusals } = computeFeatures(request);
  const selected = autonomy === 'rules_only' ? NO_MODEL : selectModel(model, arms, schema);
  const random = autonomy !== 'rules_only' && isExploring(request);
  const drawn =
    selected.model || random
      ? drawArm({ arms, model: selected.model, request, autonomy, random, features })
      : NOT_DRAWN;
  const outcome = drawn.outcome ?? rulesPolicy(arms, rules);
  const byId = new Map(arms.map((arm) => [arm.id, arm]));
  return {
    arbitration: {
      policy: outcome.policy,
      autonomy,
      modelVersion: outcome.modelVersion,
      featureSchema: schema.fingerprint,
      features,
      arms: outcome.arms,
      distribution: outcome.distribution,
      scores: outcome.scores,
      chosen: outcome.chosen,
      propensity: outcome.propensity,
      rewards: listAwaitedRewards(arms, outcome.chosen),
      exclusions: [...refusals, ...selected.omissions, ...drawn.omissions],
    },
    winner: byId.get(outcome.chosen)?.representative ?? null,
    armResults: collectArmResults(outcome, byId),
  };
}

function collectArmResults(
  { arms, distribution, scores, parts }: PolicyOutcome,
  byId: Map<string, PoolArm>,
): Map<RankedCandidate, ArmResult> {
  const results = new Map<RankedCandidate, ArmResult>();
  for (const [i, id] of arms.entries()) {
    const arm = byId.get(id);
    if (!arm) continue;
    const probability = distribution[i] as number;
    results.set(arm.representative, { probability, score: scores[i] ?? null, parts: parts[i] ?? null });
  }
  return results;
}

interface SelectedModel {
  model: ServedModel | null;
  omissions: Omission[];
}

const NO_MODEL: SelectedModel = { model: null, omissions: [] };

/**
 * The model, if it was learned from features such as these, and has learned of one of these arms. Until then rules
 * decide, and their choices teach it.
 */
function selectModel(model: ServedModel | null, arms: PoolArm[], schema: FeatureSchema): SelectedModel {
  if (!model) return NO_MODEL;
  if (model.featureSchema !== schema.fingerprint)
    return { model: null, omissions: [{ code: 'other_shape', subject: `model ${model.version}` }] };
  const hasLearned = arms.some(({ id }) => (model.arms.get(id)?.evidence ?? 0) > 0);
  return { model: hasLearned ? model : null, omissions: [] };
}

function isExploring({ facts, policy, experimentSubject, now }: DecisionRequest): boolean {
  return isInExploration(facts.workspace, experimentSubject, now, policy.explore);
}

interface DrawInput {
  arms: PoolArm[];
  model: ServedModel | null;
  request: DecisionRequest;
  autonomy: Autonomy;
  /** A uniform draw, whatever the model says. */
  random: boolean;
  features: number[];
}

interface Draw {
  /** Null: the model could not be asked, so rules decide. */
  outcome: PolicyOutcome | null;
  omissions: Omission[];
}

const NOT_DRAWN: Draw = { outcome: null, omissions: [] };

function drawArm({ arms, model, request, autonomy, random, features }: DrawInput): Draw {
  const { seed } = request;
  const recentContacts = countRecentContacts(request);
  const built = arms.map((arm) => buildContestant(arm, { model, request, recentContacts }));
  const contestants = built.map(({ contestant }) => contestant);
  const settings = settingsOf(request, autonomy);
  const result = arbitrate({ model, features, contestants, settings, seed });
  const omissions = [...built.flatMap((entry) => entry.omissions), ...result.refusals];
  if (random) return { outcome: uniformPolicy(result, autonomy, seed), omissions };
  return { outcome: result.policy === 'rules' ? null : result, omissions };
}

function settingsOf({ bundle }: DecisionRequest, autonomy: Autonomy): ArbitrationSettings {
  const { mode, off, fatigue: fatigueWeight } = bundle.workspace.arbitration;
  const factors = Object.fromEntries(
    FACTORS.map((name) => [name, !off.includes(name)]),
  ) as unknown as EnabledFactors;
  return { ...DEFAULT_SETTINGS, autonomy, mode, factors, fatigueWeight };
}
