import type { Instant } from '../../domain/time.ts';
import { logistic } from '../maths/elementary.ts';
import { CLIP } from './features.ts';
import { weightAt, withNearLandmark } from './forgetting.ts';
import { type Arm, type Likelihood, type Snapshot, seal } from './model.ts';
import type { Refusal } from './refusal.ts';
import type { Served } from './serve.ts';

/**
 * What one closed reward adds: h·x·xᵀ to the precision and c·x to the shift of its arm. Workers insert these and
 * nothing else; they add up in any order.
 */
export interface Delta {
  decisionId: string;
  arm: string;
  shape: string;
  /** When the decision was made, which is the time that the reward tells of. */
  at: Instant;
  x: number[];
  h: number;
  c: number;
}

/** A decision whose reward is known. */
export interface Observation {
  decisionId: string;
  arm: string;
  shape: string;
  at: Instant;
  x: number[];
  /** 0 or 1, or an amount. */
  reward: number;
}

const LEAST_CURVATURE = 1e-4;

/** The increment of an observation, linearised at the mean that is served. */
export function increment({ reward, ...seen }: Observation, served: Served): Delta | Refusal {
  const arm = served.arms.get(seen.arm);
  if (!arm) return { code: 'unknown_arm', what: seen.decisionId };
  if (seen.shape !== served.shape) return { code: 'other_shape', what: seen.decisionId };
  const wrong = wrongVector(seen.x, served.size);
  if (wrong) return { code: wrong, what: seen.decisionId };
  if (!Number.isFinite(reward)) return { code: 'not_finite', what: seen.decisionId };
  if (arm.likelihood.kind === 'money')
    return { ...seen, h: 1 / arm.likelihood.variance, c: reward / arm.likelihood.variance };
  if (reward < 0 || reward > 1) return { code: 'out_of_range', what: seen.decisionId };
  const score = seen.x.reduce((sum, value, i) => sum + value * (arm.mean[i] as number), 0);
  const p = logistic(score);
  const h = Math.max(p * (1 - p), LEAST_CURVATURE);
  return { ...seen, h, c: reward - p + h * score };
}

/**
 * Adds increments to a snapshot; the next version is served for `now`. Whatever order they come in, they are added in
 * that of their decisions' ids, so that the sums are the same to the last bit.
 */
export function fold(
  snapshot: Snapshot,
  deltas: Delta[],
  now: Instant,
): { snapshot: Snapshot; refused: Refusal[] } {
  const at = Math.max(now, snapshot.at);
  const { hash: _, ...before } = snapshot;
  const next = withNearLandmark({ ...before, version: snapshot.version + 1, at }, at);
  const arms = new Map(next.arms.map((arm) => [arm.id, open(arm)]));
  const seen = new Set<string>();
  const refused: Refusal[] = [];
  for (const delta of [...deltas].sort(byDecision)) {
    const arm = arms.get(delta.arm);
    const code = seen.has(delta.decisionId) ? 'twice' : wrongDelta(delta, arm, next);
    if (code || !arm) refused.push({ code: code ?? 'unknown_arm', what: delta.decisionId });
    else add(arm, delta, weightAt(delta.at, next));
    seen.add(delta.decisionId);
  }
  return { snapshot: seal({ ...next, arms: [...arms.values()] }), refused };
}

function byDecision(a: Delta, b: Delta): number {
  if (a.decisionId !== b.decisionId) return a.decisionId < b.decisionId ? -1 : 1;
  return a.at - b.at;
}

function open(arm: Arm): Arm {
  return { ...arm, precision: [...arm.precision], shift: [...arm.shift] };
}

function wrongDelta(
  delta: Delta,
  arm: Arm | undefined,
  { shape, size, at }: Omit<Snapshot, 'hash'>,
): Refusal['code'] | null {
  if (!arm) return 'unknown_arm';
  if (delta.shape !== shape) return 'other_shape';
  if (![delta.at, delta.h, delta.c].every(Number.isFinite)) return 'not_finite';
  if (delta.at > at) return 'from_future';
  return wrongVector(delta.x, size) ?? (plausible(delta, arm.likelihood) ? null : 'out_of_range');
}

/** Of a probability, h = p(1 − p), and |c| = |y − p + h·score| can't exceed 2 but for scores that no model has. */
function plausible({ h, c }: Delta, likelihood: Likelihood): boolean {
  return h > 0 && (likelihood.kind === 'money' || (h <= 0.25 && c >= -2 && c <= 2));
}

/** What is wrong with a vector of features, if anything. */
export function wrongVector(x: ArrayLike<number>, size: number): Refusal['code'] | null {
  if (x.length !== size) return 'other_size';
  for (let i = 0; i < size; i++) {
    const value = x[i] as number;
    if (!Number.isFinite(value)) return 'not_finite';
    if (value > CLIP || value < -CLIP) return 'out_of_range';
  }
  return null;
}

function add(arm: Arm, { x, h, c, at }: Delta, weight: number): void {
  let position = 0;
  for (let i = 0; i < x.length; i++) {
    const xi = weight * (x[i] as number);
    arm.shift[i] = (arm.shift[i] as number) + c * xi;
    for (let j = i; j < x.length; j++, position++)
      arm.precision[position] = (arm.precision[position] as number) + h * xi * (x[j] as number);
  }
  arm.weight += weight;
  arm.observed += 1;
  arm.lastAt = arm.lastAt === null ? at : Math.max(arm.lastAt, at);
}
