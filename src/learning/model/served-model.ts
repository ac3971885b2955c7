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

/** An arm as decisions read it. */
export interface ServedArm extends Posterior {
  id: string;
  /** Digest of its id: names its luck (thompson.ts). */
  tag: Block;
  likelihood: Likelihood;
  prior: Prior;
  /** What the evidence is worth, in observations made just now. */
  evidence: number;
  /** What the shorter memory makes of it (drift.ts). */
  recent: Posterior;
}

/** A snapshot made ready: factored once, read by every decision until the next one comes. */
export interface ServedModel {
  version: number;
  hash: string;
  featureSchema: string;
  size: number;
  arms: Map<string, ServedArm>;
  /** For arms that the snapshot doesn't know. */
  unknownArm: ServedArm;
  /** Arms whose sums are broken; they are served from their prior. */
  refusals: LearningRefusal[];
}

/** Factors every arm of a snapshot: about size³ operations each. */
export function serveSnapshot(snapshot: Snapshot): ServedModel {
  const refused: LearningRefusal[] = [];
  const { version, hash, featureSchema: shape, size } = snapshot;
  const arms = new Map(snapshot.arms.map((arm) => [arm.id, served(arm)]));
  const unknown = createArm('', null, { kind: 'binary' }, createBinaryPrior(size));
  return { version, hash, featureSchema: shape, size, arms, unknownArm: served(unknown), refusals: refused };

  function served(arm: Arm): ServedArm {
    const posterior = computePosterior(arm.prior, arm, computeFading(arm, snapshot));
    const recent = computePosterior(arm.prior, arm.recent, 1 / computeRecentWeight(snapshot.at, snapshot));
    if (posterior && recent) return { ...posterior, recent, ...named(arm, computeEvidence(arm, snapshot)) };
    refused.push({ code: 'not_positive', subject: arm.id });
    const fresh = computePosterior(arm.prior, createArm(arm.id, null, arm.likelihood, arm.prior), 0);
    if (!fresh) throw new Error(`the prior of arm ${arm.id} has a variance that is not above 0`);
    return { ...fresh, recent: fresh, ...named(arm, 0) };
  }
}

function named({ id, likelihood, prior }: Arm, evidence: number) {
  return { id, tag: digestText(new Uint32Array(4), id), likelihood, prior, evidence };
}
