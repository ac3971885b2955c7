import type { Instant, Millis } from '../../domain/time/time.ts';
import { fingerprintContent } from '../../maths/digest.ts';
import { log } from '../../maths/elementary.ts';
import { triangleSize } from '../../maths/linear.ts';
import type { LearningRefusal } from './learning-refusal.ts';
import type { Sums } from './sums.ts';

/** The arm of doing nothing. It learns its own base rate, and no action can have its name. */
export const DO_NOTHING = '∅';

/** Whether a reward came (`binary`), or how much (`money`, in the workspace's minor unit, with its variance). */
export type Likelihood = { kind: 'binary' } | { kind: 'money'; variance: number };

/** What is believed of an arm's weights before anything was seen: independent normals, one per feature. */
export interface Prior {
  mean: number[];
  variance: number[];
}

/**
 * What one arm has learned: a Bayesian regression in natural parameters. The posterior's precision is
 * `1/prior.variance + faded × precision`, and its precision times its mean `prior.mean/prior.variance + faded × shift`.
 */
export interface Arm extends Sums {
  id: string;
  /** Arms of one group lend each other their beginning. */
  group: string | null;
  likelihood: Likelihood;
  prior: Prior;
  /** How many rewards were ever folded. */
  observed: number;
  lastAt: Instant | null;
  /** The same sums, sooner forgotten. */
  recent: RecentSums;
}

/** A shorter memory, which tells when what was true is over (drift.ts). Its weights grow faster. */
interface RecentSums extends Sums {
  /** Σ w·gain: by how much it predicted better than the longer memory, in nats. */
  gain: number;
}

/** A model that never changes again: deciders read it without a lock, and a hash tells whether it is what was folded. */
export interface Snapshot {
  version: number;
  /** Fingerprint of the features; another shape can't be mixed in. */
  featureSchema: string;
  /** How many features. */
  size: number;
  halfLife: Millis;
  /** Effective observations below which an arm forgets nothing more. */
  floor: number;
  landmark: Instant;
  /** The instant that it is served for. */
  at: Instant;
  /** Sorted by id. */
  arms: Arm[];
  hash: string;
}

export interface SnapshotStart {
  featureSchema: string;
  size: number;
  halfLife: Millis;
  floor: number;
  at: Instant;
}

/** Where nothing was learned yet: this share is rewarded, give or take. */
export const BASE_RATE = 0.05;
export const PRIOR_VARIANCE = 0.5;

/** A snapshot without arms. */
export function createSnapshot({ at, ...start }: SnapshotStart): Snapshot {
  return sealSnapshot({ version: 0, ...start, landmark: at, at, arms: [] });
}

/** Sorts the arms and writes the hash. */
export function sealSnapshot(content: Omit<Snapshot, 'hash'>): Snapshot {
  const arms = [...content.arms].sort((a, b) => (a.id < b.id ? -1 : 1));
  const sorted = { ...content, arms };
  return { ...sorted, hash: hashOf(sorted) };
}

/** Whether a snapshot that was stored somewhere is what was folded, and of the shape that is asked for. */
export function checkSnapshot(snapshot: Snapshot, shape: string): LearningRefusal | null {
  if (snapshot.featureSchema !== shape)
    return { code: 'other_shape', subject: `snapshot ${snapshot.version}` };
  const { hash, ...content } = snapshot;
  const size = triangleSize(snapshot.size);
  const whole = snapshot.arms.every(
    (arm) =>
      arm.shift.length === snapshot.size &&
      arm.precision.length === size &&
      arm.recent?.shift.length === snapshot.size &&
      arm.recent.precision.length === size &&
      arm.prior.mean.length === snapshot.size &&
      arm.prior.variance.length === snapshot.size,
  );
  if (!whole) return { code: 'other_size', subject: `snapshot ${snapshot.version}` };
  return hashOf(content) === hash ? null : { code: 'other_hash', subject: `snapshot ${snapshot.version}` };
}

/**
 * Variance of each weight of so many: of more than ten, as much in all as ten have. Else the chance of a new arm, with
 * what isn't known averaged out, would grow with the number of features alone.
 */
function priorVariance(size: number): number {
  return PRIOR_VARIANCE * Math.min(1, 10 / size);
}

/** Independent normals around a base rate: all other weights around 0. */
export function createBinaryPrior(size: number, baseRate = BASE_RATE, variance = priorVariance(size)): Prior {
  return createFlatPrior(size, log(baseRate / (1 - baseRate)), variance);
}

/** Independent normals around a mean amount. `variance` in the amount's unit, squared. */
export function createFlatPrior(size: number, mean: number, variance: number): Prior {
  return {
    mean: Array.from({ length: size }, (_, i) => (i === 0 ? mean : 0)),
    variance: new Array<number>(size).fill(variance),
  };
}

/** An arm that has seen nothing. */
export function createArm(id: string, group: string | null, likelihood: Likelihood, prior: Prior): Arm {
  const size = prior.mean.length;
  return {
    id,
    group,
    likelihood,
    prior,
    precision: new Array<number>(triangleSize(size)).fill(0),
    shift: new Array<number>(size).fill(0),
    weight: 0,
    observed: 0,
    lastAt: null,
    recent: {
      precision: new Array<number>(triangleSize(size)).fill(0),
      shift: new Array<number>(size).fill(0),
      weight: 0,
      gain: 0,
    },
  };
}

/** Numbers are written the same by every engine, so their text may be hashed; the order of keys is given here. */
function hashOf(content: Omit<Snapshot, 'hash'>): string {
  const { version, featureSchema: shape, size, halfLife, floor, landmark, at, arms } = content;
  return fingerprintContent([version, shape, size, halfLife, floor, landmark, at, arms.map(contentOf)]);
}

function contentOf(arm: Arm) {
  const { id, group, likelihood, prior, precision, shift, weight, observed, lastAt, recent } = arm;
  const noise = likelihood.kind === 'money' ? likelihood.variance : null;
  const shorter = [recent.precision, recent.shift, recent.weight, recent.gain];
  return [id, group, noise, prior.mean, prior.variance, precision, shift, weight, observed, lastAt, shorter];
}
