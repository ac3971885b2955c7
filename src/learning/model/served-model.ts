import { digestText } from '../../maths/digest.ts';
import type { Block } from '../../maths/philox.ts';
import { computeEvidence, computeFading, computeRecentWeight } from './forgetting.ts';
import type { LearningRefusal } from './learning-refusal.ts';
import { computePosterior, type Posterior } from './posterior.ts';
import {
  type Arm,
  createArm,
  createBinaryPrior,
  type Likelihood,
  type Prior,
  type Snapshot,
} from './snapshot.ts';

/** An arm in the form that decisions read. */
export interface ServedArm extends Posterior {
  id: string;
  /** Digest of the id; selects the arm's random numbers (policy/thompson.ts). */
  tag: Block;
  likelihood: Likelihood;
  prior: Prior;
  /** Effective number of observations at the snapshot's time. */
  evidence: number;
  /** The posterior of the shorter memory (drift.ts). */
  recent: Posterior;
}

/** A snapshot that is prepared for decisions: factored once, and read by every decision until the next version. */
export interface ServedModel {
  version: number;
  hash: string;
  featureSchema: string;
  size: number;
  arms: Map<string, ServedArm>;
  /** Stands in for arms that the snapshot doesn't contain. */
  unknownArm: ServedArm;
  /** Arms with invalid sums; they are served from their prior. */
  refusals: LearningRefusal[];
}

/** Prepares a snapshot by factoring every arm: about size³ operations each. */
export function serveSnapshot(snapshot: Snapshot): ServedModel {
  const refused: LearningRefusal[] = [];
  const { version, hash, featureSchema, size } = snapshot;
  const arms = new Map(snapshot.arms.map((arm) => [arm.id, serveArm(arm)]));
  const unknown = createArm('', null, { kind: 'binary' }, createBinaryPrior(size));
  return {
    version,
    hash,
    featureSchema,
    size,
    arms,
    unknownArm: serveArm(unknown),
    refusals: refused,
  };

  function serveArm(arm: Arm): ServedArm {
    const posterior = computePosterior(arm.prior, arm, computeFading(arm, snapshot));
    const recent = computePosterior(arm.prior, arm.recent, 1 / computeRecentWeight(snapshot.at, snapshot));
    if (posterior && recent)
      return { ...posterior, recent, ...identify(arm, computeEvidence(arm, snapshot)) };
    refused.push({ code: 'not_positive', subject: arm.id });
    const fresh = computePosterior(arm.prior, createArm(arm.id, null, arm.likelihood, arm.prior), 0);
    if (!fresh) throw new Error(`the prior of arm ${arm.id} has a variance that is not above 0`);
    return { ...fresh, recent: fresh, ...identify(arm, 0) };
  }
}

function identify({ id, likelihood, prior }: Arm, evidence: number) {
  return { id, tag: digestText(new Uint32Array(4), id), likelihood, prior, evidence };
}
