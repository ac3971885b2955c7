import type { Instant, Millis } from '../../domain/time/time.ts';
import { fingerprintContent } from '../../maths/digest.ts';
import { log } from '../../maths/elementary.ts';
import { triangleSize } from '../../maths/linear.ts';
import type { LearningRefusal } from './learning-refusal.ts';
import type { Sums } from './sums.ts';

export { DO_NOTHING } from '../../domain/candidate.ts';

/** What an arm predicts: whether a reward comes (`binary`), or its amount (`money`, in minor units, with its variance). */
export type Likelihood = { kind: 'binary' } | { kind: 'money'; variance: number };

/** The distribution of an arm's weights before any observation: independent normals, one per feature. */
export interface Prior {
  mean: number[];
  variance: number[];
}

/**
 * What one arm has learned: a Bayesian linear regression in natural parameters. The precision of the posterior is
 * `1/prior.variance + faded × precision`; its precision × mean is `prior.mean/prior.variance + faded × shift`.
 */
export interface Arm extends Sums {
  id: string;
  /** A new arm of a group takes its prior from the others of that group (group-prior.ts). */
  group: string | null;
  likelihood: Likelihood;
  prior: Prior;
  /** Number of rewards that were ever folded. */
  observed: number;
  lastAt: Instant | null;
  /** The same sums with a shorter half-life. */
  recent: RecentSums;
}

/** A shorter memory, which detects drift (drift.ts). Its weights grow faster. */
interface RecentSums extends Sums {
  /** Σ w·gain: by how much it predicted better than the longer memory, in nats. */
  gain: number;
}

/** An immutable version of a model. Decisions read it without a lock; the hash proves that it is what was folded. */
export interface Snapshot {
  version: number;
  /** Fingerprint of the features (features.ts). Observations with another one can't be added. */
  featureSchema: string;
  /** Number of columns of the feature vector. */
  size: number;
  halfLife: Millis;
  /** An arm stops forgetting at this many effective observations. */
  floor: number;
  /** The instant at which an observation has the weight 1 (forgetting.ts). */
  landmark: Instant;
  /** The instant that the snapshot is valid for. */
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

/** The expected share of rewards before anything was learned. */
export const BASE_RATE = 0.05;
export const PRIOR_VARIANCE = 0.5;

/** Creates a snapshot without arms. */
export function createSnapshot({ at, ...start }: SnapshotStart): Snapshot {
  return sealSnapshot({ version: 0, ...start, landmark: at, at, arms: [] });
}

/** Sorts the arms and computes the hash. */
export function sealSnapshot(content: Omit<Snapshot, 'hash'>): Snapshot {
  const arms = [...content.arms].sort((a, b) => (a.id < b.id ? -1 : 1));
  const sorted = { ...content, arms };
  return { ...sorted, hash: hashContent(sorted) };
}

/** Checks that a stored snapshot is what was folded, and that it has the given feature schema. Null: it is valid. */
export function checkSnapshot(snapshot: Snapshot, featureSchema: string): LearningRefusal | null {
  if (snapshot.featureSchema !== featureSchema)
    return { code: 'other_shape', subject: `snapshot ${snapshot.version}` };
  const { hash, ...content } = snapshot;
  const size = triangleSize(snapshot.size);
  const complete = snapshot.arms.every(
    (arm) =>
      arm.shift.length === snapshot.size &&
      arm.precision.length === size &&
      arm.recent?.shift.length === snapshot.size &&
      arm.recent.precision.length === size &&
      arm.prior.mean.length === snapshot.size &&
      arm.prior.variance.length === snapshot.size,
  );
  if (!complete) return { code: 'other_size', subject: `snapshot ${snapshot.version}` };
  return hashContent(content) === hash
    ? null
    : { code: 'other_hash', subject: `snapshot ${snapshot.version}` };
}

/**
 * Prior variance of each of `size` weights. Above ten weights, their total variance stays that of ten. Otherwise the
 * predicted probability of a new arm, averaged over its uncertainty, would grow with the number of features alone.
 */
function priorVariance(size: number): number {
  return PRIOR_VARIANCE * Math.min(1, 10 / size);
}

/** Independent normals: the constant's weight around the log odds of the base rate, all other weights around 0. */
export function createBinaryPrior(size: number, baseRate = BASE_RATE, variance = priorVariance(size)): Prior {
  return createFlatPrior(size, log(baseRate / (1 - baseRate)), variance);
}

/** Independent normals around a mean amount. `variance` is in the unit of the amount, squared. */
export function createFlatPrior(size: number, mean: number, variance: number): Prior {
  return {
    mean: Array.from({ length: size }, (_, i) => (i === 0 ? mean : 0)),
    variance: new Array<number>(size).fill(variance),
  };
}

/** Creates an arm without observations. */
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

/** Every JavaScript engine writes numbers in the same way, so their text can be hashed. The order of keys is fixed here. */
function hashContent(content: Omit<Snapshot, 'hash'>): string {
  const { version, featureSchema, size, halfLife, floor, landmark, at, arms } = content;
  return fingerprintContent([
    version,
    featureSchema,
    size,
    halfLife,
    floor,
    landmark,
    at,
    arms.map(listContent),
  ]);
}

function listContent(arm: Arm) {
  const { id, group, likelihood, prior, precision, shift, weight, observed, lastAt, recent } = arm;
  const noise = likelihood.kind === 'money' ? likelihood.variance : null;
  const shorter = [recent.precision, recent.shift, recent.weight, recent.gain];
  return [id, group, noise, prior.mean, prior.variance, precision, shift, weight, observed, lastAt, shorter];
}
