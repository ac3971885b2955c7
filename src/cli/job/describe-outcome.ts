import type { JobState } from '../../../db/maintenance/job-state.ts';
import type { Job } from '../../domain/job.ts';
import { iso } from '../../domain/time/time.ts';
import { formatCount, formatNumber } from './format-count.ts';

const OUTCOMES: Record<Job, (before: JobState, after: JobState) => string> = {
  learn: describeLearning,
  fit: describeFit,
  guard: describeGuardrails,
  expire: describeExpiry,
  count: describeCounts,
};

/** Describes in one line what a job did, from the workspace's state before and after it. */
export function describeOutcome(job: Job, before: JobState, after: JobState): string {
  return OUTCOMES[job](before, after);
}

function describeLearning(before: JobState, after: JobState): string {
  const closed = after.closed - before.closed;
  const model = after.model === 0 ? 'there is no model yet' : `model version ${after.model}`;
  if (closed === 0 && after.model === before.model) return `no reward’s window had ended: ${model}`;
  return `closed ${formatCount(closed, 'reward')}, learned from ${formatNumber(after.counted - before.counted)}: ${model}`;
}

function describeFit(before: JobState, after: JobState): string {
  if (!after.fit) return 'nothing was fitted';
  const { version, at, customers, refusal } = after.fit;
  if (before.fit?.version === version) return `today's fit exists already: version ${version} of ${iso(at)}`;
  const summary = `fitted ${formatCount(customers, 'customer')}: version ${version}`;
  return refusal === null
    ? summary
    : `${summary}, without what needs a model of buying (${refusal.replace(/\.$/, '')})`;
}

function describeGuardrails(before: JobState, after: JobState): string {
  const newlyPaused = after.paused.filter((action) => !before.paused.includes(action));
  if (newlyPaused.length > 0) return `paused ${newlyPaused.join(', ')}`;
  const { length } = after.paused;
  return length === 0
    ? 'no action is paused'
    : `no further action is paused: ${after.paused.join(', ')} were`;
}

function describeExpiry(before: JobState, after: JobState): string {
  return `ended ${formatCount(after.expired - before.expired, 'coupon')}`;
}

function describeCounts(_: JobState, { countedAt, toCount }: JobState): string {
  if (countedAt === null)
    return `${formatCount(toCount, 'change')} waits: the first count is not complete yet`;
  return toCount === 0 ? 'all is counted' : `${formatCount(toCount, 'change')} came meanwhile`;
}
