import { digest } from '../maths/digest.ts';
import type { Block } from '../maths/philox.ts';
import { evidenceOf, fadingOf, recentWeightAt } from './forgetting.ts';
import { type Arm, binaryPrior, type Likelihood, newArm, type Prior, type Snapshot } from './model.ts';
import { type Posterior, posteriorOf } from './posterior.ts';
import type { Refusal } from './refusal.ts';

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
    const posterior = posteriorOf(arm.prior, arm, fadingOf(arm, snapshot));
    const recent = posteriorOf(arm.prior, arm.recent, 1 / recentWeightAt(snapshot.at, snapshot));
    if (posterior && recent) return { ...posterior, recent, ...named(arm, evidenceOf(arm, snapshot)) };
    refused.push({ code: 'not_positive', what: arm.id });
    const fresh = posteriorOf(arm.prior, newArm(arm.id, null, arm.likelihood, arm.prior), 0);
    if (!fresh) throw new Error(`the prior of arm ${arm.id} has a variance that is not above 0`);
    return { ...fresh, recent: fresh, ...named(arm, 0) };
  }
}

function named({ id, likelihood, prior }: Arm, evidence: number) {
  return { id, tag: digest(new Uint32Array(4), id), likelihood, prior, evidence };
}
