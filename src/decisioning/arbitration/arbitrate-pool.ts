import type { Arbitrated, Weighed } from '../../domain/candidate.ts';
import type { Situation } from '../../domain/context.ts';
import { type Autonomy, FACTORS } from '../../domain/definition.ts';
import { explores } from '../experiments/assignment.ts';
import { arbitrate, SETTINGS, type Settings } from '../learning/arbitrate.ts';
import type { Shape } from '../learning/features.ts';
import type { Factors } from '../learning/score.ts';
import type { Served } from '../learning/serve.ts';
import { armsOf, mostCautious, type PoolArm } from './arms.ts';
import { awaitedOf } from './awaited.ts';
import { contestantOf, type Omission } from './contestant.ts';
import { featuresFor, wornBy } from './customer-features.ts';
import { alike, type Outcome, ruled } from './outcomes.ts';
import type { Ranked } from './ranked.ts';

/** How one arm came out. */
export interface Standing {
  probability: number;
  /** Expected money in minor units; null where no model was asked. */
  score: number | null;
  parts: Weighed | null;
}

/** One arbitration, with who takes what. */
export interface PoolChoice {
  arbitrated: Arbitrated;
  /** Null: nothing is done. */
  winner: Ranked | null;
  /** By the candidate that stands for the arm. */
  standings: Map<Ranked, Standing>;
}

/**
 * Lets allowed marketing candidates compete, with doing nothing among them where autonomy is `ai_auto`. By rules where
 * autonomy says so, and where there is no model of this bundle's features.
 * @param pool not empty
 * @param byRules whom the rules choose; null: nobody
 */
export function arbitratePool(
  pool: Ranked[],
  situation: Situation,
  { model, byRules }: { model: Served | null; byRules: Ranked | null },
): PoolChoice {
  const autonomy = mostCautious(pool);
  const arms = armsOf(pool, autonomy);
  const { shape, x, refused: unknown } = featuresFor(situation);
  const refused: Omission[] = [...unknown];
  const served = autonomy === 'rules_only' ? null : servedFor(model, arms, shape, refused);
  const random = autonomy !== 'rules_only' && isExploring(situation);
  const drawn = served || random ? drawFrom(arms, served, { situation, autonomy, random, x, refused }) : null;
  const result = drawn && (random || drawn.policy !== 'rules') ? drawn : ruled(arms, byRules);
  const { policy, distribution, scores, chosen, propensity } = result;
  const byId = new Map(arms.map((arm) => [arm.id, arm]));
  const standings = new Map(
    result.arms.flatMap((id, i): [Ranked, Standing][] => {
      const arm = byId.get(id);
      if (!arm) return [];
      const standing = {
        probability: distribution[i] as number,
        score: scores[i] ?? null,
        parts: result.parts[i] ?? null,
      };
      return [[arm.first, standing]];
    }),
  );
  return {
    arbitrated: {
      policy,
      autonomy,
      model: result.modelVersion,
      shape: shape.fingerprint,
      x,
      arms: result.arms,
      distribution,
      scores,
      chosen,
      propensity,
      rewards: awaitedOf(arms, chosen),
      refused,
    },
    winner: byId.get(chosen)?.first ?? null,
    standings,
  };
}

/**
 * The model, if it was learned from features such as these, and has learned of one of these arms: until then rules
 * decide, and what they chose teaches it.
 */
function servedFor(model: Served | null, arms: PoolArm[], shape: Shape, refused: Omission[]): Served | null {
  if (!model) return null;
  if (model.shape !== shape.fingerprint) {
    refused.push({ code: 'other_shape', what: `model ${model.version}` });
    return null;
  }
  return arms.some(({ id }) => (model.arms.get(id)?.evidence ?? 0) > 0) ? model : null;
}

function isExploring({ bundle, facts, subject, now }: Situation): boolean {
  return explores(facts.workspace, subject, now, bundle.workspace.arbitration.explore);
}

interface Draw {
  situation: Situation;
  autonomy: Autonomy;
  /** All alike, whatever the model says. */
  random: boolean;
  x: number[];
  refused: Omission[];
}

function drawFrom(
  arms: PoolArm[],
  model: Served | null,
  { situation, autonomy, random, x, refused }: Draw,
): Outcome {
  const { seed } = situation;
  const worn = wornBy(situation);
  const contestants = arms.map((arm) => contestantOf(arm, { model, situation, worn, refused }));
  const settings = settingsOf(situation, autonomy);
  const result = arbitrate({ model, x, contestants, settings, seed });
  refused.push(...result.refused);
  return random ? alike(result, autonomy, seed) : result;
}

function settingsOf({ bundle }: Situation, autonomy: Autonomy): Settings {
  const { mode, off, fatigue: fatigueWeight } = bundle.workspace.arbitration;
  const factors = Object.fromEntries(
    FACTORS.map((name) => [name, !off.includes(name)]),
  ) as unknown as Factors;
  return { ...SETTINGS, autonomy, mode, factors, fatigueWeight };
}
