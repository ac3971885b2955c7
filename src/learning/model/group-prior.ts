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
  /** What holds when the group has nobody to learn from. */
  prior: Prior;
}

/**
 * A snapshot that knows these arms too; those that it has are left as they are. A new arm begins where its group
 * stands: with the mean of the members' weights, and twice the variance that a member drawn at random has around it
 * (how unsure each is, and how they differ), but no surer or less sure than makes sense.
 */
export function addArms(snapshot: Snapshot, starts: ArmStart[]): Snapshot {
  const known = new Set(snapshot.arms.map((arm) => arm.id));
  const fresh = starts.filter((start) => !known.has(start.id));
  if (fresh.length === 0) return snapshot;
  const { hash: _, ...content } = snapshot;
  const arms = fresh.map((start) =>
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
