import { computeDelta, type Delta, foldDeltas } from '../../src/learning/model/fold-deltas.ts';
import { addArms } from '../../src/learning/model/group-prior.ts';
import { isLearningRefusal } from '../../src/learning/model/learning-refusal.ts';
import { serveSnapshot } from '../../src/learning/model/served-model.ts';
import {
  type PendingReward,
  type RewardOutcome,
  settleRewards,
} from '../../src/learning/model/settle-rewards.ts';
import { createBinaryPrior, createSnapshot, type Snapshot } from '../../src/learning/model/snapshot.ts';
import { arbitrate } from '../../src/learning/policy/arbitrate.ts';
import { type ArbitrationSettings, DEFAULT_SETTINGS } from '../../src/learning/policy/arbitration.ts';
import type { Contestant } from '../../src/learning/policy/score.ts';
import type { SimulatedWorld } from './problem.ts';

export interface LearnerSetup {
  /** In rounds. */
  halfLife: number;
  floor: number;
  /** Rounds between two snapshots. */
  foldEvery: number;
  /** Rounds for which outcomes count. 1: they arrive at once. */
  window: number;
  /** Uses no features except the constant: a control that must perform badly. */
  blind: boolean;
  settings: Partial<ArbitrationSettings>;
}

export const DEFAULT_SETUP: LearnerSetup = {
  halfLife: 2_500,
  floor: 20,
  foldEvery: 100,
  window: 1,
  blind: false,
  settings: {},
};

/** Per round: the true reward probability of the chosen arm, of the best one, and of a random one; and the prediction. */
export interface PlayResult {
  chosen: Float64Array;
  best: Float64Array;
  random: Float64Array;
  predicted: Float64Array;
  rewarded: Uint8Array;
  last: Snapshot;
}

const SHAPE = 'benchmark';
const names = (count: number) => Array.from({ length: count }, (_, arm) => `arm-${arm}`);

/** Plays the whole loop: decide, wait for the end of the outcome's window, learn, fold a snapshot, decide with it. */
export function playRounds(problem: SimulatedWorld, way: LearnerSetup, seed: string): PlayResult {
  const { rounds, arms } = problem;
  const size = way.blind ? 1 : problem.features(0).length;
  const ids = names(arms);
  const start = createSnapshot({
    featureSchema: SHAPE,
    size,
    halfLife: way.halfLife,
    floor: way.floor,
    at: 0,
  });
  let snapshot = addArms(
    start,
    ids.map((id) => ({ id, group: null, likelihood: { kind: 'binary' }, prior: createBinaryPrior(size) })),
  );
  let model = serveSnapshot(snapshot);
  const contestants = ids.map(createContestant);
  const settings = { ...DEFAULT_SETTINGS, autonomy: 'ai_rank' as const, ...way.settings };
  const columns = () => new Float64Array(rounds);
  const played = { chosen: columns(), best: columns(), random: columns(), predicted: columns() };
  const rewarded = new Uint8Array(rounds);
  let pending: PendingReward[] = [];
  let outcomes: RewardOutcome[] = [];

  for (let t = 0; t < rounds; t++) {
    const x = way.blind ? [1] : problem.features(t);
    const decisionId = String(t).padStart(6, '0');
    const {
      chosen,
      arms: order,
      parts,
    } = arbitrate({ model, features: x, contestants, settings, seed: `${seed} ${t}` });
    const arm = ids.indexOf(chosen);
    const chances = ids.map((_, a) => problem.chance(t, a));
    played.chosen[t] = chances[arm] as number;
    played.best[t] = Math.max(...chances);
    played.random[t] = chances.reduce((sum, p) => sum + p, 0) / arms;
    played.predicted[t] = parts[order.indexOf(chosen)]?.expected ?? Number.NaN;
    rewarded[t] = problem.rewarded(t, arm) ? 1 : 0;
    pending.push({
      decisionId,
      arm: chosen,
      featureSchema: SHAPE,
      features: x,
      at: t,
      within: way.window,
      reward: 'any',
    });
    const at = way.window === 1 ? t : t + problem.delay(t);
    if (rewarded[t]) outcomes.push({ id: decisionId, decisionId, at, value: 1 });
    if ((t + 1) % way.foldEvery === 0) learn(t + 1);
  }
  return { ...played, rewarded, last: snapshot };

  function learn(now: number): void {
    const { observations: closed, openDecisions: open } = settleRewards(pending, outcomes, now);
    const deltas = closed
      .map((seen) => computeDelta(seen, model))
      .filter((delta): delta is Delta => !isLearningRefusal(delta));
    ({ snapshot } = foldDeltas(snapshot, deltas, now));
    model = serveSnapshot(snapshot);
    const still = new Set(open);
    pending = pending.filter(({ decisionId }) => still.has(decisionId));
    outcomes = outcomes.filter(({ decisionId }) => still.has(decisionId));
  }
}

/** Builds an arm of the same value as all others, so that only the model decides. */
export function createContestant(id: string): Contestant {
  return {
    id,
    baseline: '∅:none',
    value: 1,
    cost: 0,
    context: 1,
    lever: 1,
    fatigue: 0,
    priority: 0,
    order: 0,
  };
}

/** The share of the best arm's advantage over a random arm that was captured in rounds [from, to). */
export function computeLift({ chosen, best, random }: PlayResult, from = 0, to = chosen.length): number {
  const sum = (of: Float64Array) => of.subarray(from, to).reduce((total, p) => total + p, 0);
  return (sum(chosen) - sum(random)) / (sum(best) - sum(random));
}
