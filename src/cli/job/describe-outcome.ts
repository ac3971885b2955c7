import type { JobState } from '../../../db/maintenance/job-state.ts';
import type { Job } from '../../domain/job.ts';

const OUTCOMES: Record<Job, (before: JobState, after: JobState) => string> = {
  learn: learned,
  fit: fitted,
  guard: guarded,
  expire: expired,
};

/** What a job did, in a line, from what stood there before and after. */
export function describeOutcome(job: Job, before: JobState, after: JobState): string {
  return OUTCOMES[job](before, after);
}

function learned(before: JobState, after: JobState): string {
  const closed = after.closed - before.closed;
  const model = after.model === 0 ? 'there is no model yet' : `model version ${after.model}`;
  if (closed === 0 && after.model === before.model) return `no reward’s time was over: ${model}`;
  return `closed ${counted(closed, 'reward')}, learned from ${number(after.counted - before.counted)}: ${model}`;
}

function fitted(before: JobState, after: JobState): string {
  if (!after.fit) return 'nothing was fitted';
  const { version, at, customers, refusal } = after.fit;
  if (before.fit?.version === version)
    return `fitted today already, once a day is enough: version ${version} of ${new Date(at).toISOString()}`;
  const done = `fitted ${counted(customers, 'customer')}: version ${version}`;
  return refusal === null
    ? done
    : `${done}, without what needs a model of buying (${refusal.replace(/\.$/, '')})`;
}

function guarded(before: JobState, after: JobState): string {
  const fresh = after.paused.filter((action) => !before.paused.includes(action));
  if (fresh.length > 0) return `paused ${fresh.join(', ')}`;
  const { length } = after.paused;
  return length === 0
    ? 'no action is paused'
    : `no further action is paused: ${after.paused.join(', ')} were`;
}

function expired(before: JobState, after: JobState): string {
  return `ended ${counted(after.expired - before.expired, 'coupon')}`;
}

function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** 2357 → 2,357 */
function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
