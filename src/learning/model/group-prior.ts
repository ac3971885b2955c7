import { serveSnapshot } from './served-model.ts';
import {
  createArm,
  type Likelihood,
  PRIOR_VARIANCE,
  type Prior,
  type Snapshot,
  sealSnapshot,
} from './snapshot.ts';

export interface ArmStart {
  id: string;
  group: string | null;
  likelihood: Likelihood;
  /** The prior to use when no member of the group has observations. */
  prior: Prior;
}

/**
 * Adds arms to a snapshot; arms that it already has stay as they are. The prior of a new arm comes from its group: the
 * mean of the members' weights, and twice the variance that a random member has around that mean (uncertainty of each
 * member, plus the difference between members), limited to between a twentieth of the prior's variance and all of it.
 */
export function addArms(snapshot: Snapshot, starts: ArmStart[]): Snapshot {
  const existing = new Set(snapshot.arms.map((arm) => arm.id));
  const missing = starts.filter((start) => !existing.has(start.id));
  if (missing.length === 0) return snapshot;
  const { hash: _, ...content } = snapshot;
  const arms = missing.map((start) =>
    createArm(start.id, start.group, start.likelihood, groupPrior(snapshot, start) ?? start.prior),
  );
  return sealSnapshot({ ...content, version: snapshot.version + 1, arms: [...content.arms, ...arms] });
}

function groupPrior(snapshot: Snapshot, start: ArmStart): Prior | null {
  if (start.group === null) return null;
  const arms = snapshot.arms.filter(
    (arm) => arm.group === start.group && arm.observed > 0 && arm.likelihood.kind === start.likelihood.kind,
  );
  if (arms.length === 0) return null;
  const members = [...serveSnapshot({ ...snapshot, arms }).arms.values()];
  const mean = (of: (member: (typeof members)[number]) => number) =>
    members.reduce((sum, member) => sum + of(member), 0) / members.length;
  const centre = start.prior.mean.map((_, i) => mean((member) => member.mean[i] as number));
  const variance = start.prior.variance.map((before, i) => {
    const within = mean((member) => member.variance[i] as number);
    const between = mean((member) => ((member.mean[i] as number) - (centre[i] as number)) ** 2);
    const most = start.likelihood.kind === 'binary' ? PRIOR_VARIANCE : before;
    return Math.min(most, Math.max(most / 20, 2 * (within + between)));
  });
  return { mean: centre, variance };
}
