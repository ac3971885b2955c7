import { cholesky, inverseFactor, rowStart, solve } from '../maths/linear.ts';
import { evidenceOf, fadingOf } from './forgetting.ts';
import { type Arm, binaryPrior, type Likelihood, newArm, type Snapshot } from './model.ts';
import type { Refusal } from './refusal.ts';

/** An arm's posterior, made ready for many predictions. */
export interface ServedArm {
  id: string;
  likelihood: Likelihood;
  mean: Float64Array;
  /** The lower triangle of a root of the covariance, row by row: the variance of xᵀθ is the squared length of root·x. */
  root: Float64Array;
  /** Marginal variance of each weight. */
  variance: Float64Array;
  /** What the evidence is worth, in observations made just now. */
  evidence: number;
}

/** A snapshot made ready: factored once, read by every decision until the next one comes. */
export interface Served {
  version: number;
  hash: string;
  shape: string;
  size: number;
  arms: Map<string, ServedArm>;
  /** For arms that the snapshot doesn't know. */
  start: ServedArm;
  /** Arms whose sums are broken; they are served from their prior. */
  refused: Refusal[];
}

/** Factors every arm of a snapshot: about size³ operations each. */
export function serve(snapshot: Snapshot): Served {
  const refused: Refusal[] = [];
  const { version, hash, shape, size } = snapshot;
  const arms = new Map(snapshot.arms.map((arm) => [arm.id, served(arm)]));
  const unknown = newArm('', null, { kind: 'binary' }, binaryPrior(size));
  return { version, hash, shape, size, arms, start: served(unknown), refused };

  function served(arm: Arm): ServedArm {
    const posterior = factored(arm, fadingOf(arm, snapshot));
    if (posterior) return { ...posterior, evidence: evidenceOf(arm, snapshot) };
    refused.push({ code: 'not_positive', what: arm.id });
    const { id, group, likelihood, prior } = arm;
    const fresh = factored(newArm(id, group, likelihood, prior), 0);
    if (!fresh) throw new Error(`the prior of arm ${id} has a variance that is not above 0`);
    return { ...fresh, evidence: 0 };
  }
}

function factored(arm: Arm, faded: number): Omit<ServedArm, 'evidence'> | null {
  const size = arm.shift.length;
  const precision = Float64Array.from(arm.precision, (value) => value * faded);
  const target = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const before = 1 / (arm.prior.variance[i] as number);
    precision[rowStart(i, size)] = (precision[rowStart(i, size)] as number) + before;
    target[i] = before * (arm.prior.mean[i] as number) + faded * (arm.shift[i] as number);
  }
  const factor = cholesky(precision, size);
  if (!factor) return null;
  const mean = solve(factor, size, target);
  if (!mean.every(Number.isFinite)) return null;
  const upper = inverseFactor(factor, size);
  return {
    id: arm.id,
    likelihood: arm.likelihood,
    mean,
    root: columns(upper, size),
    variance: rowSquares(upper, size),
  };
}

/** The columns of an upper triangle one after the other: the rows of its transpose. */
function columns(upper: Float64Array, size: number): Float64Array {
  const result = new Float64Array(upper.length);
  let at = 0;
  for (let j = 0; j < size; j++)
    for (let i = 0; i <= j; i++) result[at++] = upper[rowStart(i, size) + j - i] as number;
  return result;
}

function rowSquares(upper: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size);
  let at = 0;
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++, at++) result[i] = (result[i] as number) + (upper[at] as number) ** 2;
  return result;
}
