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
 * What one closed reward adds: h·x·xᵀ to the precision and c·x to the shift of its arm. Workers insert these and
 * nothing else; they add up in any order.
 */
export interface Delta {
  decisionId: string;
  arm: string;
  featureSchema: string;
  /** When the decision was made, which is the time that the reward tells of. */
  at: Instant;
  features: number[];
  h: number;
  c: number;
  /** The same for the shorter memory, and by how much that predicted better (drift.ts); absent: as the longer one, and alike. */
  recent?: { h: number; c: number; gain: number };
}

/** A decision whose reward is known. */
export interface Observation {
  decisionId: string;
  arm: string;
  featureSchema: string;
  at: Instant;
  features: number[];
  /** 0 or 1, or an amount. */
  reward: number;
}

/** The increment of an observation, linearised at the mean that is served. */
export function computeDelta({ reward, ...seen }: Observation, served: ServedModel): Delta | LearningRefusal {
  const arm = served.arms.get(seen.arm);
  if (!arm) return { code: 'unknown_arm', subject: seen.decisionId };
  if (seen.featureSchema !== served.featureSchema) return { code: 'other_shape', subject: seen.decisionId };
  const wrong = findVectorFault(seen.features, served.size);
  if (wrong) return { code: wrong, subject: seen.decisionId };
  if (!Number.isFinite(reward)) return { code: 'not_finite', subject: seen.decisionId };
  const { likelihood } = arm;
  const gain = computeGain(arm, likelihood, seen.features, reward);
  if (likelihood.kind === 'money') {
    const its = { h: 1 / likelihood.variance, c: reward / likelihood.variance };
    return { ...seen, ...its, recent: { ...its, gain } };
  }
  if (reward < 0 || reward > 1) return { code: 'out_of_range', subject: seen.decisionId };
  const recent = { ...linearizeReward(arm.recent.mean, seen.features, reward), gain };
  return { ...seen, ...linearizeReward(arm.mean, seen.features, reward), recent };
}

/**
 * Adds increments to a snapshot; the next version is served for `now`. Whatever order they come in, they are added in
 * that of their decisions' ids, so that the sums are the same to the last bit.
 */
export function foldDeltas(
  snapshot: Snapshot,
  deltas: Delta[],
  now: Instant,
): { snapshot: Snapshot; refused: LearningRefusal[] } {
  const at = Math.max(now, snapshot.at);
  const { hash: _, ...before } = snapshot;
  const next = moveLandmark({ ...before, version: snapshot.version + 1, at }, at);
  const arms = new Map(next.arms.map((arm) => [arm.id, open(arm)]));
  const seen = new Set<string>();
  const refused: LearningRefusal[] = [];
  for (const delta of [...deltas].sort(byDecision)) {
    const arm = arms.get(delta.arm);
    const code = seen.has(delta.decisionId) ? 'twice' : wrongDelta(delta, arm, next);
    if (code || !arm) refused.push({ code: code ?? 'unknown_arm', subject: delta.decisionId });
    else arms.set(arm.id, withDelta(arm, delta, next));
    seen.add(delta.decisionId);
  }
  return { snapshot: sealSnapshot({ ...next, arms: [...arms.values()] }), refused };
}

function byDecision(a: Delta, b: Delta): number {
  if (a.decisionId !== b.decisionId) return a.decisionId < b.decisionId ? -1 : 1;
  return a.at - b.at;
}

function open(arm: Arm): Arm {
  const { recent } = arm;
  return {
    ...arm,
    precision: [...arm.precision],
    shift: [...arm.shift],
    recent: { ...recent, precision: [...recent.precision], shift: [...recent.shift] },
  };
}

function wrongDelta(
  delta: Delta,
  arm: Arm | undefined,
  { featureSchema: shape, size, at }: Omit<Snapshot, 'hash'>,
): LearningRefusal['code'] | null {
  if (!arm) return 'unknown_arm';
  if (delta.featureSchema !== shape) return 'other_shape';
  const { h, c, gain } = recentOf(delta);
  if (![delta.at, delta.h, delta.c, h, c, gain].every(Number.isFinite)) return 'not_finite';
  if (delta.at > at) return 'from_future';
  return findVectorFault(delta.features, size) ?? (possible(delta, arm.likelihood) ? null : 'out_of_range');
}

function possible(delta: Delta, likelihood: Likelihood): boolean {
  const recent = recentOf(delta);
  const gain = Math.abs(recent.gain);
  return plausible(delta, likelihood) && plausible(recent, likelihood) && gain <= MAX_GAIN;
}

function recentOf({ h, c, recent }: Delta): { h: number; c: number; gain: number } {
  return recent ?? { h, c, gain: 0 };
}

/** Of a probability, h = p(1 − p), and |c| = |y − p + h·score| can't exceed 2 but for scores that no model has. */
function plausible({ h, c }: Pick<Delta, 'h' | 'c'>, likelihood: Likelihood): boolean {
  return h > 0 && (likelihood.kind === 'money' || (h <= 0.25 && c >= -2 && c <= 2));
}

/** What is wrong with a vector of features, if anything. */
export function findVectorFault(x: ArrayLike<number>, size: number): LearningRefusal['code'] | null {
  if (x.length !== size) return 'other_size';
  for (let i = 0; i < size; i++) {
    const value = x[i] as number;
    if (!Number.isFinite(value)) return 'not_finite';
    if (value > CLIP || value < -CLIP) return 'out_of_range';
  }
  return null;
}

function withDelta(arm: Arm, delta: Delta, snapshot: Pick<Snapshot, 'landmark' | 'halfLife'>): Arm {
  const { features: x, at } = delta;
  const recent = recentOf(delta);
  const soon = computeRecentWeight(at, snapshot);
  addObservation(arm, x, delta, computeWeight(at, snapshot));
  addObservation(arm.recent, x, recent, soon);
  arm.recent.gain += recent.gain * soon;
  arm.observed += 1;
  arm.lastAt = arm.lastAt === null ? at : Math.max(arm.lastAt, at);
  return restartAfterDrift(arm, snapshot) ?? arm;
}
