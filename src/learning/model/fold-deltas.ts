import type { Instant } from '../../domain/time/time.ts';
import { computeGain, MAX_GAIN, restartAfterDrift } from './drift.ts';
import { CLIP } from './features.ts';
import { computeRecentWeight, computeWeight, moveLandmark } from './forgetting.ts';
import type { LearningRefusal } from './learning-refusal.ts';
import { linearizeReward } from './linearize.ts';
import type { ServedModel } from './served-model.ts';
import { type Arm, type Likelihood, type Snapshot, sealSnapshot } from './snapshot.ts';
import { addObservation } from './sums.ts';

/**
 * What one closed reward adds to its arm: h·x·xᵀ to the precision and c·x to the shift, where x is the feature vector.
 * The job that learns only inserts deltas; they can be added in any order.
 */
export interface Delta {
  decisionId: string;
  arm: string;
  featureSchema: string;
  /** When the decision was made. The reward is evidence about that time. */
  at: Instant;
  features: number[];
  h: number;
  c: number;
  /** The same for the shorter memory, and by how much it predicted better (drift.ts). Absent: equal, with a gain of 0. */
  recent?: { h: number; c: number; gain: number };
}

/** A decision with its final reward. */
export interface Observation {
  decisionId: string;
  arm: string;
  featureSchema: string;
  at: Instant;
  features: number[];
  /** 0 or 1, or an amount. */
  reward: number;
}

/**
 * Computes the delta of an observation. A binary reward is linearised at the served mean, as in one step of iteratively
 * reweighted least squares; an amount is already linear.
 */
export function computeDelta(
  { reward, ...context }: Observation,
  served: ServedModel,
): Delta | LearningRefusal {
  const arm = served.arms.get(context.arm);
  if (!arm) return { code: 'unknown_arm', subject: context.decisionId };
  if (context.featureSchema !== served.featureSchema)
    return { code: 'other_shape', subject: context.decisionId };
  const fault = findVectorFault(context.features, served.size);
  if (fault) return { code: fault, subject: context.decisionId };
  if (!Number.isFinite(reward)) return { code: 'not_finite', subject: context.decisionId };
  const { likelihood } = arm;
  const gain = computeGain(arm, likelihood, context.features, reward);
  if (likelihood.kind === 'money') {
    const terms = { h: 1 / likelihood.variance, c: reward / likelihood.variance };
    return { ...context, ...terms, recent: { ...terms, gain } };
  }
  if (reward < 0 || reward > 1) return { code: 'out_of_range', subject: context.decisionId };
  const recent = { ...linearizeReward(arm.recent.mean, context.features, reward), gain };
  return { ...context, ...linearizeReward(arm.mean, context.features, reward), recent };
}

/**
 * Adds deltas to a snapshot and returns the next version, which is valid for `now`. Deltas are added in the order of
 * their decision ids, so that the sums are bit-identical for any order of arrival. Invalid deltas are refused.
 */
export function foldDeltas(
  snapshot: Snapshot,
  deltas: Delta[],
  now: Instant,
): { snapshot: Snapshot; refusals: LearningRefusal[] } {
  const at = Math.max(now, snapshot.at);
  const { hash: _, ...before } = snapshot;
  const next = moveLandmark({ ...before, version: snapshot.version + 1, at }, at);
  const arms = new Map(next.arms.map((arm) => [arm.id, copyArm(arm)]));
  const seenIds = new Set<string>();
  const refusals: LearningRefusal[] = [];
  for (const delta of [...deltas].sort(byDecision)) {
    const arm = arms.get(delta.arm);
    const code = seenIds.has(delta.decisionId) ? 'twice' : findDeltaFault(delta, arm, next);
    if (code || !arm) refusals.push({ code: code ?? 'unknown_arm', subject: delta.decisionId });
    else arms.set(arm.id, addDelta(arm, delta, next));
    seenIds.add(delta.decisionId);
  }
  return { snapshot: sealSnapshot({ ...next, arms: [...arms.values()] }), refusals };
}

function byDecision(a: Delta, b: Delta): number {
  if (a.decisionId !== b.decisionId) return a.decisionId < b.decisionId ? -1 : 1;
  return a.at - b.at;
}

function copyArm(arm: Arm): Arm {
  const { recent } = arm;
  return {
    ...arm,
    precision: [...arm.precision],
    shift: [...arm.shift],
    recent: { ...recent, precision: [...recent.precision], shift: [...recent.shift] },
  };
}

function findDeltaFault(
  delta: Delta,
  arm: Arm | undefined,
  { featureSchema, size, at }: Omit<Snapshot, 'hash'>,
): LearningRefusal['code'] | null {
  if (!arm) return 'unknown_arm';
  if (delta.featureSchema !== featureSchema) return 'other_shape';
  const { h, c, gain } = recentOf(delta);
  if (![delta.at, delta.h, delta.c, h, c, gain].every(Number.isFinite)) return 'not_finite';
  if (delta.at > at) return 'from_future';
  return findVectorFault(delta.features, size) ?? (isPossible(delta, arm.likelihood) ? null : 'out_of_range');
}

function isPossible(delta: Delta, likelihood: Likelihood): boolean {
  const recent = recentOf(delta);
  const gain = Math.abs(recent.gain);
  return isPlausible(delta, likelihood) && isPlausible(recent, likelihood) && gain <= MAX_GAIN;
}

function recentOf({ h, c, recent }: Delta): { h: number; c: number; gain: number } {
  return recent ?? { h, c, gain: 0 };
}

/** For a probability, h = p(1 − p) ≤ ¼, and |c| = |y − p + h·score| ≤ 2 for all scores that a model can have. */
function isPlausible({ h, c }: Pick<Delta, 'h' | 'c'>, likelihood: Likelihood): boolean {
  return h > 0 && (likelihood.kind === 'money' || (h <= 0.25 && c >= -2 && c <= 2));
}

/** Checks a feature vector: returns the code of its fault, or null. */
export function findVectorFault(x: ArrayLike<number>, size: number): LearningRefusal['code'] | null {
  if (x.length !== size) return 'other_size';
  for (let i = 0; i < size; i++) {
    const value = x[i] as number;
    if (!Number.isFinite(value)) return 'not_finite';
    if (value > CLIP || value < -CLIP) return 'out_of_range';
  }
  return null;
}

function addDelta(arm: Arm, delta: Delta, snapshot: Pick<Snapshot, 'landmark' | 'halfLife'>): Arm {
  const { features: x, at } = delta;
  const recent = recentOf(delta);
  const recentWeight = computeRecentWeight(at, snapshot);
  addObservation(arm, x, delta, computeWeight(at, snapshot));
  addObservation(arm.recent, x, recent, recentWeight);
  arm.recent.gain += recent.gain * recentWeight;
  arm.observed += 1;
  arm.lastAt = arm.lastAt === null ? at : Math.max(arm.lastAt, at);
  return restartAfterDrift(arm, snapshot) ?? arm;
}
